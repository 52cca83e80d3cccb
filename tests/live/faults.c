/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a recorder must get through. Says what it did, "NUMBER COUNT" a line: calls that nothing else
 * in it makes.
 *
 *	faults busy SECONDS SIGNAL...   three processes at work; the recorder, their parent, gets the
 *	                                signals: first, and SIGCONT at the end; 0 is none. With more than
 *	                                one, all of them again and again meanwhile
 *	faults reuse TIMES              processes that have all had the same number, each with an
 *	                                executable of its own of two
 *	faults many COUNT PROGRAM       that many executables
 *	faults flood                   calls of numbers that no kernel has, more than are counted, with
 *	                                arguments of all kinds
 *	faults last SECONDS PROGRAM    starts it as often as it can, and works with files between
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

static void wait_for(pid_t pid)
{
	int status;

	must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, "wait");
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* Its files have names of their own, so that there is always something new to tell. */
static long busy_one(int number, time_t until)
{
	char name[40];
	long done = 0;

	while (now() < until) {
		for (int i = 0; i < 200; i++, done++) {
			syscall(SYS_getpgid, 0);
			syscall(SYS_getsid, 0);
			if (i)
				continue;
			snprintf(name, sizeof(name), "busy-%d-%ld", number, done / 200);
			must(close(open(name, O_CREAT | O_WRONLY, 0600)) == 0, name);
		}
	}
	return done;
}

static void busy(int argc, char **argv)
{
	time_t until = now() + atol(argv[2]);
	long done[2], sum[2] = {0, 0};
	pid_t children[3], parent = getppid();
	int ends[2];

	must(pipe(ends) == 0, "pipe");
	must(kill(parent, atoi(argv[3])) == 0, "kill");
	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			done[0] = busy_one(i, until);
			done[1] = (done[0] + 199) / 200;
			must(write(ends[1], done, sizeof(done)) == sizeof(done), "write");
			_exit(0);
		}
	}
	while (argc > 4 && now() < until)
		for (int i = 3; i < argc; i++)
			kill(parent, atoi(argv[i]));
	for (int i = 0; i < 3; i++) {
		wait_for(children[i]);
		must(read(ends[0], done, sizeof(done)) == sizeof(done), "read");
		sum[0] += done[0];
		sum[1] += done[1];
	}
	kill(parent, SIGCONT);
	printf("%ld %ld\n%ld %ld\nfiles %ld\n", (long)SYS_getpgid, sum[0], (long)SYS_getsid, sum[0],
	       sum[1]);
}

/* In a pid namespace of its own: the next number is told to the kernel. */
static void reuse(const char *times)
{
	static const char last[] = "/proc/sys/kernel/ns_last_pid";

	for (long i = 0; i < atol(times); i++) {
		int fd = open(last, O_WRONLY);
		pid_t pid;

		must(fd >= 0 && write(fd, "100", 3) == 3 && close(fd) == 0, last);
		pid = fork();
		if (pid == 0) {
			must(getpid() == 101, "the same number");
			execl(i & 1 ? "./odd" : "./even", "x", NULL);
			_exit(126);
		}
		wait_for(pid);
	}
}

static void many(const char *count, const char *program)
{
	char name[40];

	for (long i = 0; i < atol(count); i++) {
		pid_t pid;

		snprintf(name, sizeof(name), "many-%ld", i);
		must(link(program, name) == 0, name);
		pid = fork();
		if (pid == 0) {
			execl(name, name, NULL);
			_exit(126);
		}
		wait_for(pid);
	}
}

static void flood(void)
{
	for (long number = 1000; number < 80000; number++)
		syscall(number, number, -number, number << 32, 0, 0, 0);
	for (long i = 0; i < 40000; i++)
		syscall(SYS_socket, 60 + i % 200, i, i);
}

static void last(const char *seconds, const char *program)
{
	time_t until = now() + atol(seconds);
	long starts = 0;

	for (; now() < until; starts++) {
		pid_t pid = fork();

		if (pid == 0) {
			execl(program, program, NULL);
			_exit(126);
		}
		wait_for(pid);
		must(mkdir("made", 0700) == 0, "mkdir");
		must(close(open("made/file", O_CREAT | O_RDWR, 0600)) == 0, "open");
		must(rename("made/file", "made/other") == 0, "rename");
		must(unlink("made/other") == 0 && rmdir("made") == 0, "remove");
	}
	printf("%ld\n", starts);
}

int main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "busy") == 0)
		busy(argc, argv);
	else if (argc == 3 && strcmp(argv[1], "reuse") == 0)
		reuse(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "many") == 0)
		many(argv[2], argv[3]);
	else if (argc == 2 && strcmp(argv[1], "flood") == 0)
		flood();
	else if (argc == 4 && strcmp(argv[1], "last") == 0)
		last(argv[2], argv[3]);
	else
		return 2;
	return 0;
}
