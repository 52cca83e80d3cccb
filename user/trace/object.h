/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel side's objects, each in the form that this kernel takes: bpf/kernel.bpf.h. */
#ifndef LEASTCALL_OBJECT_H
#define LEASTCALL_OBJECT_H

#include <stdbool.h>

struct leastcall_bpf;
struct probe_bpf;

/* Opened, not loaded; `old`: as kernels before 5.17 take it. NULL, and errno, where that fails. Whichever
 * form it is, what is reached through the skeleton is the same. */
struct leastcall_bpf *object_open(bool old);
struct probe_bpf *object_open_probe(bool old);

#endif
