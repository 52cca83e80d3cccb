/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Short starts in fresh cgroups: races DIRECTORY PREFIX COUNT [remove]. In each new cgroup
 * DIRECTORY/PREFIX-N two processes start, one on the first CPU and one on the second, released at
 * the same moment; their first calls are the cgroup's first ones. Each makes six calls, 4 to 19 times,
 * one in this order and one in the other, and ends: 70 calls. With "remove" the cgroup goes at once.
 * Nothing but these calls is made in the cgroups.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 2

static const long calls[6] = {SYS_getpid, SYS_getuid,  SYS_getgid,
			      SYS_gettid, SYS_getppid, SYS_geteuid};
static int cpus[CHILDREN];

static long bare(long nr, long a)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "0"(nr), "D"(a) : "rcx", "r11", "memory");
	return ret;
}

static __attribute__((noreturn)) void child_run(int index, volatile int *arrived)
{
	__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST);
	while (*arrived < CHILDREN)
		__builtin_ia32_pause();
	for (int i = 0; i < 6; i++) {
		int which = index ? 5 - i : i;

		for (int n = 0; n < 4 + 3 * which; n++)
			bare(calls[which], 0);
	}
	for (;;)
		bare(SYS_exit_group, 0);
}

/* The first two CPUs that this process may use; twice the same one where there is only one. */
static void cpus_find(void)
{
	cpu_set_t set;
	int found = 0;

	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE && found < CHILDREN; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[found++] = cpu;
	if (found == 1)
		cpus[1] = cpus[0];
}

static pid_t child_start(int cgroup, int index, volatile int *arrived)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup};
	cpu_set_t set;
	pid_t pid;

	CPU_ZERO(&set);
	CPU_SET(cpus[index], &set);
	sched_setaffinity(0, sizeof(set), &set);
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		child_run(index, arrived);
	return pid;
}

/* A frozen cgroup's new processes do not come to their first instruction: cgroup-v2.rst. */
static int freeze(int cgroup, const char *yes)
{
	int fd = openat(cgroup, "cgroup.freeze", O_WRONLY), ret = -1;

	if (fd < 0)
		return -1;
	if (write(fd, yes, 1) == 1)
		ret = 0;
	close(fd);
	return ret;
}

static int start(const char *path, volatile int *arrived)
{
	pid_t pids[CHILDREN];
	int cgroup, status, ret = 0;

	if (mkdir(path, 0755) && errno != EEXIST)
		return -1;
	cgroup = open(path, O_RDONLY | O_DIRECTORY);
	if (cgroup < 0 || freeze(cgroup, "1"))
		return -1;
	*arrived = 0;
	for (int i = 0; i < CHILDREN; i++) {
		pids[i] = child_start(cgroup, i, arrived);
		if (pids[i] < 0) {
			ret = -1;
			*arrived = CHILDREN; /* lets the others go */
		}
	}
	if (freeze(cgroup, "0"))
		return -1;
	for (int i = 0; i < CHILDREN; i++)
		if (pids[i] > 0 && (waitpid(pids[i], &status, 0) != pids[i] || status))
			ret = -1;
	close(cgroup);
	return ret;
}

int main(int argc, char **argv)
{
	volatile int *arrived;
	char path[512];
	int count;

	if (argc < 4)
		return 2;
	count = atoi(argv[3]);
	arrived = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (arrived == MAP_FAILED)
		return 1;
	cpus_find();
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s-%d", argv[1], argv[2], i);
		if (start(path, arrived)) {
			fprintf(stderr, "%s: %s\n", path, strerror(errno));
			return 1;
		}
		if (argc > 4)
			rmdir(path);
	}
	return 0;
}
