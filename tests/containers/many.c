/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Many at once, and many soon after each other.
 *
 *	many cgroups DIRECTORY N   N cgroups below DIRECTORY, a process in each, all alive at the same
 *	                           time; number I makes getppid(2) I times there, after it moved in
 *	many processes N PROGRAM   N processes, four at a time, that execute PROGRAM and end
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* A process that moves, works when all have moved (the pipe's end), and ends. */
static pid_t member_start(const char *cgroup, int calls, const int gate[2])
{
	char path[4200], byte;
	pid_t pid = fork();
	int fd;

	if (pid < 0)
		fail("fork");
	if (pid)
		return pid;
	close(gate[1]);
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		fail(path);
	while (read(gate[0], &byte, 1) > 0)
		;
	for (int i = 0; i < calls; i++)
		syscall(SYS_getppid);
	_exit(0);
}

static int cgroups(const char *directory, int count)
{
	char path[4096];
	int gate[2], status, bad = 0;

	if (pipe(gate))
		fail("pipe");
	for (int i = 1; i <= count; i++) {
		snprintf(path, sizeof(path), "%s/%d", directory, i);
		if (mkdir(path, 0755))
			fail(path);
		member_start(path, i, gate);
	}
	close(gate[1]);
	while (wait(&status) > 0)
		bad += status != 0;
	for (int i = 1; i <= count; i++) {
		snprintf(path, sizeof(path), "%s/%d", directory, i);
		if (rmdir(path))
			fail(path);
	}
	return bad != 0;
}

static int processes(int count, char **argv)
{
	int status, running = 0, bad = 0;

	for (int i = 0; i < count || running;) {
		if (i < count && running < 4) {
			pid_t pid = fork();

			if (!pid) {
				execv(argv[0], argv);
				_exit(127);
			}
			if (pid < 0)
				fail("fork");
			running++;
			i++;
			continue;
		}
		if (wait(&status) > 0)
			running--;
		bad += status != 0;
	}
	return bad != 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "cgroups"))
		return cgroups(argv[2], atoi(argv[3]));
	if (argc >= 4 && !strcmp(argv[1], "processes"))
		return processes(atoi(argv[2]), argv + 3);
	return 2;
}
