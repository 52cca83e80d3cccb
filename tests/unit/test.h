/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every unit test shares: one line a case, a count at the end. It knows nothing of what is
 * tested. One translation unit a program, so the counts are static.
 *
 *	CHECK(condition, words...)       EQ(got, want, words...)       integers
 *	SKIP(words...)                   EQ_STR(got, want, words...)   strings, NULL is a value too
 *
 * The words are a printf format and its arguments, and say what holds; they name the case. Each
 * macro is true where the case passed. main() ends with `return test_end();`.
 */
#ifndef LEASTCALL_TEST_H
#define LEASTCALL_TEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int test_passed, test_failed, test_skipped;

static inline __attribute__((format(printf, 3, 0))) void test_count(const char *verdict, int *count,
								    const char *words, va_list ap)
{
	*count += 1;
	printf("%s - ", verdict);
	vprintf(words, ap);
}

/* Prints and counts a case up to the end of its words; the caller ends the line. */
#define TEST_CASE(ok, words)                                                                       \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, words);                                                               \
		test_count(ok ? "ok" : "not ok", ok ? &test_passed : &test_failed, words, ap);     \
		va_end(ap);                                                                        \
	} while (0)

static inline __attribute__((format(printf, 5, 6))) bool test_int(const char *file, int line,
								  long long got, long long want,
								  const char *words, ...)
{
	bool ok = got == want;

	TEST_CASE(ok, words);
	printf(ok ? "\n" : ": %s:%d: got %lld, want %lld\n", file, line, got, want);
	fflush(stdout);
	return ok;
}

static inline __attribute__((format(printf, 5, 6))) bool test_str(const char *file, int line,
								  const char *got, const char *want,
								  const char *words, ...)
{
	bool ok = got && want ? strcmp(got, want) == 0 : got == want;

	TEST_CASE(ok, words);
	printf(ok ? "\n" : ": %s:%d: got \"%s\", want \"%s\"\n", file, line, got ? got : "(null)",
	       want ? want : "(null)");
	fflush(stdout);
	return ok;
}

#define EQ(got, want, ...)                                                                         \
	test_int(__FILE__, __LINE__, (long long)(got), (long long)(want), __VA_ARGS__)
#define EQ_STR(got, want, ...) test_str(__FILE__, __LINE__, (got), (want), __VA_ARGS__)
#define CHECK(condition, ...)  EQ(!!(condition), 1, __VA_ARGS__)
#define SKIP(...)              (test_skipped++, printf("skip - "), printf(__VA_ARGS__), puts(""))

static inline int test_end(void)
{
	printf("%d passed, %d failed, %d skipped\n", test_passed, test_failed, test_skipped);
	return test_failed > 0;
}

#endif
