/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -pthread */
/*
 * What a program may try so that its recording lies; each trick by its name:
 *
 *	upper PATH    opens PATH by a number with bits above the 32 that the kernel looks at
 *	thread        a thread of two that seccomp kills in getppid(2)
 *	late          a child whose first call comes when its parent has gone
 *	swap          removes, changes and renames own files by names that lead to root's at once
 *	              after: by a link to a directory, a link, a descriptor; writes to sockets, too
 *	turn          changes own files by names in /proc and /dev that lead to others at once after
 *	jail          the same in a root directory of its own that has a dev/fd
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int upper(const char *path)
{
	long fd;

	/* libc's syscall() passes the number as a long */
	fd = syscall(1l << 32 | SYS_openat, AT_FDCWD, path, O_RDONLY);
	return fd < 0;
}

static void *die(void *arg)
{
	(void)arg;
	syscall(SYS_getppid);
	return NULL;
}

static int thread(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};
	pthread_t id;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return 1;
	if (pthread_create(&id, NULL, die, NULL) != 0)
		return 1;
	pthread_join(id, NULL);
	return 0;
}

/* Parent and child each wait for a FIFO of theirs to be opened: nothing is called meanwhile. */
static int late(void)
{
	if (fork() > 0)
		return open("parent", O_RDONLY) < 0;
	if (open("child", O_RDONLY) < 0)
		return 1;
	syscall(SYS_getpgid, 0);
	return 0;
}

#define SWAPS 200

static int file_make(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int link_turn(const char *target, const char *path)
{
	return symlink(target, "new") || rename("new", path);
}

static int swap(void)
{
	int roots = open("/etc/shadow", O_PATH), own, r = mkdir("own", 0755);
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", roots + 1);
	for (int i = 0; i < SWAPS && !r; i++) {
		r |= file_make("own/passwd") || link_turn("own", "directory");
		r |= unlink("directory/passwd") || link_turn("/etc", "directory");
		r |= file_make("own/group") || link_turn("own/group", "link");
		r |= chmod("link", 0644) || link_turn("/etc/group", "link");
		own = open("own/group", O_PATH);
		r |= own != roots + 1 || chmod(name, 0600) || dup2(roots, own) != own;
		close(own);
	}
	return r;
}

/* The same by the address of a datagram. */
static int post(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "box"};
	int box = socket(AF_UNIX, SOCK_DGRAM, 0), from = socket(AF_UNIX, SOCK_DGRAM, 0), r;
	char byte;

	r = bind(box, (struct sockaddr *)&address, sizeof(address));
	strcpy(address.sun_path, "letters");
	for (int i = 0; i < SWAPS && !r; i++) {
		r |= link_turn("box", "letters");
		r |= sendto(from, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)) != 1;
		r |= link_turn("/etc/gshadow", "letters") || read(box, &byte, 1) != 1;
	}
	return r;
}

/* own/ and other/ have the same names in them. */
static int turn(void)
{
	static const char *const links[] = {"/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"};
	int own, other, r = mkdir("own", 0755) || mkdir("other", 0755);
	char name[40];

	r |= file_make("own/file") || file_make("other/file");
	other = open("other", O_PATH);
	for (int i = 0; i < SWAPS && !r; i++) {
		own = open("own/file", O_RDONLY);
		snprintf(name, sizeof(name), "%s/%d", links[i % 3], own);
		r |= chmod(name, 0644);
		close(own);
		r |= open("other/file", O_RDONLY) != own || close(own);
		own = open("own", O_PATH);
		snprintf(name, sizeof(name), "%s/%d/file", links[i % 3], own);
		r |= truncate(name, 0) || dup2(other, own) != own || close(own);
		r |= chdir("own") ||
		     chmod(i % 2 ? "/proc/self/cwd/file" : "/proc/thread-self/cwd/file", 0600);
		r |= chdir("../other") || chdir("..");
	}
	return r;
}

static int jail(void)
{
	char name[32];

	snprintf(name, sizeof(name), "/dev/fd/%d", open("/etc/shadow", O_PATH));
	return mkdir("jail", 0755) || mkdir("jail/dev", 0755) || mkdir("jail/dev/fd", 0755) ||
	       unshare(CLONE_NEWUSER) || chroot("jail") || chdir("/") || file_make(name) ||
	       chmod(name, 0644) || unlink(name);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "upper"))
		return upper(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "thread"))
		return thread();
	if (argc == 2 && !strcmp(argv[1], "late"))
		return late();
	if (argc == 2 && !strcmp(argv[1], "swap"))
		return swap() || post();
	if (argc == 2 && !strcmp(argv[1], "turn"))
		return turn();
	if (argc == 2 && !strcmp(argv[1], "jail"))
		return jail();
	return 2;
}
