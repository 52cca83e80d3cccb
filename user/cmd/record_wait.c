/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Between attaching and detaching: signals, the clock, progress, and when it is over. Looks at the
 * ring buffer ten times a second: what is new is rare, and nothing depends on seeing it at once.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "mark.h"
#include "record.h"
#include "trace/process.h"
#include "util/clock.h"

#define TICK_MS       100
#define TICK_MS_SOON  10 /* once the command has ended and others of it are left */
#define TICK_MS_DOUBT 5  /* while a runtime may still say whose a cgroup is */
#define LEFTOVERS_SEC 2
#define LINGER_SEC    2 /* a container that is started again */

static double seconds_since(uint64_t ns)
{
	return (monotonic_ns() - ns) / 1e9;
}

/*
 * nohup's SIGHUP stays ignored: blocked, it would come through the descriptor all the same. SIGINT
 * does not, though a shell has its background jobs ignore it: `kill -INT` is how scripts end a
 * recording. SIGPIPE and SIGXFSZ are only to fail writes.
 */
void record_signals(sigset_t *ret)
{
	struct sigaction action;

	sigemptyset(ret);
	sigaddset(ret, SIGINT);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGQUIT);
	sigaddset(ret, SIGCHLD);
	sigaddset(ret, SIGPIPE);
	sigaddset(ret, SIGXFSZ);
	sigaddset(ret, SIGUSR1);
	if (sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
		sigaddset(ret, SIGHUP);
}

struct waiting {
	const struct record_wait *wait;
	struct record_end *end;
	uint64_t began_ns;
	uint64_t command_ended_ns;
	unsigned signals;
	bool leftovers_said;
	bool has_lived; /* a task of what was waited for */
	uint64_t looked_ns;
	uint64_t empty_ns; /* since when nothing of the target lives; 0: something does */
	struct err said;   /* the last failure of tracer_drain() */
	bool loss_said;
	bool mark_failed;
	struct err mark_err;
	bool is_left; /* by who looked on */
};

/* True where it is set now. What failed is not tried again: some of the tasks may have it. */
static bool mark_set(struct waiting *w)
{
	if (!w->mark_failed && tracer_mark(w->wait->tracer, &w->mark_err) < 0) {
		w->mark_failed = true;
		say("%s", w->mark_err.text);
	}
	return !w->mark_failed && tracer_is_marked(w->wait->tracer);
}

/* The same failure may come with every new cgroup: it is said once. */
static void drain(struct waiting *w)
{
	struct err err = {};

	if (tracer_drain(w->wait->tracer, &err) == 0 || !strcmp(err.text, w->said.text))
		return;
	say("%s", err.text);
	w->said = err;
}

/* Somebody says that the application is serving now: leastcall mark. */
static void mark_take(struct waiting *w)
{
	struct sockaddr_un from;
	socklen_t size;

	while (mark_socket_asked(w->wait->mark, &from, &size)) {
		_cleanup_free_ char *failed = NULL;
		const char *words = tracer_is_marked(w->wait->tracer) ? MARK_ALREADY : MARK_DONE;

		if (!mark_set(w))
			words = failed = xasprintf(MARK_FAILED " %s", w->mark_err.text);
		mark_socket_answer(w->wait->mark, &from, size, words);
	}
}

/* Was it the time that was given? */
static void mark_time(struct waiting *w)
{
	double after = w->wait->options->serving_seconds;

	if (after > 0 && seconds_since(w->began_ns) >= after)
		mark_set(w);
}

static void command_reap(struct waiting *w)
{
	int status;

	if (!w->wait->command || w->command_ended_ns ||
	    waitpid(w->wait->command, &status, WNOHANG) != w->wait->command)
		return;
	w->end->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	w->command_ended_ns = monotonic_ns();
}

/* What the terminal sends it sends to the command too; what a process sends to us is passed on. */
static void signal_take(struct waiting *w, const struct signalfd_siginfo *info)
{
	bool from_terminal = info->ssi_code == SI_KERNEL;

	if (info->ssi_signo == SIGCHLD || info->ssi_signo == SIGPIPE || info->ssi_signo == SIGXFSZ)
		return;
	if (info->ssi_signo == SIGUSR1) {
		mark_set(w);
		return;
	}
	w->signals++;
	w->end->is_told = true;
	if (!w->wait->command || w->command_ended_ns || w->signals > 1)
		w->end->signal = info->ssi_signo;
	else if (!from_terminal)
		kill(w->wait->command, info->ssi_signo);
}

static bool process_is_over(const struct record_wait *wait)
{
	uint64_t start;

	return process_stat(wait->pid, NULL, &start) < 0 || start != wait->pid_start;
}

static bool pod_is_there(const struct record_wait *wait)
{
	_cleanup_free_ char *directory = NULL;

	if (!wait->judge->pod)
		return false;
	directory = xasprintf("%s%s", wait->mount, wait->judge->pod);
	return access(directory, F_OK) == 0;
}

/* Nothing of it has lived for a while. */
static bool has_ended(struct waiting *w)
{
	if (tracer_live(w->wait->tracer) > 0 || pod_is_there(w->wait)) {
		w->empty_ns = 0;
		return false;
	}
	if (!w->empty_ns)
		w->empty_ns = monotonic_ns();
	return seconds_since(w->empty_ns) >= LINGER_SEC;
}

