/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads clocks. Knows no format of a time. */
#include "clock.h"

uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}
