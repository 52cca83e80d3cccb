/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall record: the main job. Options, and what happens from beginning to end; where facts go is
 * in record_sink.c, finding the target in record_target.c, waiting in record_wait.c.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "record.h"
#include "trace/features.h"

#define RING_SIZE (1u << 20)

static const char help[] =
	"usage: leastcall record [OPTION...] -- COMMAND [ARG...]\n"
	"       leastcall record [OPTION...] --pid PID | --cgroup PATH | --all\n"
	"\n"
	"Records the system calls of COMMAND and of all that it starts, from its execve on,\n"
	"until the last of its processes has ended; or those of what already runs.\n"
	"\n"
	"  -o, --output FILE     the recording, over what is there (default: a new\n"
	"                        NAME.leastcall.jsonl, unless a profile is asked for)\n"
	"      --seccomp FILE    write the seccomp profile at once\n"
	"      --apparmor FILE   write the AppArmor profile at once\n"
	"      --exact           profiles hold what was observed and nothing else\n"
	"      --allow-incomplete  write profiles even where something was lost\n"
	"      --pid PID         a process: its cgroup where it has one of its own, else the\n"
	"                        process and its descendants\n"
	"      --cgroup PATH     a cgroup and what is below it: a directory, or a path below\n"
	"                        the cgroup2 mount\n"
	"      --all             every cgroup of the host, each a workload\n"
	"      --duration SEC    end the recording after this long\n"
	"      --name NAME       call the workload this\n"
	"      --user NAME       run COMMAND as this user\n"
	"      --no-files        system calls only: no results, files, sockets, denied calls\n"
	"      --ring-size BYTES size of the ring buffer, a power of two (default 1048576)\n"
	"      --progress        show progress though COMMAND has the terminal\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"The exit status is COMMAND's; 3 where it succeeded but the recording is incomplete;\n"
	"125 where leastcall failed, 126 where COMMAND can't be executed, 127 not found.\n"
	"\n"
	"  sudo leastcall record --seccomp nginx.json -- nginx -g 'daemon off;'\n";

enum {
	OPT_SECCOMP = 256,
	OPT_APPARMOR,
	OPT_EXACT,
	OPT_ALLOW,
	OPT_PID,
	OPT_CGROUP,
	OPT_ALL,
	OPT_DURATION,
	OPT_NAME,
	OPT_USER,
	OPT_NO_FILES,
	OPT_RING,
	OPT_PROGRESS
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"apparmor", required_argument, NULL, OPT_APPARMOR},
	{"exact", no_argument, NULL, OPT_EXACT},
	{"allow-incomplete", no_argument, NULL, OPT_ALLOW},
	{"pid", required_argument, NULL, OPT_PID},
	{"cgroup", required_argument, NULL, OPT_CGROUP},
	{"all", no_argument, NULL, OPT_ALL},
	{"duration", required_argument, NULL, OPT_DURATION},
	{"name", required_argument, NULL, OPT_NAME},
	{"user", required_argument, NULL, OPT_USER},
	{"no-files", no_argument, NULL, OPT_NO_FILES},
	{"ring-size", required_argument, NULL, OPT_RING},
	{"progress", no_argument, NULL, OPT_PROGRESS},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* ---- options ----------------------------------------------------------------------------- */

static int pid_parse(const char *text, pid_t *ret)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || *end || end == text || value < 1 || value > INT_MAX)
		return usage_error("record", "--pid wants a process id, not %s", text);
	*ret = value;
	return 0;
}

static int duration_parse(const char *text, double *ret)
{
	char *end;
	double value = strtod(text, &end);

	if (*end || end == text || !isfinite(value) || value <= 0 || value > 1e9)
		return usage_error("record", "--duration wants seconds, not %s", text);
	*ret = value;
	return 0;
}

static int ring_size_parse(const char *text, size_t *ret)
{
	unsigned long page = sysconf(_SC_PAGESIZE), value;
	char *end;

	value = strtoul(text, &end, 10);
	if (*end || end == text || value < page || value > 1ul << 30 || value & (value - 1))
		return usage_error("record",
				   "--ring-size wants a power of two from %lu to 2^30, not %s",
				   page, text);
	*ret = value;
	return 0;
}

static int option_take(struct record_options *options, int option)
{
	switch (option) {
	case 'o':
		options->output = optarg;
		return 0;
	case OPT_SECCOMP:
		options->seccomp = optarg;
		return 0;
	case OPT_APPARMOR:
		options->apparmor = optarg;
		return 0;
	case OPT_EXACT:
		options->exact = true;
		return 0;
	case OPT_ALLOW:
		options->allow_incomplete = true;
		return 0;
	case OPT_PID:
		return pid_parse(optarg, &options->pid);
	case OPT_CGROUP:
		options->cgroup = optarg;
		return 0;
	case OPT_ALL:
		options->all = true;
		return 0;
	case OPT_DURATION:
		return duration_parse(optarg, &options->duration);
	case OPT_NAME:
		options->name = optarg;
		return 0;
	case OPT_USER:
		options->user = optarg;
		return 0;
	case OPT_NO_FILES:
		options->no_files = true;
		return 0;
	case OPT_RING:
		return ring_size_parse(optarg, &options->ring_size);
	case OPT_PROGRESS:
		options->progress = true;
		return 0;
	case 'q':
		quiet = true;
		return 0;
	}
	return 0;
}

