/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths between tasks: what was executed, received, bound and connected, and what threads and programs
 * of another ABI do. See paths.h.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "paths.h"

static void say_executed(const char *source, const char *target)
{
	say_operation("exec", "-", source, target);
	say_file_by(target, "x", "-", target);
}

static void execute(const char *name)
{
	char *argv[] = {(char *)name, NULL};
	pid_t child = fork();

	if (child == 0) {
		execv(name, argv);
		_exit(126);
	}
	wait_for(child);
}

static void executed_prepare(void)
{
	char text[4200];

	snprintf(text, sizeof(text), "#!%s/interpreter\n", case_path);
	write_file("script", text, 0755);
	write_file("sub/script-target", text, 0755);
}

static void executed(void)
{
	int fd = must_open("by-descriptor", O_PATH | O_CLOEXEC),
	    directory = must_open("sub", O_PATH);
	char *argv[] = {"program", NULL};
	pid_t child;

	execute("./plain");
	say_executed(NULL, "plain");
	execute("link");
	say_executed(NULL, "target");
	child = fork();
	if (child == 0)
		_exit(fexecve(fd, argv, environ) ? 126 : 0);
	wait_for(child);
	say_executed(NULL, "by-descriptor");
	child = fork();
	if (child == 0)
		_exit(execveat(directory, "at", argv, environ, 0) ? 126 : 0);
	wait_for(child);
	say_executed(NULL, "sub/at");

	execute("./script");
	say_executed("script", "interpreter");
	execute("sub/../script-link");
	say_operation("exec", "-", "sub/script-target", "interpreter");

	must_fail(execv("./not-executable", argv), EACCES);
	must_fail(execv("./missing", argv), ENOENT);
}

/* A descriptor that was opened by somebody else, told as if it were opened here. */
static void receive(int from, int flags)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec vector = {&byte, 1};
	struct msghdr header = {.msg_iov = &vector,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = sizeof(control)};
	struct mmsghdr many = {.msg_hdr = header};
	struct cmsghdr *message;

	if (flags)
		must(recvmmsg(from, &many, 1, 0, NULL) == 1);
	else
		must(recvmsg(from, &many.msg_hdr, 0) == 1);
	message = CMSG_FIRSTHDR(&many.msg_hdr);
	must(message && message->cmsg_type == SCM_RIGHTS);
}

/* Run by the sender, which is another executable: PROGRAM send SOCKET FILE FLAGS. */
static int send_file(char **argv)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {0};
	struct iovec vector = {"x", 1};
	struct msghdr header = {.msg_iov = &vector,
				.msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};
	struct cmsghdr *message = CMSG_FIRSTHDR(&header);
	int fd = open(argv[3], atoi(argv[4]));

	message->cmsg_level = SOL_SOCKET;
	message->cmsg_type = SCM_RIGHTS;
	message->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(message), &fd, sizeof(fd));
	return fd < 0 || sendmsg(atoi(argv[2]), &header, 0) != 1;
}

static void given(int socket, const char *file, int how, const char *perms)
{
	char number[16], flags[16];
	char *argv[] = {"sender", "send", number, (char *)file, flags, NULL};
	pid_t child = fork();

	snprintf(number, sizeof(number), "%d", socket);
	snprintf(flags, sizeof(flags), "%d", how);
	if (child == 0)
		_exit(execv("./sender", argv) ? 126 : 0);
	wait_for(child);
	say_file_by("sender", perms, "-", file);
}

static void received(void)
{
	static const struct {
		const char *name;
		const char *perms;
		int flags;
	} ways[] = {
		{"read", "r", O_RDONLY},
		{"both", "rw", O_RDWR},
		{"append", "a", O_WRONLY | O_APPEND},
		{"directory/", "r", O_RDONLY | O_DIRECTORY},
	};
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		given(pair[1], ways[i].name, ways[i].flags, ways[i].perms);
		receive(pair[0], i & 1);
		say_file(ways[i].perms, ways[i].name);
	}
	say_executed(NULL, "sender");
}

