/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does once each what AppArmor has rules for and what is no access to a file, and says what a
 * recording must hold of it: a line an operation, "OP NUMBER PEER DETAIL SOURCE TARGET", "-" for
 * what it has not. To be run in an empty directory, as root, its recording beside that; the second
 * argument is a process of nobody's workload.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/io_uring.h>
#include <linux/kcmp.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char here[PATH_MAX];
static pid_t outsider;
static int recording;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

/* Names are looked up after the call: not before that may what they lead to go away. What the
 * recorder has told is in its file. */
static void told(const char *what)
{
	static char text[1 << 20];
	const struct timespec moment = {.tv_nsec = 20000000};

	for (int i = 0; i < 1000; i++) {
		ssize_t size = pread(recording, text, sizeof(text), 0);

		if (size > 0 && memmem(text, size, what, strlen(what)))
			return;
		nanosleep(&moment, NULL);
	}
	must(0, what);
}

/* ---- unix sockets ------------------------------------------------------------------------ */

static socklen_t address(struct sockaddr_un *ret, const char *name, size_t size)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(ret->sun_path, name, size);
	return offsetof(struct sockaddr_un, sun_path) + size;
}

static int bound(int type, const char *name, size_t size)
{
	struct sockaddr_un where;
	socklen_t length = address(&where, name, size);
	int fd = socket(AF_UNIX, type, 0);

	must(bind(fd, (struct sockaddr *)&where, length) == 0, "bind");
	if (type != SOCK_DGRAM)
		must(listen(fd, 4) == 0, "listen");
	return fd;
}

static void connected(int type, const char *name, size_t size)
{
	struct sockaddr_un where;
	socklen_t length = address(&where, name, size);
	int fd = socket(AF_UNIX, type, 0);

	must(connect(fd, (struct sockaddr *)&where, length) == 0, "connect");
	close(fd);
}

static void sent(const char *name, size_t size, int message)
{
	struct sockaddr_un where;
	socklen_t length = address(&where, name, size);
	struct iovec vector = {"x", 1};
	struct msghdr header = {
		.msg_name = &where, .msg_namelen = length, .msg_iov = &vector, .msg_iovlen = 1};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (message)
		must(sendmsg(fd, &header, 0) == 1, "sendmsg");
	else
		must(sendto(fd, "x", 1, 0, (struct sockaddr *)&where, length) == 1, "sendto");
	close(fd);
}

#define NAME(text) text, sizeof(text) - 1
#define PATH(text) text, sizeof(text)

static void sockets(void)
{
	int ends[2];
	struct sockaddr_un none = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	bound(SOCK_STREAM, NAME("\0leastcall stream"));
	connected(SOCK_STREAM, NAME("\0leastcall stream"));
	say("unix-bind 1 - @leastcall stream - -\nunix-connect 1 - @leastcall stream - -");
	bound(SOCK_SEQPACKET, NAME("\0least\0call\\\377\0"));
	say("unix-bind 5 - @least\\000call\\134\\377\\000 - -");
	bound(SOCK_DGRAM, NAME("\0leastcall dgram"));
	sent(NAME("\0leastcall dgram"), 0);
	say("unix-bind 2 - @leastcall dgram - -\nunix-send 2 - @leastcall dgram - -");
	bound(SOCK_DGRAM, NAME("\0leastcall message"));
	sent(NAME("\0leastcall message"), 1);
	say("unix-bind 2 - @leastcall message - -\nunix-send 2 - @leastcall message - -");
	must(bind(fd, (struct sockaddr *)&none, sizeof(none.sun_family)) == 0, "autobind");
	say("unix-bind 1 - auto - -");
	bound(SOCK_STREAM, PATH("stream socket"));
	connected(SOCK_STREAM, PATH("stream socket"));
	say("unix-bind 1 - %s/stream socket - -\nunix-connect 1 - %s/stream socket - -", here,
	    here);
	bound(SOCK_DGRAM, PATH("dgram"));
	connected(SOCK_DGRAM, PATH("./dgram"));
	say("unix-bind 2 - %s/dgram - -\nunix-connect 2 - %s/dgram - -", here, here);
	bound(SOCK_DGRAM, PATH("message"));
	sent(PATH("message"), 1);
	say("unix-bind 2 - %s/message - -\nunix-send 2 - %s/message - -", here, here);
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	/* what is connected, or has failed, tells nothing */
	must(send(ends[0], "x", 1, 0) == 1, "send");
	must(connect(fd, (struct sockaddr *)&none, sizeof(none.sun_family)) != 0, "no address");
}

/* ---- other tasks ------------------------------------------------------------------------- */

