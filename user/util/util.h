/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every part of the user side shares: an error that grows words on its way up, resources that
 * free themselves, and memory that cannot be refused. Knows nothing of leastcall's own nouns.
 */
#ifndef LEASTCALL_UTIL_H
#define LEASTCALL_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Failure is a negative errno; struct err carries the words for it. Nothing below main() prints an
 * error: a function that fails sets the text (one line, lower case, the user's noun, what to do)
 * and returns the code; a caller may put its own noun in front of it.
 */
struct err {
	char text[1024];
};

/* Sets the text and returns `code`, so that `return err_set(err, -ENOENT, ...)` reads well. */
int err_set(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, followed by ": " and strerror(-code). */
int err_errno(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts words in front of the text that is there: "words: text". Returns `code`. */
int err_prefix(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Memory: these end the program with exit status 125 and one line where there is none left. */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *ptr, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t size);
/* A stream whose text is *ret, of *ret_size bytes and a NUL, once it is closed. */
FILE *xmemstream(char **ret, size_t *ret_size);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a variable holds is freed when it goes out of scope: _cleanup_free_ char *name = NULL; */
void cleanup_free(void *ptr_to_ptr);
void cleanup_fclose(FILE **file);
void cleanup_close(int *fd);
#define _cleanup_free_   __attribute__((cleanup(cleanup_free)))
#define _cleanup_fclose_ __attribute__((cleanup(cleanup_fclose)))
#define _cleanup_close_  __attribute__((cleanup(cleanup_close)))

/* Numbers in order, as qsort() wants to be told: negative, 0 or positive. */
static inline int number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Gives a pointer away: what it pointed to is the receiver's now. */
#define take(ptr)                                                                                  \
	({                                                                                         \
		__typeof__(ptr) taken_ = (ptr);                                                    \
		(ptr) = NULL;                                                                      \
		taken_;                                                                            \
	})

/* Takes a line for people, without a newline, of what could not be done as it was asked for. */
typedef void warn_fn(void *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
