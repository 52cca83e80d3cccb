/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall record: the main job, from beginning to end. Options are in record_options.c, finding the
 * target in record_target.c, waiting in record_wait.c, where facts go in record_sink.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "record.h"
#include "trace/features.h"

static void run_id_make(char run[17])
{
	uint64_t id;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id))
		id = (uint64_t)time(NULL) << 32 | getpid();
	snprintf(run, 17, "%016llx", (unsigned long long)id);
}

static int session_begin(struct session *session, struct recorder *recorder, struct err *err)
{
	const struct record_options *options = &recorder->options;
	int r = recorder->path ? 0 : recorder_open(recorder, session->name, err);

	if (r < 0)
		return r;
	session->trace.files = !options->no_files;
	session->trace.stacks = options->stacks;
	session->trace.args = options->args;
	session->trace.btf = options->btf;
	session->trace.ring_size = options->ring_size;
	session->trace.run = session->run;
	session->trace.mark_on_accept = options->serving_accept;
	session->trace.mark_on_text = options->serving_text;
	session->trace.sink = (struct sink){recorder_add, recorder};
	run_id_make(session->run);
	recorder_add_header(recorder, session->run, session->what, session->target);
	if (recorder->path)
		mark_socket_open(&session->mark, session->name, session->what, session->target);
	session->wait.mark = &session->mark;
	r = tracer_open(&session->tracer, &session->trace, err);
	if (r == 0)
		r = session_place_again(session, err);
	if (r < 0 || options->command || !tracer_wanted(session->tracer) ||
	    tracer_live(session->tracer) <= 0)
		return r;
	session->wait.has_lived = true;
	recorder_add_note(recorder, session->run, "already-running",
			  "was running before the recording began: what it did until then is not "
			  "in it");
	return 0;
}