static pid_t child(void (*body)(void))
{
	pid_t pid = fork();

	if (!pid) {
		body();
		_exit(0);
	}
	return pid;
}

static void waits(void)
{
	pause();
}

static void wakes(int number)
{
	(void)number;
}

static void asks_to_be_traced(void)
{
	must(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0, "traceme");
}

static void signals(void)
{
	pid_t pid = child(waits);
	siginfo_t info = {.si_code = SI_QUEUE};
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	signal(SIGUSR1, SIG_IGN);
	signal(SIGALRM, wakes);
	must(kill(pid, 0) == 0, "kill 0");
	must(kill(getpid(), SIGUSR1) == 0, "kill self");
	say("signal %d self - - -", SIGUSR1);
	must(syscall(SYS_tgkill, pid, pid, SIGCONT) == 0, "tgkill");
	say("signal %d self - - -", SIGCONT);
	info.si_signo = SIGURG;
	must(syscall(SYS_rt_sigqueueinfo, pid, SIGURG, &info) == 0, "rt_sigqueueinfo");
	say("signal %d self - - -", SIGURG);
	must(syscall(SYS_pidfd_send_signal, pidfd, SIGWINCH, NULL, 0) == 0, "pidfd_send_signal");
	say("signal %d self - - -", SIGWINCH);
	must(kill(outsider, SIGWINCH) == 0, "kill outsider");
	say("signal %d outside - - -", SIGWINCH);
	must(kill(pid, SIGKILL) == 0, "kill child");
	say("signal %d self - - -", SIGKILL);
	waitpid(pid, NULL, 0);
	/* the kernel's own: a timer's */
	ualarm(1000, 1000);
	pause();
	ualarm(0, 0);
}

static void proc_open(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY);
	must(fd >= 0, path);
	close(fd);
}

static void looks(void)
{
	pid_t pid = child(waits);
	char byte, *there = &byte;
	struct iovec own = {&byte, 1}, others = {there, 1};

	must(process_vm_readv(getpid(), &own, 1, &others, 1, 0) == 1, "readv self");
	must(syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0) == 0, "kcmp self");
	must(syscall(SYS_kcmp, getpid(), pid, KCMP_VM, 0, 0) >= 0, "kcmp");
	say("ptrace-read 0 self - - -");
	must(process_vm_readv(pid, &own, 1, &others, 1, 0) == 1, "readv");
	say("ptrace-trace 0 self - - -");
	must(ptrace(PTRACE_SEIZE, outsider, 0, 0) == 0, "seize");
	say("ptrace-trace 0 outside - - -");
	proc_open(getpid(), "maps");
	proc_open(outsider, "comm");
	proc_open(outsider, "environ");
	say("ptrace-read 0 outside - - -");
	kill(pid, SIGKILL);
	say("signal %d self - - -", SIGKILL);
	waitpid(pid, NULL, 0);
}

static void traces(const char *how)
{
	pid_t pid;
	int status;

	if (!strcmp(how, "traceme")) {
		pid = child(asks_to_be_traced);
	} else if (!strcmp(how, "pidfd_getfd")) {
		pid = child(waits);
		must(syscall(SYS_pidfd_getfd, (int)syscall(SYS_pidfd_open, pid, 0), 1, 0) >= 0,
		     "pidfd_getfd");
		kill(pid, SIGKILL);
	} else {
		pid = child(waits);
		must(ptrace(PTRACE_ATTACH, pid, 0, 0) == 0, "attach");
		waitpid(pid, &status, 0);
		kill(pid, SIGKILL);
	}
	waitpid(pid, &status, 0);
	say("ptrace-trace 0 self - - -");
	if (strcmp(how, "traceme"))
		say("signal %d self - - -", SIGKILL);
}

/* ---- capabilities ------------------------------------------------------------------------ */

static int ready[2];

static void as_nobody(void)
{
	setgroups(0, NULL);
	must(setgid(65534) == 0 && setuid(65534) == 0, "setuid");
	must(write(ready[1], "x", 1) == 1, "write");
	waits();
}

