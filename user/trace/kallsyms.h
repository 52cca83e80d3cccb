/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where the kernel's functions are. Knows nothing of what they are asked for. */
#ifndef LEASTCALL_KALLSYMS_H
#define LEASTCALL_KALLSYMS_H

#include <stddef.h>

#include "event.h"

/* Where kernel functions begin, and where the next symbol does: /proc/kallsyms, in the order of
 * `functions`; one that the kernel does not have is 0 to 0. -EPERM where the kernel hides its
 * addresses (kptr_restrict). */
int kallsyms_find(const char *const *functions, size_t count, struct kernel_range *ret_ranges);

#endif
