/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall mark: tells a recorder that its application is serving now. When it returns, the mark is
 * set.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmd.h"
#include "mark.h"

#define ANSWER_MS 5000

static const char help[] =
	"usage: leastcall mark [OPTION...] [NAME|PID]\n"
	"\n"
	"Tells a running leastcall record that its application has started and is serving:\n"
	"what is called from now on is phase \"serving\" in the recording. Returns when that is\n"
	"so. NAME is the workload's, PID the recorder's; without one there must be only one\n"
	"recorder. SIGUSR1 to the recorder does the same.\n"
	"\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"  sudo leastcall mark nginx\n";

static const struct option long_options[] = {
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* A recorder that can be told. */
struct recorder {
	struct sockaddr_un address;
	socklen_t size;
	long pid;
	char name[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* One line of /proc/net/unix: "...: ... @leastcall/mark/PID/NAME", where @ stands for the NUL. */
static bool recorder_parse(const char *line, struct recorder *ret)
{
	static const char prefix[] = " @" MARK_PREFIX;
	const char *at = strstr(line, prefix);
	size_t length;
	char *end;

	if (!at)
		return false;
	at += 2;
	length = strcspn(at, "\n");
	if (length >= sizeof(ret->address.sun_path))
		return false;
	*ret = (struct recorder){.address.sun_family = AF_UNIX};
	memcpy(ret->address.sun_path + 1, at, length);
	ret->size = offsetof(struct sockaddr_un, sun_path) + 1 + length;
	ret->pid = strtol(ret->address.sun_path + 1 + strlen(MARK_PREFIX), &end, 10);
	if (*end != '/')
		return false;
	snprintf(ret->name, sizeof(ret->name), "%s", end + 1);
	return true;
}

static bool recorder_matches(const struct recorder *recorder, const char *wanted)
{
	char pid[24];

	snprintf(pid, sizeof(pid), "%ld", recorder->pid);
	return !wanted || !strcmp(wanted, recorder->name) || !strcmp(wanted, pid);
}

static int recorder_find(const char *wanted, struct recorder *ret, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/unix", "re");
	_cleanup_free_ char *line = NULL;
	struct recorder recorder;
	size_t size = 0, found = 0;

	if (!file)
		return err_errno(err, -errno, "cannot read /proc/net/unix");
	while (getline(&line, &size, file) > 0) {
		if (!recorder_parse(line, &recorder) || !recorder_matches(&recorder, wanted))
			continue;
		*ret = recorder;
		found++;
	}
	if (found == 1)
		return 0;
	if (found)
		return err_set(err, -EINVAL,
			       "%zu recorders are running%s%s: say which by its process id", found,
			       wanted ? " for " : "", wanted ? wanted : "");
	return err_set(err, -ESRCH, "no leastcall record is running%s%s", wanted ? " for " : "",
		       wanted ? wanted : "");
}

static int recorder_tell(const struct recorder *recorder, char *ret_answer, size_t room,
			 struct err *err)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un own = {.sun_family = AF_UNIX};
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	ssize_t size;

	/* an address of the kernel's choice, to be answered at: unix(7), autobind */
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own.sun_family)) != 0)
		return err_errno(err, -errno, "cannot make a socket");
	if (sendto(fd, MARK_REQUEST, strlen(MARK_REQUEST), 0,
		   (const struct sockaddr *)&recorder->address, recorder->size) < 0)
		return err_errno(err, -errno, "cannot reach the recorder %ld", recorder->pid);
	if (poll(&poll_fd, 1, ANSWER_MS) != 1)
		return err_set(err, -ETIMEDOUT,
			       "the recorder %ld does not answer: only root and its own user may "
			       "set the mark",
			       recorder->pid);
	size = recv(fd, ret_answer, room - 1, 0);
	if (size < 0)
		return err_errno(err, -errno, "cannot read the answer of the recorder %ld",
				 recorder->pid);
	ret_answer[size] = '\0';
	return 0;
}

int cmd_mark(int argc, char **argv, struct err *err)
{
	struct recorder recorder = {};
	char answer[64];
	int option, r;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option != 'q')
			return option_error("mark", option, argv);
		quiet = true;
	}
	if (argc - optind > 1)
		return usage_error("mark", "one NAME or PID, please");
	r = recorder_find(argv[optind], &recorder, err);
	if (r == 0)
		r = recorder_tell(&recorder, answer, sizeof(answer), err);
	if (r == 0)
		hint("%s %s", recorder.name,
		     !strcmp(answer, "already") ? "was marked already" : "is serving");
	return r;
}