/* Each by something that the kernel itself does not do on the way. */
static void capabilities(void)
{
	struct sockaddr_in low = {.sin_family = AF_INET, .sin_port = htons(1023)};
	int one = 1, fd = socket(AF_INET, SOCK_RAW, IPPROTO_UDP), listener, own;
	pid_t pid;
	char byte;

	must(fd >= 0, "a raw socket");
	say("capability net_raw");
	must(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &one, sizeof(one)) == 0, "setsockopt");
	say("capability net_admin");
	listener = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(listener, (struct sockaddr *)&low, sizeof(low)) == 0, "bind");
	say("capability net_bind_service");
	must(mknod("device", S_IFCHR | 0600, makedev(1, 3)) == 0, "mknod");
	say("capability mknod");
	own = creat("own", 0600);
	must(fchown(own, 65534, -1) == 0, "fchown");
	say("capability chown");
	must(fchmod(own, 0200) == 0, "fchmod");
	say("capability fowner");
	must(open("own", O_RDONLY) >= 0, "open");
	say("capability dac_read_search");
	must(fchmod(own, 0400) == 0 && open("own", O_WRONLY) >= 0, "open");
	say("capability dac_override");
	must(setpriority(PRIO_PROCESS, 0, -1) == 0, "setpriority");
	say("capability sys_nice");
	must(chroot("/") == 0, "chroot");
	say("capability sys_chroot");
	must(pipe(ready) == 0, "pipe");
	pid = child(as_nobody);
	must(read(ready[0], &byte, 1) == 1, "read");
	say("capability setgid\ncapability setuid");
	must(kill(pid, SIGKILL) == 0, "kill");
	say("capability kill");
	waitpid(pid, NULL, 0);
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void new_userns(void)
{
	must(unshare(CLONE_NEWUSER) == 0, "unshare");
}

static void clones(void)
{
	struct {
		unsigned long long flags, rest[10];
	} arguments = {.flags = CLONE_NEWUSER, .rest = {[3] = SIGCHLD}};

	if (!syscall(SYS_clone3, &arguments, sizeof(arguments)))
		_exit(0);
	must(wait(NULL) > 0, "clone3");
	say("userns 0 - - - -");
}

static void namespaces(void)
{
	waitpid(child(new_userns), NULL, 0);
	say("userns 0 - - - -");
}

static void queues(void)
{
	mqd_t queue = mq_open("/leastcall live", O_RDWR | O_CREAT | O_NONBLOCK, 0600, NULL);

	must(queue != (mqd_t)-1, "mq_open");
	say("mqueue %d - - - /leastcall live", O_RDWR | O_CREAT);
	must(mq_open("/leastcall live", O_RDONLY) != (mqd_t)-1, "mq_open");
	say("mqueue %d - - - /leastcall live", O_RDONLY);
	mq_unlink("/leastcall live");
}