/* What was waited for has come. */
static void arrival_say(struct waiting *w)
{
	struct tracer_progress progress;

	if (w->has_lived || w->wait->command || !tracer_wanted(w->wait->tracer))
		return;
	tracer_progress(w->wait->tracer, &progress); /* it may have been short */
	if (!progress.distinct && tracer_live(w->wait->tracer) <= 0)
		return;
	w->has_lived = true;
	if (!w->wait->has_lived)
		hint("%s", w->wait->options->watcher ? "watching" : "recording");
}

/* It may wait for what has gone by: that is not left to the end. */
static void loss_say(struct waiting *w)
{
	if (w->loss_said || w->wait->command || !tracer_lacks_cgroups(w->wait->tracer))
		return;
	w->loss_said = true;
	say("too many cgroups are made on this host: what is %s may be missed, and the recording "
	    "will be incomplete",
	    w->has_lived || w->wait->has_lived ? "recorded" : "waited for");
}

static bool target_is_over(struct waiting *w)
{
	const struct record_wait *wait = w->wait;

	if (wait->command) {
		if (!w->command_ended_ns)
			return false;
		if (tracer_live(wait->tracer) <= 0)
			return true;
		if (!w->leftovers_said && seconds_since(w->command_ended_ns) > LEFTOVERS_SEC) {
			w->leftovers_said = true;
			hint("the command has ended and left %lld tasks behind: recording until "
			     "they end, or Ctrl-C",
			     (long long)tracer_live(wait->tracer));
		}
		return false;
	}
	if (seconds_since(w->looked_ns) < TICK_MS / 1e3)
		return false;
	w->looked_ns = monotonic_ns();
	if (wait->options->wait)
		return false;
	if (wait->lingers)
		return (w->has_lived || wait->has_lived) && has_ended(w);
	if (wait->cgroup) /* one that is merely empty may be between two steps of a job */
		return tracer_wanted(wait->tracer) && access(wait->cgroup, F_OK) != 0;
	if (wait->pid)
		return process_is_over(wait) && tracer_live(wait->tracer) <= 0;
	return false;
}

static void progress_print(struct waiting *w)
{
	struct tracer_progress progress;

	tracer_progress(w->wait->tracer, &progress);
	fprintf(stderr, "\r%5.0f s  %llu calls  %zu distinct", seconds_since(w->began_ns),
		(unsigned long long)progress.calls, progress.distinct);
	if (progress.last_new_ns)
		fprintf(stderr, "  last new one %.0f s ago", seconds_since(progress.last_new_ns));
	fputs("\033[K", stderr);
	fflush(stderr);
}

/* Who looks on may have seen enough. */
static void watcher_look(struct waiting *w)
{
	const struct watcher *watcher = w->wait->options->watcher;

	if (watcher && !watcher->look(watcher->ctx, w->wait->tracer))
		w->is_left = true;
}

static bool is_over(struct waiting *w)
{
	double duration = w->wait->options->duration;

	command_reap(w);
	return w->end->signal || w->is_left || target_is_over(w) ||
	       (duration > 0 && seconds_since(w->began_ns) >= duration);
}

static int tick_ms(const struct waiting *w)
{
	double left, duration = w->wait->options->duration;

	if (w->command_ended_ns && !w->leftovers_said)
		return TICK_MS_SOON;
	if (judge_doubts(w->wait->judge))
		return TICK_MS_DOUBT;
	left = duration > 0 ? (duration - seconds_since(w->began_ns)) * 1e3 + 1 : TICK_MS;
	if (left < 0)
		return 0;
	return left < TICK_MS ? left : TICK_MS;
}

int record_wait(const struct record_wait *wait, struct record_end *ret, struct err *err)
{
	const struct watcher *watcher = wait->options->watcher;
	struct waiting w = {.wait = wait, .end = ret, .began_ns = monotonic_ns()};
	_cleanup_close_ int fd = -1;
	uint64_t progress_ns = 0;
	sigset_t signals;

	*ret = (struct record_end){.status = -1};
	record_signals(&signals);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_errno(err, -errno, "cannot wait for signals");
	while (!is_over(&w)) {
		struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
				       {.fd = tracer_fd(wait->tracer), .events = POLLIN},
				       {.fd = wait->mark->fd, .events = POLLIN},
				       {.fd = watcher ? watcher->fd : -1, .events = POLLIN}};
		struct signalfd_siginfo info;

		if (poll(fds, ARRAY_SIZE(fds), tick_ms(&w)) < 0 && errno != EINTR)
			return err_errno(err, -errno, "cannot wait for signals");
		while (read(fd, &info, sizeof(info)) == sizeof(info))
			signal_take(&w, &info);
		mark_take(&w);
		mark_time(&w);
		drain(&w);
		arrival_say(&w);
		loss_say(&w);
		watcher_look(&w);
		wait->tick(wait->ctx);
		if (wait->options->progress && seconds_since(progress_ns) >= 1) {
			progress_ns = monotonic_ns();
			progress_print(&w);
		}
	}
	if (wait->options->progress)
		fputc('\n', stderr);
	return 0;
}
