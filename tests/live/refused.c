/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * Makes calls that a profile may refuse, a known number of times, in its process, a thread, a child and
 * a 32-bit program, and says how often, and how often they failed with which error:
 *
 *	made ABI NUMBER COUNT
 *	refused ABI NUMBER ERRNO COUNT
 *
 * refused [PROGRAM]	all of that; PROGRAM is the 32-bit one
 * refused one		one call in a child, which may die of it
 * refused later	three in a process that is left behind
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const long numbers[] = {SYS_getpgid, SYS_getsid, SYS_getpgrp};
enum { CALLS = sizeof(numbers) / sizeof(numbers[0]), ERRNOS = 256 };

static struct tally {
	unsigned int made[CALLS], refused[CALLS][ERRNOS];
} * tally;

static void call(int which, int count)
{
	while (count--) {
		tally->made[which]++;
		if (syscall(numbers[which], 0) < 0)
			tally->refused[which][errno % ERRNOS]++;
	}
}

static void *thread(void *arg)
{
	call(0, 2);
	call(1, 4);
	return arg;
}

static int tell(void)
{
	for (int i = 0; i < CALLS; i++) {
		if (tally->made[i])
			printf("made x86_64 %ld %u\n", numbers[i], tally->made[i]);
		for (int k = 0; k < ERRNOS; k++)
			if (tally->refused[i][k])
				printf("refused x86_64 %ld %d %u\n", numbers[i], k,
				       tally->refused[i][k]);
	}
	return fflush(stdout) ? 1 : 0;
}

static int left_behind(void)
{
	int ends[2];
	char byte;

	if (pipe(ends) || fork())
		return 0;
	close(ends[1]);
	if (read(ends[0], &byte, 1) < 0) /* its end is that of the parent */
		return 1;
	call(1, 3);
	return tell();
}

static int one(void)
{
	int status = 0;

	if (!fork()) {
		call(0, 1);
		_exit(0);
	}
	if (wait(&status) < 0)
		return 1;
	if (WIFSIGNALED(status))
		printf("killed by %d\n", WTERMSIG(status));
	return tell();
}

int main(int argc, char **argv)
{
	pthread_t other;
	int status = 0;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (tally == MAP_FAILED)
		return 1;
	if (argc > 1 && !strcmp(argv[1], "one"))
		return one();
	if (argc > 1 && !strcmp(argv[1], "later"))
		return left_behind();
	call(0, 7);
	call(1, 3);
	call(2, 2);
	if (pthread_create(&other, NULL, thread, NULL) || pthread_join(other, NULL))
		return 1;
	if (!fork()) {
		call(0, 5);
		if (argc > 1)
			execv(argv[1], argv + 1);
		_exit(argc > 1);
	}
	if (wait(&status) < 0 || status)
		return 1;
	return tell();
}