static void mount_namespace(void)
{
	must(unshare(CLONE_NEWNS) == 0, "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
	say("mount %d - - - /", MS_REC | MS_PRIVATE);
}

static void mounts(void)
{
	char last[2 * PATH_MAX];

	mount_namespace();
	must(mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0 && mkdir("c", 0755) == 0, "mkdir");
	must(symlink("a", "link") == 0, "symlink");
	must(mount("some", "link", "tmpfs", MS_NOSUID, "size=1m") == 0, "tmpfs");
	say("mount %d - tmpfs some %s/a/", MS_NOSUID, here);
	must(mount("./a", "b/.", NULL, MS_BIND | MS_MGC_VAL, NULL) == 0, "bind");
	say("mount %d - - %s/a/ %s/b/", MS_BIND, here, here);
	must(mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0, "remount");
	say("mount %d - - - %s/b/", MS_REMOUNT | MS_BIND | MS_RDONLY, here);
	told("\"number\":4129"); /* and so what came before it */
	must(mount("/", here, "proc", 0, NULL) == 0, "a source that is a path");
	say("mount 0 - proc / %s/", here);
	told("\"detail\":\"proc\"");
	must(umount2(here, MNT_DETACH) == 0, "umount");
	say("umount 0 - - - %s/", here);
	must(close(creat("a/file", 0600)) == 0 && close(creat("file", 0600)) == 0, "creat");
	must(mount("a/file", "file", NULL, MS_BIND, NULL) == 0, "bind a file");
	say("mount %d - - %s/a/file %s/file", MS_BIND, here, here);
	must(mount("b", "c", NULL, MS_MOVE, NULL) == 0, "move");
	say("mount %d - - %s/b/ %s/c/", MS_MOVE, here, here);
	snprintf(last, sizeof(last), "\"target\":\"%s/c/\"", here);
	told(last);
	must(umount2("b", MNT_DETACH) != 0, "nothing there");
	must(chdir("c") == 0 && umount2(".", MNT_DETACH) == 0, "umount .");
	say("umount 0 - - - %s/c/", here);
	snprintf(last, sizeof(last), "\"op\":\"umount\",\"target\":\"%s/c/\"", here);
	told(last);
}

static void new_mounts(void)
{
	int fd, tree;

	mount_namespace();
	must(mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0, "mkdir");
	fd = fsopen("tmpfs", 0);
	must(fd >= 0 && fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0, "fsopen");
	tree = fsmount(fd, 0, 0);
	must(move_mount(tree, "", AT_FDCWD, "a", MOVE_MOUNT_F_EMPTY_PATH) == 0, "move_mount");
	say("move-mount 0 - - - %s/a/", here);
	must(move_mount(AT_FDCWD, "a", AT_FDCWD, "b", 0) == 0, "move_mount");
	say("move-mount 0 - - %s/a/ %s/b/", here, here);
	told("\"op\":\"move-mount\",\"source\":\"");
}

static void pivots(void)
{
	mount_namespace();
	must(mkdir("a", 0755) == 0, "mkdir");
	must(mount("none", "a", "tmpfs", 0, NULL) == 0, "tmpfs");
	say("mount 0 - tmpfs none %s/a/", here);
	told("\"detail\":\"tmpfs\"");
	must(mkdir("a/old", 0755) == 0, "mkdir");
	must(syscall(SYS_pivot_root, "a", "a/old") == 0, "pivot_root");
	say("pivot-root 0 - - %s/a/old/ %s/a/", here, here);
	told("\"op\":\"pivot-root\"");
}

static void pivots_in_place(void)
{
	mount_namespace();
	must(mkdir("a", 0755) == 0, "mkdir");
	must(mount("none", "a", "tmpfs", 0, NULL) == 0 && chdir("a") == 0, "tmpfs");
	say("mount 0 - tmpfs none %s/a/", here);
	told("\"detail\":\"tmpfs\"");
	must(syscall(SYS_pivot_root, ".", ".") == 0, "pivot_root");
	say("pivot-root 0 - - %s/a/ %s/a/", here, here);
	told("\"op\":\"pivot-root\"");
}

/* As a runtime builds a root: when its mounts are looked up they are elsewhere, or gone. */
static void root_build(void)
{
	mount_namespace();
	must(mount("none", "/tmp", "tmpfs", 0, NULL) == 0 && chdir("/tmp") == 0, "tmpfs");
	must(mkdir("new", 0755) == 0 && mkdir("old", 0755) == 0, "mkdir");
	must(mount("new", "new", NULL, MS_BIND, NULL) == 0, "bind");
	must(syscall(SYS_pivot_root, "/tmp", "old") == 0 && chdir("/") == 0, "pivot_root");
	must(mkdir("new/dev", 0755) == 0, "mkdir");
	must(mount("none", "new/dev", "tmpfs", 0, NULL) == 0, "tmpfs");
	must(close(open("new/dev/null", O_CREAT | O_WRONLY, 0600)) == 0, "file");
	must(mount("/old/dev/null", "/new/dev/null", NULL, MS_BIND, NULL) == 0, "bind");
	must(mount("none", "/new/dev/null", NULL, MS_BIND | MS_REMOUNT | MS_NOSUID, NULL) == 0,
	     "remount");
	must(umount2("old", MNT_DETACH) == 0, "umount");
	must(chdir("/new") == 0 && syscall(SYS_pivot_root, ".", ".") == 0, "pivot_root");
	must(umount2(".", MNT_DETACH) == 0, "umount");
}

#define ROOTS 20

static void roots(void)
{
	int status;

	for (int i = 0; i < ROOTS; i++) {
		pid_t child = fork();

		if (!child) {
			root_build();
			_exit(0);
		}
		must(waitpid(child, &status, 0) == child && status == 0, "root_build");
	}
	say("mount %d - - - /", MS_REC | MS_PRIVATE);
	say("mount 0 - tmpfs none /tmp/");
	say("mount 4096 - - /tmp/new/ /tmp/new/");
	say("mount 0 - tmpfs none /new/dev/");
	say("mount 4096 - - /old/dev/null /new/dev/null");
	say("mount %d - - - /new/dev/null", MS_BIND | MS_REMOUNT | MS_NOSUID);
	say("umount 0 - - - /old/");
	say("umount 0 - - - /");
	say("pivot-root 0 - - /tmp/old/ /tmp/");
	say("pivot-root 0 - - /new/ /new/");
}

static const struct part {
	const char *name;
	void (*body)(void);
} parts[] = {
	{"sockets", sockets},       {"signals", signals},
	{"looks", looks},           {"clones", clones},
	{"namespaces", namespaces}, {"queues", queues},
	{"mounts", mounts},         {"new_mounts", new_mounts},
	{"pivots", pivots},         {"pivots_in_place", pivots_in_place},
	{"roots", roots},           {"capabilities", capabilities},
};

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	outsider = atoi(argv[2]);
	recording = open("../rec", O_RDONLY);
	must(recording >= 0, "../rec");
	must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strcmp(argv[1], parts[i].name))
			continue;
		parts[i].body();
		return 0;
	}
	traces(argv[1]);
	return 0;
}
