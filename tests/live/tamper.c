/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * A thread changes what the other one's calls point at, all the time: a path, the address of a socket,
 * the arguments of clone3(2). Says what the kernel made of it, a line each: "file NAME", "unix NAME",
 * "userns".
 */
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMES  20000
#define CLONES 300

static const char *const names[2] = {"left-file", "rightfile"};
static char path[16] = "left-file";
static struct sockaddr_un address = {AF_UNIX, "\0left-tamper"};
static struct clone_args arguments = {.exit_signal = SIGCHLD};
static volatile int ended;

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

static void *tamper(void *unused)
{
	(void)unused;
	for (unsigned int turn = 0; !ended; turn++) {
		memcpy(path, names[turn & 1], sizeof("left-file"));
		memcpy(address.sun_path + 1, turn & 1 ? "rght" : "left", 4);
		*(volatile unsigned long long *)&arguments.flags = turn & 1 ? CLONE_NEWUSER : 0;
	}
	return NULL;
}

/* What lies between two words is no file: it fails. */
static void files(void)
{
	struct stat known[2], status;
	int found[2] = {0, 0}, fd;

	for (int i = 0; i < 2; i++) {
		fd = open(names[i], O_CREAT | O_WRONLY, 0600);
		must(fd >= 0 && fstat(fd, &known[i]) == 0 && close(fd) == 0, names[i]);
	}
	for (int i = 0; i < TIMES; i++) {
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		must(fstat(fd, &status) == 0 && close(fd) == 0, "fstat");
		for (int k = 0; k < 2; k++)
			found[k] |= status.st_ino == known[k].st_ino;
	}
	for (int i = 0; i < 2; i++)
		if (found[i])
			printf("file %s\n", names[i]);
}

/* Whatever the address is, the kernel tells which it took. */
static void sockets(void)
{
	struct sockaddr_un taken;

	for (int i = 0; i < TIMES / 20; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		socklen_t size = sizeof(sa_family_t) + 12;

		must(fd >= 0, "socket");
		if (bind(fd, (void *)&address, size) == 0) {
			size = sizeof(taken);
			must(getsockname(fd, (void *)&taken, &size) == 0, "getsockname");
			printf("unix %.*s\n", (int)(size - sizeof(sa_family_t) - 1),
			       taken.sun_path + 1);
		}
		close(fd);
	}
}

static void namespaces(void)
{
	char own[64] = "", other[64];
	int status;

	must(readlink("/proc/self/ns/user", own, sizeof(own) - 1) > 0, "user");
	for (int i = 0; i < CLONES; i++) {
		long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

		must(pid >= 0, "clone3");
		if (pid == 0) {
			memset(other, 0, sizeof(other));
			_exit(readlink("/proc/self/ns/user", other, sizeof(other) - 1) <= 0
				      ? 2
				      : strcmp(own, other) != 0);
		}
		must(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
			     WEXITSTATUS(status) < 2,
		     "wait");
		if (WEXITSTATUS(status))
			puts("userns");
	}
}

int main(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, tamper, NULL) == 0, "thread");
	files();
	sockets();
	namespaces();
	ended = 1;
	must(pthread_join(thread, NULL) == 0, "join");
	return 0;
}
