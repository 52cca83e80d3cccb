/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A call that is made now and then beside tasks that make another one without pause: who counts must
 * not miss it, whichever task has to wait for whom. Says what was done, "NUMBER COUNT" a line.
 *
 *	rare TASKS TIMES [ONLINE]     so many busy tasks, while the rare call is made so many times;
 *	                              ONLINE is a CPU's: it is taken away and back every 100 times
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile struct {
	int stop;
	long busy; /* the sum of all */
} * shared;

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

static void busy(void)
{
	long done = 0;

	for (; !shared->stop; done++)
		syscall(SYS_getpgid, 0);
	__atomic_add_fetch(&shared->busy, done, __ATOMIC_RELAXED);
	_exit(0);
}

static void turn(const char *online, const char *value)
{
	int fd = open(online, O_WRONLY);

	must(fd >= 0 && write(fd, value, 1) == 1, online);
	close(fd);
}

int main(int argc, char **argv)
{
	struct timespec pause = {.tv_nsec = 1000000};
	int status, tasks = argc > 2 ? atoi(argv[1]) : 0, times = argc > 2 ? atoi(argv[2]) : 0;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	must(shared != MAP_FAILED, "mmap");
	for (int i = 0; i < tasks; i++) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		if (pid == 0)
			busy();
	}
	for (int i = 0; i < times; i++) {
		if (argc > 3 && i % 100 == 0)
			turn(argv[3], i % 200 ? "1" : "0");
		nanosleep(&pause, NULL);
		syscall(SYS_getsid, 0);
	}
	shared->stop = 1;
	for (int i = 0; i < tasks; i++)
		must(wait(&status) > 0 && status == 0, "wait");
	printf("%d %ld\n%d %d\n", SYS_getpgid, shared->busy, SYS_getsid, times);
	return 0;
}
