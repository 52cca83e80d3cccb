/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -shared -fPIC */
/*
 * To be preloaded: there is no memory any more after FAILING_AFTER allocations. What is there comes
 * from whoever is next, which is the C library's allocator or AddressSanitizer's.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static long left = -1;

static int fails(void)
{
	const char *text;

	/* The loader allocates before there is an environment. */
	if (left < 0) {
		text = getenv("FAILING_AFTER");
		if (!text)
			return 0;
		left = atol(text);
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
	static void *(*next)(size_t);

	if (!next)
		next = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	return fails() ? NULL : next(size);
}

void *calloc(size_t count, size_t size)
{
	static void *(*next)(size_t, size_t);

	if (!next)
		next = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	return fails() ? NULL : next(count, size);
}

void *realloc(void *old, size_t size)
{
	static void *(*next)(void *, size_t);

	if (!next)
		next = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	return fails() ? NULL : next(old, size);
}
