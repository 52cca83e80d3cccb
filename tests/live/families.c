/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * A program as many are, for two C libraries: files, directories, pipes, threads, sockets, processes,
 * time, memory. It calls no system call itself. Prints "done" where all of it worked, else which part
 * did not.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

extern char **environ;

#define WORKS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s: %s\n", #condition, strerror(errno));                  \
			return false;                                                              \
		}                                                                                  \
	} while (0)

static bool files(void)
{
	char line[64] = "";
	struct stat status;
	FILE *file;
	DIR *dir;
	int fd;

	WORKS(mkdir("d", 0755) == 0);
	WORKS((file = fopen("d/a", "w")) != NULL);
	WORKS(fprintf(file, "%d lines\n", 1) > 0 && fclose(file) == 0);
	WORKS((file = fopen("d/a", "re")) != NULL);
	WORKS(fgets(line, sizeof(line), file) && !strcmp(line, "1 lines\n"));
	WORKS(fseek(file, 0, SEEK_SET) == 0 && fgetc(file) == '1' && fclose(file) == 0);
	WORKS(stat("d/a", &status) == 0 && lstat("d/a", &status) == 0 && access("d/a", R_OK) == 0);
	WORKS((fd = open("d/a", O_RDWR | O_CLOEXEC)) >= 0);
	WORKS(fstat(fd, &status) == 0 && status.st_size == 8);
	WORKS(lseek(fd, 2, SEEK_SET) == 2 && write(fd, "L", 1) == 1 && pread(fd, line, 4, 0) == 4);
	WORKS(ftruncate(fd, 4) == 0 && fsync(fd) == 0 && close(fd) == 0);
	WORKS(utime("d/a", NULL) == 0 && chmod("d/a", 0600) == 0);
	WORKS(rename("d/a", "d/b") == 0 && symlink("b", "d/c") == 0);
	WORKS(readlink("d/c", line, sizeof(line)) == 1);
	WORKS((dir = opendir("d")) != NULL && readdir(dir) && closedir(dir) == 0);
	WORKS(unlink("d/c") == 0 && unlink("d/b") == 0 && rmdir("d") == 0);
	return true;
}

static void *thread(void *lock)
{
	void *memory = malloc(1 << 20);

	pthread_mutex_lock(lock);
	memory = realloc(memory, 4 << 20);
	pthread_mutex_unlock(lock);
	free(memory);
	return memory ? lock : NULL;
}

static bool threads(void)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t list[4];
	void *result;
	size_t i;

	for (i = 0; i < 4; i++)
		WORKS(pthread_create(&list[i], NULL, thread, &lock) == 0);
	for (i = 0; i < 4; i++)
		WORKS(pthread_join(list[i], &result) == 0 && result);
	return true;
}

static volatile sig_atomic_t caught;

static void handler(int number)
{
	caught = number;
}

static bool signals(void)
{
	struct sigaction action = {.sa_handler = handler};
	sigset_t set;

	WORKS(sigaction(SIGUSR1, &action, NULL) == 0);
	WORKS(raise(SIGUSR1) == 0 && caught == SIGUSR1);
	WORKS(sigemptyset(&set) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	WORKS(alarm(100) == 0 && alarm(0) > 0);
	return true;
}

static bool processes(char *self)
{
	char *argv[] = {self, "child", NULL};
	int status, ends[2];
	char byte;
	pid_t pid;

	WORKS(pipe(ends) == 0 && (pid = fork()) >= 0);
	if (!pid) {
		dup2(ends[1], 7);
		_exit(write(7, "x", 1) != 1);
	}
	WORKS(read(ends[0], &byte, 1) == 1 && waitpid(pid, &status, 0) == pid && !status);
	WORKS(close(ends[0]) == 0 && close(ends[1]) == 0);
	WORKS(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0);
	WORKS(waitpid(pid, &status, 0) == pid && !status);
	WORKS((pid = fork()) >= 0);
	if (!pid) {
		execv(self, argv);
		_exit(1);
	}
	WORKS(waitpid(pid, &status, 0) == pid && !status);
	WORKS(getpgrp() > 0 && getppid() > 0);
	return true;
}

/* A connection to ourselves, waited for in every way there is. */
static bool sockets(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct epoll_event event = {.events = EPOLLIN};
	socklen_t size = sizeof(address);
	struct pollfd wait = {.events = POLLIN};
	struct timeval none = {0};
	int server, client, peer, queue, yes = 1;
	fd_set set;
	char byte;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	WORKS((server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0);
	WORKS(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0);
	WORKS(bind(server, (struct sockaddr *)&address, size) == 0 && listen(server, 1) == 0);
	WORKS(getsockname(server, (struct sockaddr *)&address, &size) == 0);
	WORKS((client = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
	WORKS(connect(client, (struct sockaddr *)&address, size) == 0);
	wait.fd = server;
	WORKS(poll(&wait, 1, 1000) == 1 && (peer = accept(server, NULL, NULL)) >= 0);
	WORKS(send(client, "x", 1, 0) == 1);
	WORKS((queue = epoll_create(1)) >= 0);
	WORKS(epoll_ctl(queue, EPOLL_CTL_ADD, peer, &event) == 0);
	WORKS(epoll_wait(queue, &event, 1, 1000) == 1);
	FD_ZERO(&set);
	FD_SET(peer, &set);
	WORKS(select(peer + 1, &set, NULL, NULL, &none) == 1 && recv(peer, &byte, 1, 0) == 1);
	WORKS(close(client) == 0 && close(peer) == 0 && close(server) == 0 && close(queue) == 0);
	return true;
}

static bool times(void)
{
	struct timespec moment = {.tv_nsec = 1000};
	struct timeval now;

	WORKS(time(NULL) > 0 && gettimeofday(&now, NULL) == 0);
	WORKS(clock_gettime(CLOCK_MONOTONIC, &(struct timespec){0}) == 0);
	WORKS(nanosleep(&moment, NULL) == 0);
	return true;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return 0;
	if (!files() || !threads() || !signals() || !processes(argv[0]) || !sockets() || !times())
		return 1;
	puts("done");
	return 0;
}
