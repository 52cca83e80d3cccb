/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall mark: tells a recorder that its application is serving now. When it returns, the mark is
 * set. A socket with a recorder's name need not be a recorder's: all that have such a name are asked,
 * and who answers as the process that the name gives is one.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "mark.h"
#include "util/clock.h"

#define ANSWER_MS     5000 /* a recorder that is just beginning loads its programs first */
#define RECORDERS_MAX 128

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

/* One that may be a recorder. */
struct recorder {
	struct sockaddr_un address;
	socklen_t size;
	pid_t pid;
	char name[sizeof(((struct sockaddr_un *)0)->sun_path)];
	bool by_pid; /* it was given by its process id, and nothing else is asked of it */
	int fd;      /* connected, so that nobody else's datagrams come; -1: it is none */
	bool asked;
	char answer[sizeof(((struct mark_message *)0)->words)]; /* "": none yet */
};

struct recorders {
	struct recorder list[RECORDERS_MAX];
	size_t count;
};

/* One line of /proc/net/unix: "...: ... @leastcall/mark/PID/NAME", where @ stands for the NUL. */
static bool recorder_parse(const char *line, struct recorder *ret)
{
	static const char prefix[] = " @" MARK_PREFIX;
	const char *at = strstr(line, prefix), *digits;
	size_t length;
	char *end;
	long pid;

	if (!at)
		return false;
	at += 2;
	length = strcspn(at, "\n");
	if (length >= sizeof(ret->address.sun_path))
		return false;
	*ret = (struct recorder){.address.sun_family = AF_UNIX, .fd = -1};
	memcpy(ret->address.sun_path + 1, at, length);
	ret->size = offsetof(struct sockaddr_un, sun_path) + 1 + length;
	digits = ret->address.sun_path + 1 + strlen(MARK_PREFIX);
	pid = strtol(digits, &end, 10);
	if (*digits < '1' || *digits > '9' || *end != '/' || pid > INT_MAX)
		return false;
	ret->pid = (pid_t)pid;
	snprintf(ret->name, sizeof(ret->name), "%s", end + 1);
	return true;
}

/* Is it the one that was meant, and may its process be a recorder whose word counts? */
static bool recorder_matches(struct recorder *recorder, const char *wanted)
{
	char text[32];
	struct stat process;

	snprintf(text, sizeof(text), "%d", recorder->pid);
	recorder->by_pid = wanted && !strcmp(wanted, text);
	if (wanted && !recorder->by_pid && strcmp(wanted, recorder->name) != 0)
		return false;
	snprintf(text, sizeof(text), "/proc/%d", recorder->pid);
	return stat(text, &process) == 0 &&
	       (recorder->by_pid || process.st_uid == 0 || process.st_uid == geteuid());
}

/* A name with a newline in it makes lines of its own: each address counts once. */
static bool recorders_have(const struct recorders *recorders, const struct recorder *recorder)
{
	size_t i;

	for (i = 0; i < recorders->count; i++)
		if (recorders->list[i].size == recorder->size &&
		    !memcmp(&recorders->list[i].address, &recorder->address, recorder->size))
			return true;
	return false;
}

static int recorders_list(const char *wanted, struct recorders *ret, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/unix", "re");
	_cleanup_free_ char *line = NULL;
	struct recorder recorder;
	size_t size = 0;

	if (!file)
		return err_errno(err, -errno, "cannot read /proc/net/unix");
	while (getline(&line, &size, file) > 0) {
		if (!recorder_parse(line, &recorder) || !recorder_matches(&recorder, wanted) ||
		    recorders_have(ret, &recorder))
			continue;
		if (ret->count == RECORDERS_MAX)
			return err_set(err, -E2BIG,
				       "more than %d sockets have a recorder's name%s%s: send "
				       "SIGUSR1 to the recorder, that sets the mark, too",
				       RECORDERS_MAX, wanted ? " for " : "", wanted ? wanted : "");
		ret->list[ret->count++] = recorder;
	}
	return 0;
}

static void recorder_drop(struct recorder *recorder)
{
	if (recorder->fd >= 0)
		close(recorder->fd);
	recorder->fd = -1;
}

