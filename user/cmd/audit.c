/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall audit: what is called, held against what may be. The findings are policy/audit.c's, their
 * words emit/audit.c's; which filters judge, a profile's or those that a process has, and what is
 * judged, recordings or a sample, is decided here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit_target.h"
#include "cmd.h"
#include "emit/audit.h"
#include "recordings.h"
#include "trace/features.h"
#include "trace/loaded.h"

static const char help[] =
	"usage: leastcall audit [OPTION...] --seccomp PROFILE RECORDING...\n"
	"       leastcall audit [OPTION...] --container NAME | --pod NAMESPACE/NAME |\n"
	"                       --unit NAME | --cgroup PATH | --pid PID  [RECORDING...]\n"
	"       leastcall audit [OPTION...] --container NAME | ... --duration SECONDS\n"
	"\n"
	"Says what was called and is not allowed, what is allowed and was never called,\n"
	"what was denied, and what else is wider than it need be. Of something that is\n"
	"running, the filters that it really has are read back from the kernel, and its\n"
	"capabilities are looked at. - is stdin.\n"
	"\n"
	"      --seccomp PROFILE  what judges: a seccomp profile; docker-default: the one\n"
	"                         of Docker, for its default capabilities; unconfined:\n"
	"                         nothing\n"
	"      --container NAME, --pod NAMESPACE/NAME[/CONTAINER], --unit NAME,\n"
	"      --cgroup PATH, --pid PID\n"
	"                         what is running, as of leastcall record; its oldest\n"
	"                         process\n"
	"      --duration SECONDS  without a RECORDING: record what is running for so\n"
	"                         long, or until Ctrl-C; with --seccomp that PROFILE\n"
	"                         judges\n"
	"      --keep FILE        with --duration: the recording, which is thrown away\n"
	"                         otherwise\n"
	"      --fail-on LEVEL    exit with 1 where there is an error (the default), a\n"
	"                         warning (and what is worse) or a note\n"
	"      --max-unused N     more calls that are allowed and never called are an\n"
	"                         error\n"
	"      --all              every such call by its name\n"
	"      --json             one JSON object\n"
	"      --workload NAME    of recordings: this one, with its later instances\n"
	"                         NAME#2 ...\n"
	"  -o, --output FILE      write there instead of to stdout\n"
	"  -q, --quiet            say only what went wrong\n"
	"  -h, --help             this text\n"
	"\n"
	"Exit status: 0, 1 for a finding at that level, 2 for wrong usage, 3 where the\n"
	"recording is incomplete and nothing was found, 125 for errors.\n"
	"\n"
	"  leastcall audit --seccomp docker-default web.leastcall.jsonl\n"
	"  sudo leastcall audit --container web web.leastcall.jsonl\n"
	"  sudo leastcall audit --container web --duration 60\n";

enum { OPT_SECCOMP = 256, OPT_KEEP, OPT_FAIL, OPT_MAX, OPT_ALL, OPT_JSON, OPT_WORKLOAD };

static const struct option long_options[] = {
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"container", required_argument, NULL, TARGET_CONTAINER},
	{"pod", required_argument, NULL, TARGET_POD},
	{"unit", required_argument, NULL, TARGET_UNIT},
	{"cgroup", required_argument, NULL, TARGET_CGROUP},
	{"pid", required_argument, NULL, TARGET_PID},
	{"duration", required_argument, NULL, TARGET_DURATION},
	{"keep", required_argument, NULL, OPT_KEEP},
	{"fail-on", required_argument, NULL, OPT_FAIL},
	{"max-unused", required_argument, NULL, OPT_MAX},
	{"all", no_argument, NULL, OPT_ALL},
	{"json", no_argument, NULL, OPT_JSON},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

struct audit_options {
	const char *seccomp, *output;
	struct record_options target; /* its output: --keep */
	enum severity fail_on;
	uint64_t max_unused; /* UINT64_MAX: no limit */
	bool all, json;
	struct emit_options emit;
};

/* What judges, and who. */
struct judges {
	struct filter *filters; /* a process's, or the profile's */
	size_t count;
	struct audit_process process;
	char *words, *subject;
	pid_t pid; /* 0: a profile judges */
};

