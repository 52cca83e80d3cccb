/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall record: the main job. Finds the target, starts the command, lets the tracer write facts
 * into a recording and a model, and makes the profiles at once where they were asked for.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "emit/emit.h"
#include "model/text.h"
#include "record.h"
#include "trace/features.h"
#include "trace/process.h"

#define RING_SIZE (4u << 20)

static const char help[] =
	"usage: leastcall record [OPTION...] -- COMMAND [ARG...]\n"
	"       leastcall record [OPTION...] --pid PID | --cgroup PATH | --all\n"
	"\n"
	"Records the system calls of COMMAND and of all that it starts, from its execve on,\n"
	"until the last of its processes has ended; or those of what already runs.\n"
	"\n"
	"  -o, --output FILE     the recording (default: NAME.leastcall.jsonl, unless a\n"
	"                        profile is asked for)\n"
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
	"      --user NAME       run COMMAND as this user\n"
	"      --no-files        system calls only: no results, files, sockets, denied calls\n"
	"      --ring-size BYTES size of the ring buffer, a power of two (default 4194304)\n"
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
	case ':':
		return usage_error("record", "%s wants a value", optopt < 256 ? "-o" : "an option");
	default:
		return usage_error("record", "there is no such option");
	}
}

static int options_check(const struct record_options *options)
{
	int targets = !!options->pid + !!options->cgroup + options->all + !!options->command;

	if (targets == 0)
		return usage_error("record", "what? Name a COMMAND, --pid, --cgroup or --all");
	if (targets > 1)
		return usage_error("record", "one target at a time, please");
	if (options->user && !options->command)
		return usage_error("record", "--user goes with a COMMAND");
	if (options->command && options->output && !strcmp(options->output, "-"))
		return usage_error("record", "-o - is COMMAND's own output: name a file");
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
			return usage_error("record",
					   option == ':' ? "%s wants a value"
							 : "there is no option %s",
					   argv[optind - 1]);
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

/* ---- where facts go ---------------------------------------------------------------------- */

struct recorder {
	struct record_options options;
	struct output file;
	bool has_file;
	int file_error;      /* the first failed write of the recording */
	struct model *model; /* NULL: no profile was asked for */
	int model_error;
	struct err model_err;
	size_t syscalls, files; /* facts */
};

static void fact_take(void *ctx, const struct fact *fact)
{
	struct recorder *recorder = ctx;
	int r;

	if (recorder->has_file && !recorder->file_error) {
		r = fact_write(fact, recorder->file.file);
		if (r < 0)
			recorder->file_error = r;
	}
	if (recorder->model && !recorder->model_error)
		recorder->model_error = model_add(recorder->model, fact, &recorder->model_err);
}

/* What was learnt is on disk a tenth of a second later; a full disk is said while there is time. */
static void facts_flush(void *ctx)
{
	struct recorder *recorder = ctx;
	bool was_well = !recorder->file_error;

	if (!recorder->has_file)
		return;
	if (was_well && fflush(recorder->file.file) != 0)
		recorder->file_error = -errno;
	if (was_well && recorder->file_error)
		say("cannot write %s: %s (recording goes on without it)", recorder->file.path,
		    strerror(-recorder->file_error));
}

static int file_open(struct recorder *recorder, const char *name, struct err *err)
{
	const struct record_options *options = &recorder->options;
	_cleanup_free_ char *fallback = NULL;
	const char *path = options->output;
	int r;

	if (!path && (options->seccomp || options->apparmor))
		return 0;
	if (!path)
		path = fallback = xasprintf("%s.leastcall.jsonl", name);
	r = output_open_growing(&recorder->file, path, path == fallback, err);
	recorder->has_file = r == 0;
	if (r == -EEXIST)
		return err_set(err, r, "%s exists: name another file with -o", path);
	return r;
}

static void header_send(struct recorder *recorder, const char *run, const char *what,
			const char *target)
{
	struct fact fact = {.kind = FACT_RECORDING, .run = run};
	time_t now = time(NULL);
	struct utsname host;
	char started[32];
	struct tm utc;

	uname(&host);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	fact.recording.format = RECORDING_FORMAT;
	fact.recording.tool = "leastcall " LEASTCALL_VERSION;
	fact.recording.kernel = host.release;
	fact.recording.machine = host.machine;
	fact.recording.what = what;
	fact.recording.target = target;
	fact.recording.started = started;
	fact.recording.files = !recorder->options.no_files;
	fact_take(recorder, &fact);
}

static void note_send(struct recorder *recorder, const char *run, const char *what,
		      const char *text)
{
	struct fact fact = {.kind = FACT_NOTE, .run = run};

	fact.note.what = what;
	fact.note.text = text;
	fact_take(recorder, &fact);
}

/* ---- the target -------------------------------------------------------------------------- */

struct session {
	char run[17];
	const char *what;
	char *name;      /* the workload's, escaped; NULL for --all */
	char *target;    /* for the header, escaped */
	char *path;      /* of the command's file */
	char *directory; /* of the target's cgroup */
	char *cgroup;    /* its path, escaped */
	struct cgroup_leaf leaf;
	struct command command;
	bool spawned;
	struct tracer_options trace;
	struct tracer *tracer;
	struct record_wait wait;
};

static void session_free(struct session *session)
{
	tracer_free(session->tracer);
	if (session->spawned)
		command_abandon(&session->command);
	cgroup_leaf_remove(&session->leaf);
	free(session->name);
	free(session->target);
	free(session->path);
	free(session->directory);
	free(session->cgroup);
}

static char *words_join(char **words)
{
	char *text = xstrdup("");

	for (; *words; words++) {
		_cleanup_free_ char *word = text_escape(*words, strlen(*words)), *before = text;

		text = xasprintf("%s%s%s", before, *before ? " " : "", word);
	}
	return text;
}

static char *basename_escaped(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return text_escape(name, strlen(name));
}

/* A leaf of its own for the command; without one its process tree is followed, and that is said. */
static int command_place(struct session *session, const struct record_options *options,
			 const sigset_t *mask, struct err *err)
{
	struct err why = {};
	int r = cgroup_leaf_make(&session->leaf, &why);

	if (command_spawn(&session->command, session->path, options->command, options->user, mask,
			  err) < 0)
		return -EINVAL;
	session->spawned = true;
	if (r == 0)
		r = cgroup_leaf_add(&session->leaf, session->command.pid, &why);
	session->trace.from_exec = true;
	session->trace.has_root = true;
	if (r < 0) {
		cgroup_leaf_remove(&session->leaf);
		hint("%s: following the process tree instead", why.text);
		session->trace.target = TARGET_TREE;
		session->trace.pid = session->command.pid;
		return 0;
	}
	session->trace.target = TARGET_CGROUP;
	session->trace.cgroup_id = session->leaf.id;
	session->cgroup = text_escape(session->leaf.path, strlen(session->leaf.path));
	return 0;
}

static int pid_place(struct session *session, pid_t pid, struct err *err)
{
	_cleanup_free_ char *mount = NULL, *path = NULL, *name = NULL;
	struct err ignored;

	if (process_stat(pid, NULL, &session->wait.pid_start) < 0)
		return err_set(err, -ESRCH, "there is no process %d", pid);
	if (pid == getpid())
		return err_set(err, -EINVAL, "process %d is leastcall itself", pid);
	name = process_name(pid);
	session->name = text_escape(name, strlen(name));
	session->target = xasprintf("%d", pid);
	session->wait.pid = pid;
	session->trace.target = TARGET_TREE;
	session->trace.pid = pid;
	session->trace.start_ticks = session->wait.pid_start;
	if (cgroup_mount_find(&mount, &ignored) < 0 || cgroup_of_pid(pid, &path, &ignored) < 0)
		return 0;
	session->directory = xasprintf("%s%s", mount, path);
	if (!cgroup_is_own(session->directory, pid) ||
	    cgroup_id_read(session->directory, &session->trace.cgroup_id, &ignored) < 0)
		return 0;
	session->trace.target = TARGET_CGROUP;
	session->cgroup = text_escape(path, strlen(path));
	session->wait.pid = 0;
	session->wait.cgroup = session->directory;
	return 0;
}

static int cgroup_place(struct session *session, const char *given, struct err *err)
{
	_cleanup_free_ char *mount = NULL;
	char resolved[PATH_MAX];
	size_t length;
	int r = cgroup_mount_find(&mount, err);

	if (r < 0)
		return r;
	length = strlen(mount);
	if (access(given, F_OK) != 0 || given[0] != '/' || !realpath(given, resolved) ||
	    strncmp(resolved, mount, length) != 0)
		snprintf(resolved, sizeof(resolved), "%s/%s", mount, given + (given[0] == '/'));
	session->directory = xstrdup(resolved);
	r = cgroup_id_read(session->directory, &session->trace.cgroup_id, err);
	if (r < 0)
		return r;
	session->trace.target = TARGET_CGROUP;
	session->cgroup = text_escape(resolved + length, strlen(resolved + length));
	session->name = xstrdup(*session->cgroup ? session->cgroup : "/");
	session->target = xstrdup(session->name);
	session->wait.cgroup = session->directory;
	return 0;
}

static int session_place(struct session *session, const struct record_options *options,
			 const sigset_t *mask, struct err *err)
{
	if (options->command) {
		session->what = "command";
		session->name = basename_escaped(options->command[0]);
		session->target = words_join(options->command);
		return command_place(session, options, mask, err);
	}
	if (options->pid) {
		session->what = "pid";
		return pid_place(session, options->pid, err);
	}
	if (options->cgroup) {
		session->what = "cgroup";
		return cgroup_place(session, options->cgroup, err);
	}
	session->what = "all";
	session->trace.target = TARGET_ALL;
	return 0;
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
	int r = file_open(recorder, session->name ? session->name : "all", err);

	if (r < 0)
		return r;
	if (options->seccomp || options->apparmor)
		recorder->model = model_new();
	session->trace.files = !options->no_files;
	session->trace.ring_size = options->ring_size;
	session->trace.run = session->run;
	session->trace.workload = session->name;
	session->trace.cgroup = session->cgroup;
	session->trace.sink = (struct sink){fact_take, recorder};
	run_id_make(session->run);
	header_send(recorder, session->run, session->what, session->target);
	if (!options->command)
		note_send(recorder, session->run, "already-running",
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
	r = command_release(&session->command, err);
	if (r == 0)
		return 0;
	say("%s: %s", err->text, session->path);
	if (recorder->has_file)
		unlink(recorder->file.path);
	return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

typedef int emit_fn(const struct model *, const struct emit_options *, FILE *, struct err *);

static void warn_print(void *ctx, const char *format, ...)
{
	char text[1024];
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	hint("%s", text);
}

static int profile_write(struct recorder *recorder, emit_fn *emit, const char *path,
			 struct err *err)
{
	struct emit_options options = {.always = !recorder->options.exact, .warn = warn_print};
	struct output out;
	int r;

	if (!path)
		return 0;
	r = output_open(&out, path, err);
	if (r < 0)
		return r;
	r = emit(recorder->model, &options, out.file, err);
	if (r < 0) {
		output_abandon(&out);
		return r;
	}
	return output_commit(&out, err);
}

static int profiles_write(struct recorder *recorder, bool complete, struct err *err)
{
	const struct record_options *options = &recorder->options;
	int r;

	if (!recorder->model)
		return 0;
	if (recorder->model_error) {
		*err = recorder->model_err;
		return recorder->model_error;
	}
	if (!complete && !options->allow_incomplete) {
		say("no profile was written: it would lack what was lost (--allow-incomplete "
		    "writes it all the same)");
		return 0;
	}
	model_seal(recorder->model);
	r = profile_write(recorder, seccomp_emit, options->seccomp, err);
	if (r == 0)
		r = profile_write(recorder, apparmor_emit, options->apparmor, err);
	return r;
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

static int session_end(struct session *session, struct recorder *recorder,
		       const struct record_end *end, struct err *err)
{
	bool complete = false;
	int r, status;

	r = tracer_finish(session->tracer, end->status, &complete, err);
	if (r == 0 && !complete)
		say("the recording is incomplete: something was lost (leastcall show tells what)");
	if (recorder->has_file) {
		struct err file_err = {};
		int file_r = recorder->file_error;

		if (file_r < 0)
			err_errno(&file_err, file_r, "cannot write %s", recorder->file.path);
		else
			file_r = output_commit(&recorder->file, &file_err);
		if (file_r < 0 && r == 0) {
			*err = file_err;
			r = file_r;
		} else if (file_r == 0 && !recorder->options.output) {
			hint("the recording is in %s.leastcall.jsonl",
			     session->name ? session->name : "all");
		}
	}
	status = profiles_write(recorder, complete, r == 0 ? err : &(struct err){});
	if (r < 0 || status < 0)
		return r < 0 ? r : status;
	return exit_status_of(recorder, end, complete);
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
	session->wait.tick = facts_flush;
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
	struct session session = {};
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
