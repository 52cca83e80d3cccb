/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A command under a profile that nobody traces: what is denied, seccomp asks about. A filter that kills
 * does not ask.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "enforced_internal.h"
#include "profile/filter_answer.h"
#include "record.h"
#include "util/clock.h"

#define TICK_MS       1 /* until the filter is loaded: the child may say nothing from then on */
#define LEFTOVERS_SEC 2

struct watching {
	struct blind *blind;
	struct command command;
	const char *path;
	bool awaits_listener;
	bool leftovers_said;
	uint64_t ended_ns; /* the command; 0: it runs */
	int signals;       /* that came */
	int signal;        /* the one that ends the watching; 0 */
};

static uint32_t filter_ask(void *ctx, const struct seccomp_data *data)
{
	return filter_answer(ctx, data);
}

/* As record does: what the terminal sends it sends to the command, too. */
static void signal_take(struct watching *w, const struct signalfd_siginfo *info)
{
	if (info->ssi_signo == SIGCHLD || info->ssi_signo == SIGPIPE || info->ssi_signo == SIGXFSZ)
		return;
	w->signals++;
	if (w->ended_ns || w->signals > 1)
		w->signal = (int)info->ssi_signo;
	else if (info->ssi_code != SI_KERNEL)
		kill(w->command.pid, (int)info->ssi_signo);
}

static void listener_look(struct watching *w)
{
	int fd;

	if (!w->awaits_listener)
		return;
	fd = command_listener(&w->command);
	w->awaits_listener = fd == -EAGAIN && !w->ended_ns;
	if (fd >= 0)
		w->blind->listener.fd = fd;
	else if (fd != -EAGAIN)
		w->blind->refused = fd;
}

/* Its outcome is asked for before it is reaped, for its place in /proc goes then. */
static void command_look(struct watching *w)
{
	struct blind *blind = w->blind;
	siginfo_t info = {};
	int status = 0;

	if (w->ended_ns ||
	    waitid(P_PID, (id_t)w->command.pid, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
		return;
	w->ended_ns = monotonic_ns();
	listener_look(w);
	if (w->command.report)
		blind->outcome = command_outcome(&w->command, w->path, &blind->why);
	blind->code = w->command.code;
	waitpid(w->command.pid, &status, 0);
	blind->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Where nobody asks it ends with the command, else with the last one that may ask. */
static bool is_over(struct watching *w)
{
	command_look(w);
	listener_look(w);
	if (w->signal)
		return true;
	if (!w->ended_ns || w->blind->listener.fd < 0)
		return w->ended_ns;
	if (!w->leftovers_said && monotonic_ns() - w->ended_ns > LEFTOVERS_SEC * 1000000000ull) {
		w->leftovers_said = true;
		hint("the command has ended and left processes behind: watching them until they "
		     "end, or Ctrl-C");
	}
	return false;
}

static int tick_ms(const struct watching *w)
{
	if (w->awaits_listener)
		return TICK_MS;
	return w->ended_ns && !w->leftovers_said ? LEFTOVERS_SEC * 1000 + 1 : -1;
}

static int watch(struct watching *w, int signals_fd, struct err *err)
{
	struct listener *listener = &w->blind->listener;
	struct signalfd_siginfo info;

	while (!is_over(w)) {
		struct pollfd fds[] = {{.fd = signals_fd, .events = POLLIN},
				       {.fd = listener->fd, .events = POLLIN}};

		if (poll(fds, ARRAY_SIZE(fds), tick_ms(w)) < 0 && errno != EINTR)
			return err_errno(err, -errno, "cannot wait for the command");
		while (read(signals_fd, &info, sizeof(info)) == sizeof(info))
			signal_take(w, &info);
		if (fds[1].revents & POLLIN)
			listener_serve(listener);
		else if (fds[1].revents && w->ended_ns)
			break; /* nobody is left */
		else if (fds[1].revents)
			poll(fds, 1, TICK_MS); /* ... but the command is not reaped yet */
	}
	if (w->signal)
		w->blind->status = 128 + w->signal;
	return 0;
}

int blind_run(const struct enforced *enforced, const struct confine *confine, struct blind *ret,
	      struct err *err)
{
	struct watching w = {.blind = ret, .path = enforced->path};
	_cleanup_close_ int fd = -1;
	sigset_t signals, mask;
	int r;

	*ret = (struct blind){};
	ret->listener = (struct listener){
		.fd = -1, .answer = filter_ask, .ctx = (void *)&enforced->profile->filter};
	record_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	r = fd < 0 ? err_errno(err, -errno, "cannot wait for signals") : 0;
	w.command.confine = confine;
	w.awaits_listener = confine->asking.len > 0;
	if (r == 0)
		r = command_spawn(&w.command, enforced->path, enforced->command, NULL, &mask, err);
	if (r == 0) {
		ret->outcome = command_release(&w.command, enforced->path, &ret->why);
		r = watch(&w, fd, err);
	}
	if (ret->listener.fd >= 0)
		close(ret->listener.fd);
	ret->listener.fd = -1;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return r;
}