static void recorders_drop(struct recorders *recorders)
{
	while (recorders->count)
		recorder_drop(&recorders->list[--recorders->count]);
}

/* To be answered, a socket needs an address: connect() gives it one (unix(7), autobind). */
static void recorder_connect(struct recorder *recorder)
{
	recorder->fd = mark_fd_make();
	if (recorder->fd < 0)
		return;
	if (connect(recorder->fd, (const struct sockaddr *)&recorder->address, recorder->size) != 0)
		recorder_drop(recorder);
}

/* Asks, or hears the answer; who answers and is not the process of that name is no recorder. */
static void recorder_talk(struct recorder *recorder, const char *words)
{
	struct mark_message message;
	int r = 0;

	if (!recorder->asked) {
		if (send(recorder->fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			r = -errno;
		recorder->asked = r == 0;
	} else {
		r = mark_receive(recorder->fd, &message);
		if (r == 0 && message.who.pid == recorder->pid &&
		    (recorder->by_pid || message.who.uid == 0 || message.who.uid == geteuid()))
			memcpy(recorder->answer, message.words, sizeof(recorder->answer));
		else if (r == 0)
			r = -EPERM;
	}
	if (r < 0 && r != -EAGAIN)
		recorder_drop(recorder);
}

/* Asks all of them, until each has answered or the time is over. Others' sockets may be full. */
static void recorders_ask(struct recorder *list, size_t count, const char *words)
{
	uint64_t end = monotonic_ns() + ANSWER_MS * 1000000ull, now;
	struct pollfd fds[RECORDERS_MAX];
	size_t i, open;

	for (i = 0; i < count; i++) {
		list[i].asked = false;
		list[i].answer[0] = '\0';
	}
	while ((now = monotonic_ns()) < end) {
		for (i = open = 0; i < count; i++) {
			fds[i].fd = list[i].answer[0] ? -1 : list[i].fd;
			fds[i].events = list[i].asked ? POLLIN : POLLOUT;
			fds[i].revents = 0;
			open += fds[i].fd >= 0;
		}
		if (!open || poll(fds, count, (int)((end - now) / 1000000)) <= 0)
			return;
		for (i = 0; i < count; i++)
			if (fds[i].revents)
				recorder_talk(&list[i], words);
	}
}

/* The only recorder there is, connected. */
static int recorder_find(struct recorders *recorders, const char *wanted, struct recorder **ret,
			 struct err *err)
{
	const char *of = wanted ? " for " : "", *name = wanted ? wanted : "";
	size_t i, found = 0;
	int r = recorders_list(wanted, recorders, err);

	if (r < 0)
		return r;
	if (!recorders->count)
		return err_set(err, -ESRCH, "no leastcall record is running%s%s", of, name);
	for (i = 0; i < recorders->count; i++)
		recorder_connect(&recorders->list[i]);
	recorders_ask(recorders->list, recorders->count, MARK_QUESTION);
	for (i = 0; i < recorders->count; i++) {
		if (strcmp(recorders->list[i].answer, MARK_HERE) != 0)
			continue;
		*ret = &recorders->list[i];
		found++;
	}
	if (found > 1)
		return err_set(err, -EINVAL,
			       "%zu recorders are running%s%s: say which by its process id", found,
			       of, name);
	if (!found)
		return err_set(err, -ETIMEDOUT,
			       "no leastcall record answers%s%s: only root and its own user may "
			       "set the mark",
			       of, name);
	return 0;
}

static int recorder_tell(struct recorder *recorder, struct err *err)
{
	bool already;

	recorders_ask(recorder, 1, MARK_REQUEST);
	already = !strcmp(recorder->answer, MARK_ALREADY);
	if (!already && strcmp(recorder->answer, MARK_DONE) != 0)
		return err_set(err, -ETIMEDOUT, "the recorder %d did not set the mark",
			       recorder->pid);
	hint("%s %s", recorder->name, already ? "was marked already" : "is serving");
	return 0;
}

int cmd_mark(int argc, char **argv, struct err *err)
{
	struct recorders recorders = {};
	struct recorder *recorder = NULL;
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
	r = recorder_find(&recorders, argv[optind], &recorder, err);
	if (r == 0)
		r = recorder_tell(recorder, err);
	recorders_drop(&recorders);
	return r;
}
