/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * execve from a thread that is not the leader, while others are at work: the kernel ends them and
 * gives the new program the leader's id.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *thread_pause(void *arg)
{
	pause();
	return arg;
}

static void *thread_exec(void *self)
{
	execl(self, self, "again", NULL);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 1) {
		printf("%s %d\n", argv[1], getpid() == gettid());
		return 0;
	}
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, thread_pause, NULL);
	pthread_create(&thread, NULL, thread_exec, argv[0]);
	pause();
	return 1;
}
