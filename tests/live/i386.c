/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -static -pthread */
/*
 * A 32-bit program with the usual things: files, sockets, a thread, a child, 64-bit times.
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *thread_run(void *arg)
{
	struct timespec time = {0, 1000000};

	nanosleep(&time, NULL);
	return arg;
}

static int talk(void)
{
	char text[8] = "";
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return 0;
	send(ends[0], "hello", 5, 0);
	shutdown(ends[0], SHUT_WR);
	return (int)recv(ends[1], text, sizeof(text), 0);
}

int main(void)
{
	struct timeval now;
	struct stat status;
	pthread_t thread;
	DIR *directory;
	int id, fd, code = 0;
	pid_t pid;

	gettimeofday(&now, NULL);
	stat("/etc/passwd", &status);
	directory = opendir("/");
	while (readdir(directory))
		;
	closedir(directory);
	fd = open("/etc/passwd", O_RDONLY);
	lseek64(fd, 1, SEEK_SET);
	close(fd);
	id = shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT);
	shmctl(id, IPC_RMID, NULL);
	pthread_create(&thread, NULL, thread_run, NULL);
	pthread_join(thread, NULL);
	pid = fork();
	if (!pid)
		_exit(getpgrp() > 0 ? 9 : 1);
	waitpid(pid, &code, 0);
	printf("%d %d\n", talk(), WEXITSTATUS(code));
	return 0;
}
