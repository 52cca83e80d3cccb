/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Strings kept once: equal strings have the same address, so that comparing addresses compares
 * strings. Recordings come from anybody, hence a hash that cannot be aimed at.
 */
#ifndef LEASTCALL_POOL_H
#define LEASTCALL_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool;

struct pool *pool_new(void);
void pool_free(struct pool *pool);

/* The pool's own copy of text, which lives as long as the pool; NULL for NULL. */
const char *pool_text(struct pool *pool, const char *text);
/* The same where the pool has it already, else NULL. */
const char *pool_find(const struct pool *pool, const char *text);

/* SipHash-1-3 under the pool's own random key. */
uint64_t pool_hash(const struct pool *pool, const void *bytes, size_t size);

#endif
