/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One operation a call, for profiles that must not allow it: "work" does what is allowed, and any
 * other word one thing that work never does. The exit status is 0 where it was done, else its errno.
 *
 *	forbidden work | PROBE [ARGUMENT]
 *
 * ARGUMENT is a directory to write in, or a process.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char *argument = "";

/* ARGUMENT/name */
static const char *in(const char *name)
{
	static char path[2][512];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", argument, name);
	return path[turn];
}

static int opened(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd < 0 ? -1 : close(fd);
}

static int work(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return fd < 0 || close(fd) || opened("/etc/passwd", O_RDONLY) ||
			       opened("work", O_WRONLY | O_CREAT) || unlink("work")
		       ? -1
		       : 0;
}

static int probe_shadow(void)
{
	return opened("/etc/shadow", O_RDONLY);
}

static int probe_passwd(void)
{
	return opened("/etc/passwd", O_WRONLY);
}

static int probe_create(void)
{
	return opened(in("new"), O_WRONLY | O_CREAT);
}

static int probe_exec(void)
{
	return execl("/bin/true", "true", NULL);
}

static int probe_raw(void)
{
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int probe_stream(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int probe_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(79)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof(address));
}

static int probe_mount(void)
{
	return mount("none", argument, "tmpfs", 0, NULL) || umount(argument) ? -1 : 0;
}

static int probe_chmod(void)
{
	return chmod(in("file"), 0777);
}

static int probe_chown(void)
{
	return chown(in("file"), 1, 1);
}

static int probe_truncate(void)
{
	return truncate(in("file"), 0);
}

static int probe_mknod(void)
{
	return mknod(in("device"), S_IFCHR | 0600, makedev(1, 3));
}

static int probe_mkdir(void)
{
	return mkdir(in("directory"), 0700);
}

static int probe_rename(void)
{
	return rename(in("file"), in("other"));
}

static int probe_link(void)
{
	return link(in("file"), in("hard"));
}

static int probe_symlink(void)
{
	return symlink("nowhere", in("soft"));
}

static int probe_unlink(void)
{
	return unlink(in("file"));
}

static int probe_ptrace(void)
{
	return (int)ptrace(PTRACE_SEIZE, atoi(argument), NULL, NULL);
}

static int probe_environ(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/environ", atoi(argument));
	return opened(path, O_RDONLY);
}

static int probe_kill(void)
{
	return kill(atoi(argument), SIGCONT);
}

static int probe_hostname(void)
{
	return sethostname("vm", 2);
}

static int probe_chroot(void)
{
	return chroot("/");
}

static int probe_setuid(void)
{
	return setuid(65534);
}

static const struct {
	const char *name;
	int (*run)(void);
} probes[] = {
	{"work", work},
	{"shadow", probe_shadow},
	{"passwd", probe_passwd},
	{"create", probe_create},
	{"exec", probe_exec},
	{"raw", probe_raw},
	{"stream", probe_stream},
	{"port", probe_port},
	{"mount", probe_mount},
	{"chmod", probe_chmod},
	{"chown", probe_chown},
	{"truncate", probe_truncate},
	{"mknod", probe_mknod},
	{"mkdir", probe_mkdir},
	{"rename", probe_rename},
	{"link", probe_link},
	{"symlink", probe_symlink},
	{"unlink", probe_unlink},
	{"ptrace", probe_ptrace},
	{"environ", probe_environ},
	{"kill", probe_kill},
	{"hostname", probe_hostname},
	{"chroot", probe_chroot},
	{"setuid", probe_setuid},
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc > 2)
		argument = argv[2];
	for (i = 0; argc > 1 && i < sizeof(probes) / sizeof(*probes); i++)
		if (!strcmp(probes[i].name, argv[1]))
			return probes[i].run() < 0 ? errno : 0;
	return 255;
}