static int options_check(const struct record_options *options)
{
	int targets = !!options->pid + !!options->cgroup + options->all + !!options->command;

	if (targets == 0)
		return usage_error("record", "what? Name a COMMAND, --pid, --cgroup or --all");
	if (targets > 1)
		return usage_error("record", "one target at a time, please");
	if (options->name && (options->all || !*options->name))
		return usage_error("record", "--name wants a name, and one workload");
	if (options->user && !options->command)
		return usage_error("record", "--user goes with a COMMAND");
	if (options->command && options->output && !strcmp(options->output, "-"))
		return usage_error("record", "-o - is COMMAND's own output: name a file");
	if (options->all && (options->seccomp || options->apparmor))
		return usage_error("record", "a profile is of one workload: record --all, then "
					     "leastcall profile --each DIR");
	if (options->no_files && options->apparmor)
		return usage_error("record",
				   "an AppArmor profile needs files: leave out --no-files");
	return 0;
}

/* Returns 0, an exit status above 0, or -1 where help was printed and that was all. */
static int options_parse(struct record_options *options, int argc, char **argv)
{
	int option, status;

	*options = (struct record_options){.ring_size = RING_SIZE};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:o:qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (option == ':' || option == '?')
			return option_error("record", option, argv);
		status = option_take(options, option);
		if (status)
			return status;
	}
	if (optind < argc)
		options->command = argv + optind;
	if (!options->command && !options->progress)
		options->progress = isatty(STDERR_FILENO) && !quiet;
	return options_check(options);
}

/* ---- from beginning to end --------------------------------------------------------------- */

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
	int r = recorder_open(recorder, session->name ? session->name : "all", err);

	if (r < 0)
		return r;
	if (options->seccomp || options->apparmor)
		recorder->model = model_new();
	session->trace.files = !options->no_files;
	session->trace.ring_size = options->ring_size;
	session->trace.run = session->run;
	session->trace.workload = session->name;
	session->trace.cgroup = session->cgroup;
	session->trace.sink = (struct sink){recorder_add, recorder};
	run_id_make(session->run);
	recorder_add_header(recorder, session->run, session->what, session->target);
	if (!options->command)
		recorder_add_note(
			recorder, session->run, "already-running",
			"was running before the recording began: what it did until then is not "
			"in it");
	return tracer_open(&session->tracer, &session->trace, err);
}

/* Lets the command go. Returns 0, an exit status, or a negative errno. */
static int session_release(struct session *session, struct recorder *recorder, struct err *err)
{
	int r;

	tracer_start_clock(session->tracer);
	session->spawned = false;
	session->wait.command = session->command.pid;
	r = command_release(&session->command, session->path, err);
	if (r == 0)
		return 0;
	if (recorder->has_file && !recorder->options.output) /* made by this run, so it may go */
		unlink(recorder->file.path);
	if (r == -EPERM)
		return r;
	say("%s", err->text);
	return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

static int exit_status_of(const struct recorder *recorder, const struct record_end *end,
			  bool complete)
{
	if (end->status > 0)
		return end->status;
	if (!complete)
		return EXIT_INCOMPLETE;
	if (recorder->options.command && end->signal)
		return 128 + end->signal;
	return 0;
}

/* The recording's last bytes: a full disk shows here at the latest. */
static int recorder_close(struct recorder *recorder, struct err *err)
{
	_cleanup_free_ char *path = NULL;
	int r = recorder->file_error;

	if (!recorder->has_file)
		return 0;
	path = xstrdup(recorder->file.path);
	if (r < 0)
		return err_errno(err, r, "cannot write %s", path);
	r = output_commit(&recorder->file, err);
	if (r == 0 && !recorder->options.output)
		hint("the recording is in %s", path);
	return r;
}

/* Every part is tried, whatever became of the one before; the first failure is the one told. */
static int session_end(struct session *session, struct recorder *recorder,
		       const struct record_end *end, struct err *err)
{
	struct err later = {};
	bool complete = false;
	int r, r_later;

	r = tracer_finish(session->tracer, end->status, &complete, err);
	r_later = recorder_close(recorder, &later);
	if (r_later == 0)
		r_later = recorder_write_profiles(recorder, complete, &later);
	else
		recorder_write_profiles(recorder, complete, &(struct err){});
	if (r == 0 && r_later < 0) {
		*err = later;
		r = r_later;
	}
	return r < 0 ? r : exit_status_of(recorder, end, complete);
}

static int record(struct recorder *recorder, struct session *session, const sigset_t *mask,
		  struct err *err)
{
	const struct record_options *options = &recorder->options;
	struct record_end end;
	int r;

	r = session_place(session, options, mask, err);
	if (r == 0)
		r = session_begin(session, recorder, err);
	if (r == 0 && options->command)
		r = session_release(session, recorder, err);
	if (r != 0)
		return r;
	session->wait.options = options;
	session->wait.tracer = session->tracer;
	session->wait.tick = recorder_flush;
	session->wait.ctx = recorder;
	if (!options->command)
		hint("recording %s: Ctrl-C ends it",
		     session->target ? session->target : "all cgroups");
	r = record_wait(&session->wait, &end, err);
	if (r < 0)
		return r;
	return session_end(session, recorder, &end, err);
}

int cmd_record(int argc, char **argv, struct err *err)
{
	struct recorder recorder = {};
	struct session session = {.leaf.lock = -1};
	sigset_t signals, mask;
	int r = options_parse(&recorder.options, argc, argv);

	if (r != 0)
		return r < 0 ? 0 : r;
	if (recorder.options.command) {
		r = command_find(recorder.options.command[0], &session.path, err);
		if (r < 0) {
			say("%s", err->text);
			return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
		}
	}
	r = features_permit(err);
	if (r < 0) {
		session_free(&session);
		return r;
	}
	record_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	r = record(&recorder, &session, &mask, err);
	session_free(&session);
	output_abandon(&recorder.file);
	model_free(recorder.model);
	return r;
}
