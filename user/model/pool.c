/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A string pool: blocks of characters and an open-addressing table of pointers into them. Knows
 * nothing of facts.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "pool.h"
#include "util/util.h"

#define BLOCK_SIZE    (64u << 10)
#define BUCKETS_FIRST 256u

struct block {
	struct block *next;
	char text[];
};

struct bucket {
	const char *text; /* NULL: free */
	uint64_t hash;
};

struct pool {
	uint64_t key[2];
	struct block *blocks;
	char *room; /* in the newest shared block */
	size_t room_size;
	struct bucket *buckets;
	size_t bucket_count; /* a power of two */
	size_t used;
};

static inline uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", with 1 and 3 rounds. */
uint64_t pool_hash(const struct pool *pool, const void *bytes, size_t size)
{
	uint64_t v[4] = {pool->key[0] ^ 0x736f6d6570736575, pool->key[1] ^ 0x646f72616e646f6d,
			 pool->key[0] ^ 0x6c7967656e657261, pool->key[1] ^ 0x7465646279746573};
	uint64_t last = (uint64_t)size << 56, word;
	const unsigned char *at = bytes;
	size_t i;

	for (; size >= 8; size -= 8, at += 8) {
		memcpy(&word, at, 8);
		word = le64toh(word);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (i = 0; i < size; i++)
		last |= (uint64_t)at[i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct pool *pool_new(void)
{
	struct pool *pool = xcalloc(1, sizeof(*pool));

	/* Never fails for so few bytes once the system is up; before that any key will do. */
	if (getrandom(pool->key, sizeof(pool->key), GRND_NONBLOCK) < 0)
		pool->key[0] = (uintptr_t)pool;
	pool->bucket_count = BUCKETS_FIRST;
	pool->buckets = xcalloc(pool->bucket_count, sizeof(*pool->buckets));
	return pool;
}

void pool_free(struct pool *pool)
{
	struct block *next;

	if (!pool)
		return;
	for (; pool->blocks; pool->blocks = next) {
		next = pool->blocks->next;
		free(pool->blocks);
	}
	free(pool->buckets);
	free(pool);
}

static char *block_add(struct pool *pool, size_t size)
{
	struct block *block = xcalloc(1, sizeof(*block) + size);

	block->next = pool->blocks;
	pool->blocks = block;
	return block->text;
}

static const char *text_store(struct pool *pool, const char *text, size_t size)
{
	char *place;

	/* A long one gets a block of its own, so that the rest of the shared one is not lost. */
	if (size > BLOCK_SIZE / 8)
		return memcpy(block_add(pool, size), text, size);
	if (size > pool->room_size) {
		pool->room = block_add(pool, BLOCK_SIZE);
		pool->room_size = BLOCK_SIZE;
	}
	place = pool->room;
	pool->room += size;
	pool->room_size -= size;
	return memcpy(place, text, size);
}

/* The bucket that holds the text, or the free one where it belongs. */
static struct bucket *bucket_find(const struct pool *pool, uint64_t hash, const char *text)
{
	size_t i = hash & (pool->bucket_count - 1);

	while (pool->buckets[i].text) {
		if (pool->buckets[i].hash == hash && !strcmp(pool->buckets[i].text, text))
			break;
		i = (i + 1) & (pool->bucket_count - 1);
	}
	return &pool->buckets[i];
}

static void buckets_double(struct pool *pool)
{
	struct bucket *old = pool->buckets;
	size_t count = pool->bucket_count, i;

	pool->bucket_count *= 2;
	pool->buckets = xcalloc(pool->bucket_count, sizeof(*pool->buckets));
	for (i = 0; i < count; i++)
		if (old[i].text)
			*bucket_find(pool, old[i].hash, old[i].text) = old[i];
	free(old);
}

const char *pool_text(struct pool *pool, const char *text)
{
	struct bucket *bucket;
	uint64_t hash;
	size_t size;

	if (!text)
		return NULL;
	size = strlen(text);
	hash = pool_hash(pool, text, size);
	bucket = bucket_find(pool, hash, text);
	if (bucket->text)
		return bucket->text;
	bucket->hash = hash;
	bucket->text = text = text_store(pool, text, size + 1);
	if (++pool->used > pool->bucket_count / 2)
		buckets_double(pool);
	return text;
}

const char *pool_find(const struct pool *pool, const char *text)
{
	return bucket_find(pool, pool_hash(pool, text, strlen(text)), text)->text;
}
