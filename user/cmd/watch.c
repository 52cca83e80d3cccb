/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall watch: records as leastcall record does, and shows what comes while it comes. What is news is
 * watch/watch.c's, the live view watch_screen.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "cmd.h"
#include "input.h"
#include "model/text.h"
#include "policy/policy_read.h"
#include "record.h"
#include "recordings.h"
#include "trace/features.h"
#include "util/clock.h"
#include "watch/watch.h"
#include "watch_screen.h"

static const char help[] =
	"usage: leastcall watch [OPTION...] [--container NAME | --pod NAMESPACE/NAME |\n"
	"                       --unit NAME | --cgroup PATH | --pid PID | --all]\n"
	"\n"
	"Shows what workloads call right now, how often, what of it is new and what is\n"
	"denied: on a terminal as a live view (h: its keys), else a line for each thing\n"
	"that was not seen before. Without a target, all cgroups.\n"
	"\n"
	"      --container NAME, --pod NAMESPACE/NAME[/CONTAINER], --unit NAME,\n"
	"      --cgroup PATH, --pid PID, --all\n"
	"                         what is watched, as of leastcall record\n"
	"      --split            with --cgroup: what is below it apart, as --all does\n"
	"      --wait             go on waiting for the next one when the target has\n"
	"                         ended\n"
	"      --against FILE     only what is not in this recording, or not allowed by\n"
	"                         this seccomp profile, is new; exit with 1 where\n"
	"                         something was\n"
	"      --plain            a line for each new thing, also on a terminal\n"
	"      --json             the same, each a JSON object\n"
	"      --files            files, and what was executed, are news, too\n"
	"      --interval SEC     between two counts (default 0.5)\n"
	"      --duration SEC     end after this long\n"
	"  -o, --output FILE      keep a recording, over what is there\n"
	"      --btf FILE         the kernel's types, where /sys/kernel/btf/vmlinux is\n"
	"                         hidden\n"
	"  -q, --quiet            say only what went wrong\n"
	"  -h, --help             this text\n"
	"\n"
	"Exit status: 0; with --against 1 where something was new; 2 for wrong usage; 3\n"
	"where nothing was, but something was lost; 125 for errors.\n"
	"\n"
	"  sudo leastcall watch\n"
	"  sudo leastcall watch --plain --container web --against web.leastcall.jsonl\n";

enum { OPT_AGAINST = 256, OPT_PLAIN, OPT_JSON, OPT_FILES, OPT_INTERVAL };

static const struct option long_options[] = {
	TARGET_OPTIONS,
	{"against", required_argument, NULL, OPT_AGAINST},
	{"plain", no_argument, NULL, OPT_PLAIN},
	{"json", no_argument, NULL, OPT_JSON},
	{"files", no_argument, NULL, OPT_FILES},
	{"interval", required_argument, NULL, OPT_INTERVAL},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

struct watch_options {
	const char *against;
	bool plain, json, files;
	double interval; /* seconds */
	struct record_options record;
};

struct watching {
	const struct watch_options *options;
	struct watch *watch;
	struct screen *screen; /* NULL: lines */
	bool has_begun;        /* the screen */
	bool calls_only;       /* a profile, or a recording without files, tells of nothing else */
	size_t news;
	FILE *told; /* with --against: the lines that end with the live view; NULL: there is none */
	double interval;
	uint64_t counted_ns;
	struct err count_err; /* the last one that was said */
};

/* ---- what is to be expected -------------------------------------------------------------- */

static int profile_expect(struct watching *w, const struct input *input, struct err *err)
{
	struct policy_defaults defaults = {};
	_cleanup_policy_ struct policy policy = {};
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int r = profile_read_from(input->fd, input->name, &text, &size, err);

	if (r < 0)
		return r;
	r = policy_parse(text, size, &policy, &defaults, err);
	if (r < 0)
		return profile_failed(input->name, text, r, err);
	if (defaults.is_open)
		return err_set(err, -EINVAL,
			       "%s is a list of what is denied: nothing would be new to it",
			       input->name);
	w->calls_only = true;
	for (size_t i = 0; i < policy.rule_count; i++)
		for (enum abi abi = 0; !policy.rules[i].is_refused && abi < ABI_COUNT; abi++)
			if (policy.abis[abi])
				watch_expect_call(w->watch, abi, policy.rules[i].name);
	return 0;
}

static void rows_expect(struct watching *w, enum abi abi, const struct name_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		watch_expect_call(w->watch, abi, rows[i].name);
}

/* What every profile of the recording allows as well: whether it is in there was left to chance. */
static void always_expect(struct watching *w, const struct model *model)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts);
	bool has[ABI_COUNT] = {};

	for (size_t i = 0; i < count; i++)
		has[facts[i].syscall.abi] = true;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (has[abi])
			rows_expect(w, abi, always_rows, always_count);
	if (has[ABI_I386])
		rows_expect(w, ABI_I386, always_i386_rows, always_i386_count);
}