static void judges_drop(struct judges *judges)
{
	for (size_t i = 0; i < judges->count; i++)
		filter_drop(&judges->filters[i]);
	free(judges->filters);
	free(judges->words);
	free(judges->subject);
}
#define _cleanup_judges_ __attribute__((cleanup(judges_drop)))

static void profile_warn(void *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void profile_warn(void *ctx, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0)
		hint("%s: %s", (const char *)ctx, text);
	va_end(args);
}

static int profile_compile(const char *path, struct filter *ret, struct err *err)
{
	const struct filter_options options = {
		.for_reading = true, .warn = profile_warn, .warn_ctx = (void *)path};
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r;

	if (strcmp(path, "docker-default") != 0)
		return filter_read(path, &options, ret, err);
	text = docker_default_json(&size);
	/* what it names and another ABI lacks is no news */
	r = filter_compile(text, size, &(struct filter_options){.for_reading = true}, ret, err);
	return r < 0 ? err_prefix(err, r, "docker-default") : 0;
}

static int profile_judge(const char *path, struct judges *ret, struct err *err)
{
	int r;

	ret->words = xstrdup(path);
	if (!strcmp(path, "unconfined"))
		return 0;
	ret->filters = xcalloc(1, sizeof(*ret->filters));
	r = profile_compile(path, ret->filters, err);
	ret->count = r == 0;
	return r;
}

static int process_judge(const struct record_options *target, struct judges *ret, struct err *err)
{
	_cleanup_audit_target_ struct audit_target found = {};
	struct loaded_threads threads = {};
	struct loaded loaded;
	int r = audit_target_find(target, &found, err);

	if (r == 0)
		r = loaded_read(found.oldest, &loaded, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < found.count; i++)
		loaded_threads_add(found.pids[i], &loaded, &threads);
	ret->pid = found.oldest;
	ret->process = (struct audit_process){
		.effective = loaded.effective,
		.bounding = loaded.bounding,
		.all = loaded.all,
		.no_new_privileges = loaded.no_new_privileges,
		.threads = threads.count,
		.fewer = threads.fewer,
		.none = threads.none,
		.more = threads.more,
		.capable = threads.capable,
	};
	ret->filters = xcalloc(loaded.count, sizeof(*ret->filters));
	for (; ret->count < loaded.count; ret->count++)
		ret->filters[ret->count] = (struct filter){take(loaded.filters[ret->count].filter),
							   loaded.filters[ret->count].len};
	ret->words = loaded.is_strict ? xstrdup("strict mode")
				      : xasprintf("%zu loaded filter%s", ret->count,
						  ret->count == 1 ? "" : "s");
	loaded_drop(&loaded);
	ret->subject = xasprintf("process %d", ret->pid);
	return 0;
}

/* Before anything is recorded: who can't be asked is not recorded in vain. */
static int judges_find(const struct audit_options *options, struct judges *ret, struct err *err)
{
	_cleanup_audit_target_ struct audit_target found = {};
	int r;

	if (!options->seccomp)
		return process_judge(&options->target, ret, err);
	r = profile_judge(options->seccomp, ret, err);
	return r < 0 || !options->target.duration
		       ? r
		       : audit_target_find(&options->target, &found, err);
}

/* May it be recorded, and the result be written? That is found out before, too. */
static int sample_permit(const struct audit_options *options, struct err *err)
{
	struct output out;
	int r = features_permit(err);

	if (r == 0)
		r = output_open(&out, options->output, err);
	if (r == 0)
		output_abandon(&out);
	return r;
}

/* 0, or an exit status. */
static int audit_write(const struct audit *audit, const struct audit_options *options,
		       const struct audit_words *words, struct err *err)
{
	struct output out;
	int r = output_open(&out, options->output, err);

	if (r)
		return r;
	if (options->json)
		audit_print_json(audit, words, out.file);
	else
		audit_print(audit, words, out.file);
	return recordings_finish(&out, 0, err);
}

static bool has_failed(const struct audit *audit, const struct audit_options *options)
{
	if (audit->unused > options->max_unused) {
		say("%zu calls are allowed and were never called: --max-unused %llu", audit->unused,
		    (unsigned long long)options->max_unused);
		return true;
	}
	return audit->count && audit_worst(audit) >= options->fail_on;
}

