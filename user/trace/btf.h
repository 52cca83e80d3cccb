/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's description of its own types from a file, where the kernel's own cannot be read. */
#ifndef LEASTCALL_BTF_H
#define LEASTCALL_BTF_H

#include "util/util.h"

/* What is done while the file stands in for /sys/kernel/btf/vmlinux: on success 0 or more. */
typedef int btf_user_t(void *ctx, struct err *err);

/*
 * Calls `user` in a thread that sees `file` at /sys/kernel/btf/vmlinux, and nobody else does; with
 * NULL it is called as it is. Returns what it returns, or a negative errno with the words in err.
 *
 * It helps where that file is hidden or sysfs is not all there. It does not help where the kernel
 * was built without BTF: the kernel checks each program that follows its pointers against its own.
 */
int btf_lend(const char *file, btf_user_t *user, void *ctx, struct err *err);

#endif
