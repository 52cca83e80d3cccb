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

#define ANSWER_MS      5000 /* a recorder that is just beginning loads its programs first */
#define CANDIDATES_MAX 128
#define LISTED_MAX     8
#define LISTED_SIZE    60 /* of what each of them records */

static const char help[] =
	"usage: leastcall mark [OPTION...] [NAME|PID]\n"
	"\n"
	"Tells a running leastcall record that its application has started and is\n"
	"serving: what is called from now on is phase \"serving\" in the recording. Returns\n"
	"when that is so. NAME is the workload's, PID the recorder's; without one there\n"
	"must be only one recorder. SIGUSR1 to the recorder does the same.\n"
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
struct candidate {
	struct sockaddr_un address;
	socklen_t size;
	pid_t pid;
	char name[sizeof(((struct sockaddr_un *)0)->sun_path)];
	bool by_pid; /* it was given by its process id, and nothing else is asked of it */
	int fd;      /* connected, so that nobody else's datagrams come; -1: it is none */
	bool asked;
	char answer[MARK_WORDS_SIZE]; /* "": none yet */
};

struct candidates {
	struct candidate list[CANDIDATES_MAX];
	size_t count;
};

/* One line of /proc/net/unix: "...: ... @leastcall/mark/PID/NAME", where @ stands for the NUL. */
static bool candidate_parse(const char *line, struct candidate *ret)
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
	*ret = (struct candidate){.address.sun_family = AF_UNIX, .fd = -1};
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
static bool candidate_matches(struct candidate *candidate, const char *wanted)
{
	char text[32];
	struct stat process;

	snprintf(text, sizeof(text), "%d", candidate->pid);
	candidate->by_pid = wanted && !strcmp(wanted, text);
	if (wanted && !candidate->by_pid && strcmp(wanted, candidate->name) != 0)
		return false;
	snprintf(text, sizeof(text), "/proc/%d", candidate->pid);
	return stat(text, &process) == 0 &&
	       (candidate->by_pid || process.st_uid == 0 || process.st_uid == geteuid());
}

/* A name with a newline in it makes lines of its own: each address counts once. */
static bool candidates_have(const struct candidates *candidates, const struct candidate *candidate)
{
	size_t i;

	for (i = 0; i < candidates->count; i++)
		if (candidates->list[i].size == candidate->size &&
		    !memcmp(&candidates->list[i].address, &candidate->address, candidate->size))
			return true;
	return false;
}

static int candidates_list(const char *wanted, struct candidates *ret, struct err *err)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/unix", "re");
	_cleanup_free_ char *line = NULL;
	struct candidate candidate;
	size_t size = 0;

	if (!file)
		return err_errno(err, -errno, "cannot read /proc/net/unix");
	while (getline(&line, &size, file) > 0) {
		if (!candidate_parse(line, &candidate) || !candidate_matches(&candidate, wanted) ||
		    candidates_have(ret, &candidate))
			continue;
		if (ret->count == CANDIDATES_MAX)
			return err_set(err, -E2BIG,
				       "more than %d sockets have a recorder's name%s%s: send "
				       "SIGUSR1 to the recorder, that sets the mark, too",
				       CANDIDATES_MAX, wanted ? " for " : "", wanted ? wanted : "");
		ret->list[ret->count++] = candidate;
	}
	return 0;
}

static void candidate_drop(struct candidate *candidate)
{
	if (candidate->fd >= 0)
		close(candidate->fd);
	candidate->fd = -1;
}

static void candidates_drop(struct candidates *candidates)
{
	while (candidates->count)
		candidate_drop(&candidates->list[--candidates->count]);
}

/* To be answered, a socket needs an address: connect() gives it one (unix(7), autobind). */
static void candidate_connect(struct candidate *candidate)
{
	candidate->fd = mark_fd_make();
	if (candidate->fd < 0)
		return;
	if (connect(candidate->fd, (const struct sockaddr *)&candidate->address, candidate->size) !=
	    0)
		candidate_drop(candidate);
}

