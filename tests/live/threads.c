/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * Threads that contend, a leader that leaves before them, and one that makes a child.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static long total;

static void *thread_add(void *arg)
{
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&lock);
		total++;
		pthread_mutex_unlock(&lock);
		if (i % 100 == 0)
			sched_yield();
	}
	return arg;
}

/* Outlives the leader; the process ends with it. */
static void *thread_last(void *leader)
{
	pthread_t threads[8];
	int status = 0;
	pid_t pid;

	pthread_join(*(pthread_t *)leader, NULL);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, thread_add, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	pid = fork();
	if (!pid)
		_exit(getpgid(0) > 0 ? 2 : 3);
	waitpid(pid, &status, 0);
	printf("%ld %d\n", total, WEXITSTATUS(status));
	exit(0);
}

int main(void)
{
	static pthread_t leader;
	pthread_t thread;

	leader = pthread_self();
	pthread_barrier_init(&barrier, NULL, 8);
	pthread_create(&thread, NULL, thread_last, &leader);
	pthread_exit(NULL);
}