/* Lets the command go. Returns 0, an exit status, or a negative errno. */
static int session_release(struct session *session, struct err *err)
{
	int r;

	tracer_start_clock(session->tracer);
	session->spawned = false;
	session->wait.command = session->command.pid;
	session->is_released = true;
	r = command_release(&session->command, session->path, err);
	session->has_started = r == 0;
	if (r == 0)
		return 0;
	if (r == -EPERM)
		return r;
	say("%s", err->text);
	return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

/* What came of the runs so far. */
struct outcome {
	unsigned int runs;
	int status; /* the first one that is not 0 */
	int signal; /* the one that ended the recording; 0: none */
	bool lost;  /* one of them is incomplete */
	bool is_over;
};

static int exit_status_of(const struct recorder *recorder, const struct outcome *outcome)
{
	if (outcome->status)
		return outcome->status;
	if (outcome->lost)
		return EXIT_INCOMPLETE;
	if (recorder->options.command && outcome->signal)
		return 128 + outcome->signal;
	return 0;
}

/* What was waited for did not come: there is nothing to make profiles of. */
static int nothing_came(struct session *session, struct recorder *recorder)
{
	say("%s did not come: nothing was recorded (leastcall targets tells what is there)",
	    session->target);
	recorder_abandon(recorder);
	return EXIT_FINDING;
}

static int run_end(struct session *session, struct recorder *recorder, struct outcome *outcome,
		   struct err *err)
{
	const struct record_options *options = &recorder->options;
	const struct record_end *end = &session->end;
	int r;

	session->judge.last = true;
	r = tracer_finish(session->tracer, end->status, &session->is_complete, err);
	if (r == 0 && !options->command && !tracer_wanted(session->tracer))
		return nothing_came(session, recorder);
	outcome->runs++;
	outcome->lost = outcome->lost || !session->is_complete;
	outcome->signal = end->signal;
	outcome->is_over = end->is_told || outcome->runs == options->runs;
	if (end->status > 0 && options->runs > 1)
		hint("run %u of %u: exit status %d", outcome->runs, options->runs, end->status);
	if (end->status > 0 && !outcome->status)
		outcome->status = end->status;
	return r;
}

/* One run into the recording. Returns 0, an exit status where there was none, or a negative errno. */
static int run_record(struct recorder *recorder, struct session *session, const sigset_t *mask,
		      struct outcome *outcome, struct err *err)
{
	const struct record_options *options = &recorder->options;
	int r;

	session->is_last = outcome->runs + 1 == options->runs;
	r = session_place(session, options, mask, err);
	session->wait.options = options;
	if (r == 0)
		r = session_begin(session, recorder, err);
	/* A container may live for milliseconds, and what tells whose it is goes with it: the
	 * recorder, which mostly sleeps, is to be awake then. Without the right it does what it can. */
	if (r == 0 && !options->command)
		setpriority(PRIO_PROCESS, 0, -20);
	if (r == 0)
		r = privileges_lower(session, err);
	if (r == 0 && options->command)
		r = session_release(session, err);
	if (r != 0) {
		privileges_raise();
		if (!outcome->runs)
			recorder_abandon(recorder);
		return r;
	}
	session->wait.tracer = session->tracer;
	session->wait.tick = recorder_flush;
	session->wait.ctx = recorder;
	if (!options->command)
		hint("%s %s%s: Ctrl-C ends it",
		     !session->wait.has_lived ? "waiting for"
		     : options->watcher       ? "watching"
					      : "recording",
		     session->target ? session->target : "all cgroups",
		     session->wait.has_lived ? ", but not what was done before" : "");
	r = record_wait(&session->wait, &session->end, err);
	privileges_raise();
	return r < 0 ? r : run_end(session, recorder, outcome, err);
}

/* Every part is tried, whatever became of the one before; the first failure is the one told. */
static int runs_end(struct recorder *recorder, const struct outcome *outcome, int r,
		    struct err *err)
{
	bool complete = r == 0 && !outcome->lost;
	struct err later = {};
	int r_later = recorder_close(recorder, &later);

	if (r_later == 0)
		r_later = recorder_write_profiles(recorder, complete, &later);
	else
		recorder_write_profiles(recorder, complete, &(struct err){});
	if (r == 0 && r_later < 0) {
		*err = later;
		r = r_later;
	}
	return r ? r : exit_status_of(recorder, outcome);
}

/* `path`: the command's, or NULL. */
static int record(struct recorder *recorder, const char *path, const sigset_t *mask,
		  struct err *err)
{
	const struct record_options *options = &recorder->options;
	struct outcome outcome = {};
	int r = 0;

	if (options->seccomp || options->apparmor || options->runs > 1)
		recorder->model = model_new();
	while (r == 0 && !outcome.is_over) {
		struct session session = {.leaf.lock = -1, .mark.fd = -1};

		session.path = path ? xstrdup(path) : NULL;
		r = run_record(recorder, &session, mask, &outcome, err);
		session_free(&session);
	}
	return outcome.runs ? runs_end(recorder, &outcome, r, err) : r;
}

int session_run(struct session *session, struct recorder *recorder, sigset_t *ret_mask,
		struct err *err)
{
	struct outcome outcome = {};
	sigset_t signals;
	int r;

	record_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, ret_mask);
	r = run_record(recorder, session, ret_mask, &outcome, err);
	return outcome.runs ? runs_end(recorder, &outcome, r, err) : r;
}

int cmd_record(int argc, char **argv, struct err *err)
{
	_cleanup_free_ char *path = NULL;
	struct recorder recorder = {};
	sigset_t signals, mask;
	int r = record_options_parse(&recorder.options, argc, argv);

	if (r != 0)
		return r < 0 ? 0 : r;
	if (recorder.options.command) {
		r = command_find(recorder.options.command[0], &path, err);
		if (r < 0) {
			say("%s", err->text);
			return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
		}
	}
	r = features_permit(err);
	if (r < 0)
		return r;
	record_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	r = record(&recorder, path, &mask, err);
	recorder_drop(&recorder);
	return r;
}
