/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers that look random and are the same in every run: xorshift64* (Vigna 2016). Knows nothing of
 * what they are for.
 */
#ifndef LEASTCALL_RANDOM_H
#define LEASTCALL_RANDOM_H

#include <stdint.h>

static uint64_t random_state = 88172645463325252u;

/* Starts the row that belongs to this number. */
static inline void random_seed(uint64_t number)
{
	random_state = (number + 1) * 0x9e3779b97f4a7c15u;
}

static inline uint64_t random_bits(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 2685821657736338717u;
}

/* 0 to below - 1. */
static inline unsigned int random_below(unsigned int below)
{
	return (unsigned int)(random_bits() >> 33) % below;
}

#endif