static int audit_run(char **paths, int count, const struct audit_options *options, struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	_cleanup_judges_ struct judges judges = {};
	_cleanup_audit_ struct audit audit = {};
	_cleanup_free_ char *workload = NULL;
	struct audit_subject subject = {};
	struct audit_words words = {.all = options->all, .wanted = options->target.duration};
	int r = words.wanted ? sample_permit(options, err) : 0;

	if (!r)
		r = judges_find(options, &judges, err);
	if (!r && words.wanted)
		r = audit_target_sample(&options->target, &model, &words.sampled, err);
	else if (!r && count)
		r = recordings_read(paths, count, &model, err);
	if (!r && model)
		r = workload_choose(model, &options->emit, &workload, err);
	if (r)
		return r;
	subject.model = model;
	subject.is_sample = words.wanted > 0;
	subject.workload = workload;
	subject.filters = judges.filters;
	subject.filters_count = judges.count;
	subject.process = judges.pid ? &judges.process : NULL;
	audit_make(&subject, &audit);
	words.subject = workload ?: judges.subject;
	words.profile = judges.words;
	words.process = judges.pid;
	r = audit_write(&audit, options, &words, err);
	if (r)
		return r;
	if (has_failed(&audit, options))
		return EXIT_FINDING;
	return model && model_incomplete(model) ? EXIT_INCOMPLETE : 0;
}

static int option_take(void *ctx, int option, char **argv)
{
	struct audit_options *options = ctx;
	int status = target_option_take("audit", &options->target, option);

	if (status >= 0)
		return status;
	switch (option) {
	case OPT_SECCOMP:
		options->seccomp = optarg;
		return 0;
	case OPT_KEEP:
		options->target.output = optarg;
		return 0;
	case OPT_FAIL:
		if (severity_from_name(optarg, &options->fail_on))
			return 0;
		return usage_error("audit", "--fail-on wants error, warning or note, not %s",
				   optarg);
	case OPT_MAX:
		if (option_number(optarg, &options->max_unused) && options->max_unused < UINT64_MAX)
			return 0;
		return usage_error("audit", "--max-unused wants a number, not %s", optarg);
	case OPT_ALL:
		options->all = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_WORKLOAD:
		options->emit.workload = optarg;
		return 0;
	case 'o':
		options->output = optarg;
		return 0;
	default:
		return option_error("audit", option, argv);
	}
}

static int sample_check(const struct audit_options *options, int targets, int recordings)
{
	const char *keep = options->target.output;

	if (targets != 1)
		return usage_error("audit", "--duration wants what is running: one of --container, "
					    "--pod, --unit, --cgroup and --pid");
	if (recordings)
		return usage_error("audit", "--duration records: it goes without a RECORDING");
	if (!keep)
		return 0;
	if (!strcmp(keep, options->output ?: "-") ||
	    recordings_include((char **)&options->output, !!options->output, keep) ||
	    recordings_include((char **)&options->seccomp, !!options->seccomp, keep))
		return usage_error("audit", "--keep %s has another use: name another file", keep);
	return 0;
}

static int options_check(const struct audit_options *options, int recordings)
{
	int targets = target_options_count(&options->target);

	if (options->target.duration)
		return sample_check(options, targets, recordings);
	if (options->target.output)
		return usage_error("audit", "--keep goes with --duration");
	if (targets + !!options->seccomp != 1)
		return usage_error(
			"audit",
			"no judge, or several: name a --seccomp PROFILE, or what is running "
			"by --container, --pod, --unit, --cgroup or --pid");
	if (options->seccomp && !recordings)
		return usage_error("audit", "no RECORDING was given");
	return 0;
}

int cmd_audit(int argc, char **argv, struct err *err)
{
	struct audit_options options = {
		.fail_on = SEVERITY_ERROR,
		.max_unused = UINT64_MAX,
		.target = {.ring_size = RING_SIZE, .runs = 1, .args = ARGS_SAFE, .is_sample = true},
		.emit = {.warn = recordings_warn}};
	int r = options_walk(argc, argv, long_options, help, option_take, &options);

	if (r)
		return r < 0 ? 0 : r;
	r = options_check(&options, argc - optind);
	if (r)
		return r;
	if (recordings_include(argv + optind, argc - optind, options.output))
		return usage_error("audit", "-o %s is the RECORDING: name another file",
				   options.output);
	return audit_run(argv + optind, argc - optind, &options, err);
}