static void model_expect(struct watching *w, const struct model *model)
{
	_cleanup_groups_ struct groups groups = {};
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts);

	groups_list(model, &groups);
	always_expect(w, model);
	for (size_t i = 0; i < count; i++)
		w->calls_only = w->calls_only || !facts[i].recording.files;
	for (enum fact_kind kind = 0; kind < FACT_KINDS; kind++) {
		count = model_facts(model, kind, &facts);
		for (size_t i = 0; i < count; i++) /* the only one may be called otherwise now */
			watch_expect(w->watch, &facts[i], groups.count == 1);
	}
}

static int recording_expect(struct watching *w, const struct input *input, struct err *err)
{
	_cleanup_model_ struct model *model = model_new();
	_cleanup_free_ char *lack = NULL;
	int r = model_read_from(model, input->fd, input->name, err);

	if (r < 0)
		return r;
	model_seal(model);
	if (model_incomplete(model)) {
		lack = recordings_lack(model);
		say("%s is incomplete: %s", input->name, lack);
	}
	model_expect(w, model);
	return 0;
}

static int expect(struct watching *w, struct err *err)
{
	_cleanup_input_ struct input input = {.fd = -1};
	int r;

	if (!w->options->against)
		return 0;
	watch_application_only(w->watch);
	r = input_open(w->options->against, &input, err);
	if (r < 0)
		return r;
	if (input.is_apparmor)
		return err_set(err, -EINVAL,
			       "%s is an AppArmor profile: --against wants a recording or a "
			       "seccomp profile",
			       input.name);
	return input.is_profile ? profile_expect(w, &input, err) : recording_expect(w, &input, err);
}

/* ---- news -------------------------------------------------------------------------------- */

/* RFC 3339, UTC, with milliseconds. */
static void time_write(char ret[32])
{
	struct timeval now;
	struct tm utc;
	char seconds[24];

	gettimeofday(&now, NULL);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
	snprintf(ret, 32, "%s.%03dZ", seconds, (int)(now.tv_usec / 1000));
}

static void line_print(const char *time, const char *words, FILE *out)
{
	_cleanup_free_ char *shown = text_printable(words);

	fprintf(out, "%.19sZ  %s\n", time, shown);
}

static void news_tell(struct watching *w, const struct fact *fact)
{
	_cleanup_free_ char *words = NULL, *shown = NULL;
	char time[32];

	time_write(time);
	if (w->screen) {
		words = news_words(fact);
		shown = xasprintf("%.8s  %s", time + strlen("2026-01-01T"), words);
		screen_news(w->screen, shown);
		if (w->told)
			line_print(time, words, w->told);
	} else if (w->options->json) {
		words = news_json(fact, time);
		puts(words);
	} else {
		words = news_words(fact);
		line_print(time, words, stdout);
	}
}

/* What is executed is a file, too; there are as many of them. */
static bool is_of_files(const struct fact *fact)
{
	return fact->kind == FACT_FILE ||
	       (fact->kind == FACT_OPERATION &&
		(fact->operation.op == OP_EXEC || fact->operation.op == OP_LINK));
}

static void fact_take(void *ctx, const struct fact *fact)
{
	struct watching *w = ctx;
	bool is_call = fact->kind == FACT_SYSCALL || fact->kind == FACT_DENIED;

	if (is_of_files(fact) && !w->options->files)
		return;
	if (w->calls_only && !is_call && fact->kind != FACT_WORKLOAD)
		return;
	if (!watch_take(w->watch, fact, monotonic_ns()))
		return;
	if (fact->kind != FACT_WORKLOAD)
		w->news++;
	else if (w->calls_only)
		return;
	news_tell(w, fact);
}

/* ---- looking on -------------------------------------------------------------------------- */

/* The same failure may come with every count: it is said once. */
static void count(struct watching *w, struct tracer *tracer, uint64_t now_ns)
{
	struct sink sink = {fact_take, w};
	struct err err = {};

	watch_count_begin(w->watch);
	w->counted_ns = now_ns;
	if (tracer_count(tracer, &sink, &err) == 0) {
		watch_count_end(w->watch, now_ns);
		return;
	}
	watch_count_undo(w->watch);
	if (strcmp(err.text, w->count_err.text) != 0)
		say("%s", err.text);
	w->count_err = err;
}

