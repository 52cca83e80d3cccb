/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's clocks as numbers that can be subtracted. Knows no dates. */
#ifndef LEASTCALL_CLOCK_H
#define LEASTCALL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since whenever the clock began: clock_gettime(2). */
uint64_t clock_ns(clockid_t clock);
/* The same of CLOCK_MONOTONIC, as bpf_ktime_get_ns() has it: for stretches of time. */
uint64_t monotonic_ns(void);

#endif
