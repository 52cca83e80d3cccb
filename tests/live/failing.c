/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -shared -fPIC */
/*
 * To be preloaded: there is no memory any more after FAILING_AFTER allocations.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long left = -1;

static int fails(void)
{
	const char *text;

	if (left < 0) {
		text = getenv("FAILING_AFTER");
		left = text ? atol(text) : 0x7fffffff;
	}
	if (left > 0) {
		left--;
		return 0;
	}
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