/* Not before there is something to look at: what fails until then is said as of other commands. */
static void begin(struct watching *w)
{
	struct err err = {};

	w->has_begun = true;
	if (!w->screen || screen_begin(w->screen, &err) == 0)
		return;
	hint("%s: a line for each new thing instead", err.text);
	screen_free(take(w->screen));
}

static bool look(void *ctx, struct tracer *tracer)
{
	struct watching *w = ctx;
	uint64_t now_ns = monotonic_ns();
	bool is_time = (now_ns - w->counted_ns) / 1e9 >= w->interval;

	if (!w->has_begun)
		begin(w);
	if (is_time)
		count(w, tracer, now_ns);
	if (w->screen)
		return screen_look(w->screen, is_time, now_ns);
	return fflush(stdout) == 0 && !ferror(stdout); /* nobody reads it any more */
}

/* ---- all of it --------------------------------------------------------------------------- */

static char *target_words(const struct record_options *options)
{
	if (options->container)
		return xasprintf("container %s", options->container);
	if (options->pod)
		return xasprintf("pod %s", options->pod);
	if (options->unit)
		return xasprintf("unit %s", options->unit);
	if (options->cgroup)
		return xasprintf("cgroup %s", options->cgroup);
	if (options->pid)
		return xasprintf("process %d", (int)options->pid);
	return xstrdup("all cgroups");
}

static int watch_run(struct watching *w, struct err *err)
{
	_cleanup_free_ char *target = target_words(&w->options->record), *told = NULL;
	bool has_screen = !w->options->plain && !w->options->json && isatty(STDIN_FILENO) &&
			  isatty(STDOUT_FILENO);
	struct watcher watcher = {
		.fd = has_screen ? STDIN_FILENO : -1, .fact = fact_take, .look = look, .ctx = w};
	struct recorder recorder = {.options = w->options->record};
	struct session session = {.leaf.lock = -1, .mark.fd = -1};
	sigset_t mask;
	size_t size;
	int r;

	recorder.options.watcher = &watcher;
	if (has_screen)
		w->screen = screen_new(w->watch, target, &w->interval);
	if (has_screen && w->options->against)
		w->told = xmemstream(&told, &size);
	r = session_run(&session, &recorder, &mask, err);
	screen_free(take(w->screen));
	if (w->told) {
		fclose(w->told);
		fputs(told, stdout);
	}
	session_free(&session);
	recorder_drop(&recorder);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if ((r == 0 || r == EXIT_INCOMPLETE) && w->options->against && w->news)
		return EXIT_FINDING;
	return r;
}

static int option_take(void *ctx, int option, char **argv)
{
	struct watch_options *options = ctx;
	int status = target_option_take("watch", &options->record, option);

	if (status >= 0)
		return status;
	switch (option) {
	case OPT_AGAINST:
		options->against = optarg;
		return 0;
	case OPT_PLAIN:
		options->plain = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_FILES:
		options->files = true;
		return 0;
	case OPT_INTERVAL:
		status = option_seconds("watch", "--interval", optarg, &options->interval);
		if (status || (options->interval >= 0.1 && options->interval <= 3600))
			return status;
		return usage_error("watch", "--interval wants seconds from 0.1 to 3600, not %s",
				   optarg);
	case 'o':
		options->record.output = optarg;
		return 0;
	default:
		return option_error("watch", option, argv);
	}
}

static int options_check(struct watch_options *options, int words)
{
	if (words)
		return usage_error("watch", "it takes no command: name what runs, and see "
					    "leastcall record for a command");
	if (options->plain && options->json)
		return usage_error("watch", "--plain or --json: one of them");
	if (options->record.output && !strcmp(options->record.output, "-"))
		return usage_error("watch", "stdout has the news: name another file with -o");
	if (!target_options_count(&options->record))
		options->record.all = true;
	return target_options_check("watch", &options->record);
}

int cmd_watch(int argc, char **argv, struct err *err)
{
	struct watch_options options = {
		.interval = 0.5,
		.record = {.ring_size = RING_SIZE, .args = ARGS_SAFE, .runs = 1},
	};
	struct watching w = {.options = &options};
	int r = options_walk(argc, argv, long_options, help, option_take, &options);

	if (r)
		return r < 0 ? 0 : r;
	r = options_check(&options, argc - optind);
	if (r)
		return r;
	if (options.against &&
	    recordings_include((char **)&options.against, 1, options.record.output))
		return usage_error("watch", "-o %s is what is held against it: name another file",
				   options.record.output);
	w.interval = options.interval;
	w.watch = watch_new();
	r = features_permit(err);
	if (r == 0)
		r = expect(&w, err);
	if (r == 0)
		r = watch_run(&w, err);
	watch_free(w.watch);
	return r;
}
