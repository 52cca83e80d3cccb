/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What makes two lines the same fact, what they then agree on, and in which order facts stand.
 * Only the model needs this.
 */
#ifndef LEASTCALL_FACT_MERGE_H
#define LEASTCALL_FACT_MERGE_H

#include "fact.h"
#include "pool.h"

#define FACT_KEY_WORDS 14 /* as many as FACT_ARGUMENTS has */

/* A fact's identity, from interned strings: equal keys, equal bytes. */
struct fact_key {
	uint64_t words[FACT_KEY_WORDS];
};

/* Replaces the fact's strings by the pool's. */
void fact_intern(struct fact *fact, struct pool *pool);
/* Gives the fact its own copy of what is not a string; fact_drop() frees it. */
void fact_own(struct fact *fact);
void fact_drop(struct fact *fact);
/* Of an interned fact. */
void fact_key(const struct fact *fact, struct fact_key *ret);
/* Merges into *into, which owns what it has, a fact of the same key; that one stays its owner's,
 * and what *into needs of it is copied or is the pool's. */
void fact_merge(struct fact *into, const struct fact *fact);
/* A total order over facts, by their strings, not by addresses: negative, 0 or positive. Both
 * facts stay their owner's, and need not be interned. */
int fact_compare(const struct fact *a, const struct fact *b);

#endif
