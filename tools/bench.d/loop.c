/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The workload that tools/bench measures: one cheap system call, again and again. Prints the
 * nanoseconds that a call took. Knows nothing of who watches it.
 *
 * usage: loop CPU busy ROUNDS CALLS    the median over ROUNDS of the mean over CALLS, ns of this
 *                                      thread's own CPU time: other programs do not count
 *        loop CPU wall ROUNDS CALLS    the same by the clock on the wall, for tracers that stop us
 *        loop CPU open ROUNDS CALLS    busy, and a call is open(2) of one file, and close(2)
 *        loop CPU make N               makes files 0 to N-1 in the working directory
 *        loop CPU each N               opens each of them, once; busy
 *        loop CPU seconds N            makes calls for N seconds, prints nothing
 *        loop now                      the time, in microseconds since 1970
 */
#include <fcntl.h>
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

static void open_one(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
}

static void open_again(long times)
{
	for (long i = 0; i < times; i++)
		open_one("/etc/passwd", O_RDONLY);
}

static void open_each(long count, int flags)
{
	char name[24];

	for (long i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%ld", i);
		open_one(name, flags);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(void (*work)(long times), clockid_t clock, long rounds, long calls)
{
	double ns[ROUNDS_MAX];

	work(calls < WARM_CALLS ? calls : WARM_CALLS);
	for (long i = 0; i < rounds; i++) {
		uint64_t start = now_ns(clock);

		work(calls);
		ns[i] = (double)(now_ns(clock) - start) / (double)calls;
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

static int pin(long cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET((size_t)cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("loop: sched_setaffinity");
		return 1;
	}
	return 0;
}

/* What is done once. */
static int once(const char *what, long count)
{
	uint64_t start = now_ns(CLOCK_THREAD_CPUTIME_ID);

	if (!strcmp(what, "seconds")) {
		keep_calling(count > SECONDS_MAX ? SECONDS_MAX : count);
	} else if (!strcmp(what, "make")) {
		open_each(count, O_WRONLY | O_CREAT);
	} else if (!strcmp(what, "each") && count > 0) {
		open_each(count, O_RDONLY);
		printf("%.2f\n", (double)(now_ns(CLOCK_THREAD_CPUTIME_ID) - start) / (double)count);
	} else {
		fprintf(stderr, "loop: what is %s %ld?\n", what, count);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "now")) {
		printf("%llu\n", (unsigned long long)now_ns(CLOCK_REALTIME) / 1000);
		return 0;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: loop CPU busy|open|wall ROUNDS CALLS | "
				"loop CPU seconds|make|each N | loop now\n");
		return 2;
	}
	if (pin(number(argv[1], CPU_SETSIZE - 1)))
		return 1;
	if (argc == 4)
		return once(argv[2], number(argv[3], CALLS_MAX));
	if (argc != 5) {
		fprintf(stderr, "loop: busy, open and wall want ROUNDS and CALLS\n");
		return 2;
	}

	clockid_t clock = strcmp(argv[2], "wall") ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
	long rounds = number(argv[3], ROUNDS_MAX), calls = number(argv[4], CALLS_MAX);

	if (rounds < 1 || calls < 1) {
		fprintf(stderr, "loop: ROUNDS and CALLS are at least 1\n");
		return 2;
	}
	measure(strcmp(argv[2], "open") ? call : open_again, clock, rounds, calls);
	return 0;
}