static void sockets(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "bound"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	must(bind(fd, (void *)&address, sizeof(address)) == 0);
	say_file("w", "bound");
	strcpy(address.sun_path, "sub/../link/connected");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	must(bind(fd, (void *)&address, sizeof(address)) == 0 && listen(fd, 1) == 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	must(connect(fd, (void *)&address, sizeof(address)) == 0);
	say_file("rw", "sub/connected");
	strcpy(address.sun_path, "datagrams");
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	must(bind(fd, (void *)&address, sizeof(address)) == 0);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	must(connect(fd, (void *)&address, sizeof(address)) == 0);
	say_file("rw", "datagrams");
	/* no path */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	memcpy(address.sun_path, "\0sockets.case", 13);
	must(bind(fd, (void *)&address, sizeof(sa_family_t) + 13) == 0);
	must_fail(connect(fd, (void *)&(struct sockaddr_un){AF_UNIX, "missing"}, sizeof(address)),
		  ENOENT);
}

static void *thread_run(void *unused)
{
	(void)unused;
	must(syscall(SYS_unshare, CLONE_FS) == 0 && chdir("thread") == 0);
	must(mkdir("made", 0755) == 0);
	return NULL;
}

/* A thread with a working directory and a root of its own. */
static void *thread_jail(void *unused)
{
	(void)unused;
	must(syscall(SYS_unshare, CLONE_FS) == 0 && chroot("jail") == 0);
	must(mkdir("/made", 0755) == 0);
	settle();
	return NULL;
}

static void threads(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, thread_run, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
	say_file("w", "thread/made/");
	must(pthread_create(&thread, NULL, thread_jail, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
	say_file("w", "jail/made/");
	must(mkdir("made", 0755) == 0);
	say_file("w", "made/");
}

/* Another ABI has other numbers: BUILD/live/path_i386 does what is said here. */
static void compat(void)
{
	char program[4200], number[2] = "";
	char *argv[] = {program, number, NULL};
	pid_t child;
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 && pair[0] < 10);
	number[0] = '0' + pair[0];
	given(pair[1], "given-one", O_RDONLY, "r");
	given(pair[1], "given-two", O_RDWR, "rw");
	given(pair[1], "given-three", O_RDWR | O_APPEND, "ra");
	say_executed(NULL, "sender");
	snprintf(program, sizeof(program), "%s", program_path);
	strcpy(strrchr(program, '/') + 1, "path_i386");
	child = fork();
	if (child == 0) {
		execv(program, argv);
		_exit(126);
	}
	wait_for(child);
	say_file_by(program, "w", "-", "made/");
	say_file_by(program, "w", "-", "at/");
	say_file_by(program, "w", "-", "removed");
	say_file_by(program, "rw", "-", "old");
	say_file_by(program, "w", "-", "new");
	say_file_by(program, "w", "-", "mode");
	say_file_by(program, "w", "-", "own");
	say_file_by(program, "w", "-", "cut");
	say_file_by(program, "w", "-", "symlink");
	say_file_by(program, "r", "-", "given-one");
	say_file_by(program, "rw", "-", "given-two");
	say_file_by(program, "ra", "-", "given-three");
	say_file_by(program, "rwk", "-", "locked");
	say_file_by(program, "rm", "-", "mapped");
}

static const struct path_case cases[] = {
	{"executed", executed,
	 "plain! target! link>target by-descriptor! sub/ sub/at! interpreter! not-executable "
	 "script-link>sub/script-target",
	 executed_prepare},
	{"received", received, "sender! read both append directory/", NULL},
	{"sockets", sockets, "sub/ link>sub", NULL},
	{"threads", threads, "thread/ jail/", NULL},
	{"compat", compat,
	 "sender! given-one given-two given-three removed old mode own cut locked mapped", NULL},
};

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "send") == 0)
		return send_file(argv);
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