/* Asks, or hears the answer; who answers and is not the process of that name is no recorder. */
static void candidate_talk(struct candidate *candidate, const char *words)
{
	struct mark_message message;
	int r = 0;

	if (!candidate->asked) {
		if (send(candidate->fd, words, strlen(words), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			r = -errno;
		candidate->asked = r == 0;
	} else {
		r = mark_receive(candidate->fd, &message);
		if (r == 0 && message.who.pid == candidate->pid &&
		    (candidate->by_pid || message.who.uid == 0 || message.who.uid == geteuid()))
			memcpy(candidate->answer, message.words, sizeof(candidate->answer));
		else if (r == 0)
			r = -EPERM;
	}
	if (r < 0 && r != -EAGAIN)
		candidate_drop(candidate);
}

/* Asks all of them, until each has answered or the time is over. Others' sockets may be full. */
static void candidates_ask(struct candidate *list, size_t count, const char *words)
{
	uint64_t end = monotonic_ns() + ANSWER_MS * 1000000ull, now;
	struct pollfd fds[CANDIDATES_MAX];
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
				candidate_talk(&list[i], words);
	}
}

static bool is_recorder(const struct candidate *candidate)
{
	return mark_words_after(candidate->answer, MARK_HERE);
}

/* "123 (container web), 456 (command nginx)": for people to choose from. */
static char *recorders_words(const struct candidates *candidates)
{
	size_t size = 0, listed = 0, i;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return xstrdup("");
	for (i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		if (!is_recorder(one) || ++listed > LISTED_MAX)
			continue;
		fprintf(out, "%s%d (%.*s)", listed > 1 ? ", " : "", one->pid, LISTED_SIZE,
			mark_words_after(one->answer, MARK_HERE));
	}
	if (listed > LISTED_MAX)
		fprintf(out, " and %zu more", listed - LISTED_MAX);
	fclose(out);
	return text;
}

/* The only recorder there is, connected. */
static int candidate_find(struct candidates *candidates, const char *wanted, struct candidate **ret,
			  struct err *err)
{
	const char *of = wanted ? " for " : "", *name = wanted ? wanted : "";
	_cleanup_free_ char *all = NULL;
	size_t i, found = 0;
	int r = candidates_list(wanted, candidates, err);

	if (r < 0)
		return r;
	if (!candidates->count)
		return err_set(err, -ESRCH, "no leastcall record is running%s%s", of, name);
	for (i = 0; i < candidates->count; i++)
		candidate_connect(&candidates->list[i]);
	candidates_ask(candidates->list, candidates->count, MARK_QUESTION);
	for (i = 0; i < candidates->count; i++) {
		if (!is_recorder(&candidates->list[i]))
			continue;
		*ret = &candidates->list[i];
		found++;
	}
	if (found > 1) {
		all = recorders_words(candidates);
		return err_set(err, -EINVAL,
			       "%zu recorders are running%s%.100s: say which by its process id: %s",
			       found, of, name, all);
	}
	if (!found)
		return err_set(err, -ETIMEDOUT,
			       "no leastcall record answers%s%s: only root and its own user may "
			       "set the mark",
			       of, name);
	return 0;
}

static int candidate_tell(struct candidate *candidate, struct err *err)
{
	const char *why;
	bool already;

	candidates_ask(candidate, 1, MARK_REQUEST);
	why = mark_words_after(candidate->answer, MARK_FAILED);
	if (why)
		return err_set(err, -EIO, "the recorder %d failed to set the mark: %s",
			       candidate->pid, why);
	already = !strcmp(candidate->answer, MARK_ALREADY);
	if (!already && strcmp(candidate->answer, MARK_DONE) != 0)
		return err_set(err, -ETIMEDOUT, "the recorder %d did not set the mark",
			       candidate->pid);
	hint("%s %s", candidate->name, already ? "was marked already" : "is serving");
	return 0;
}

int cmd_mark(int argc, char **argv, struct err *err)
{
	struct candidates candidates = {};
	struct candidate *candidate = NULL;
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
	r = candidate_find(&candidates, argv[optind], &candidate, err);
	if (r == 0)
		r = candidate_tell(candidate, err);
	candidates_drop(&candidates);
	return r;
}
