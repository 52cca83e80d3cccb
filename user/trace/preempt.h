/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef LEASTCALL_PREEMPT_H
#define LEASTCALL_PREEMPT_H

#include <stdbool.h>

#include "util/util.h"

/*
 * Finds out by trying whether BTF raw tracepoints on system calls can be preempted (bpf/probe.bpf.c
 * says what that would lose). Takes up to 40 ms. Returns 0 with *ret_preemptible set; -EOPNOTSUPP
 * where the kernel has no such tracepoints; another negative errno, with words in err, where BPF
 * was refused.
 */
int preempt_probe(bool *ret_preemptible, struct err *err);

#endif
