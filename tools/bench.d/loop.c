/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The workload that tools/bench measures: one cheap system call, again and again. Prints the
 * nanoseconds that a call took. Knows nothing of who watches it.
 *
 * usage: loop CPU ROUNDS CALLS    the median over ROUNDS of the mean over CALLS, ns
 *        loop CPU seconds N       makes calls for N seconds, prints nothing
 *        loop now                 the time, in microseconds since 1970
 */
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX  101
#define CALLS_MAX   100000000L
#define SECONDS_MAX 600L
#define WARM_CALLS  1000

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void call(long times)
{
	for (long i = 0; i < times; i++)
		syscall(SYS_getppid);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(long rounds, long calls)
{
	double ns[ROUNDS_MAX];

	call(calls < WARM_CALLS ? calls : WARM_CALLS);
	for (long i = 0; i < rounds; i++) {
		uint64_t start = now_ns(CLOCK_MONOTONIC);

		call(calls);
		ns[i] = (double)(now_ns(CLOCK_MONOTONIC) - start) / (double)calls;
	}
	qsort(ns, (size_t)rounds, sizeof(ns[0]), by_value);
	printf("%.2f\n", ns[rounds / 2]);
}

/* The time is looked at once in so many calls: without a vDSO that is a system call, too. */
static void keep_calling(long seconds)
{
	uint64_t end = now_ns(CLOCK_MONOTONIC) + (uint64_t)seconds * 1000000000;

	while (now_ns(CLOCK_MONOTONIC) < end)
		call(10000);
}

static long number(const char *text, long max)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 0 || value > max) {
		fprintf(stderr, "loop: '%s' is not a number from 0 to %ld\n", text, max);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	cpu_set_t cpus;

	if (argc == 2 && !strcmp(argv[1], "now")) {
		printf("%llu\n", (unsigned long long)now_ns(CLOCK_REALTIME) / 1000);
		return 0;
	}
	if (argc != 4) {
		fprintf(stderr, "usage: loop CPU ROUNDS CALLS | loop CPU seconds N | loop now\n");
		return 2;
	}

	CPU_ZERO(&cpus);
	CPU_SET((size_t)number(argv[1], CPU_SETSIZE - 1), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("loop: sched_setaffinity");
		return 1;
	}
	if (!strcmp(argv[2], "seconds")) {
		keep_calling(number(argv[3], SECONDS_MAX));
		return 0;
	}

	long rounds = number(argv[2], ROUNDS_MAX), calls = number(argv[3], CALLS_MAX);

	if (rounds < 1 || calls < 1) {
		fprintf(stderr, "loop: ROUNDS and CALLS are at least 1\n");
		return 2;
	}
	measure(rounds, calls);
	return 0;
}
