/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall profile: recordings in, a profile out. Which formats there are and which options each
 * has; the profiles themselves are made in emit/.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"
#include "emit/apparmor_text.h"
#include "emit/policy.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall profile seccomp|apparmor [OPTION...] RECORDING...\n"
	"\n"
	"Makes the smallest profile that allows what the RECORDINGs say was done. - is stdin.\n"
	"\n"
	"  -o, --output FILE       write there instead of to stdout\n"
	"      --runtime NAME      seccomp: add what a container's runtime calls behind the "
	"filter:\n"
	"                          any (the default for a container), runc, crun, youki, or none\n"
	"                          (the default for what is none)\n"
	"      --no-new-privs      seccomp: the container is started with no_new_privs, where a\n"
	"                          runtime calls less behind the filter\n"
	"      --always min|none   seccomp: add the few calls that every program may come to\n"
	"                          make (min, the default), or nothing\n"
	"      --exact             seccomp: what was observed and nothing else\n"
	"      --phase serving     seccomp: only what was called after the serving mark\n"
	"      --include-denied    seccomp: also what was denied while it was recorded\n"
	"      --name NAME         apparmor: the profile's name, attached to no executable\n"
	"      --workload NAME     where the RECORDINGs hold several workloads: this one; with "
	"its\n"
	"                          later instances NAME#2, NAME#3 ...\n"
	"      --each DIR          one profile for each workload and its instances, in DIR\n"
	"      --allow-incomplete  also where something was lost while recording\n"
	"  -q, --quiet             say only what went wrong\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0, 2 for wrong usage, 3 where a RECORDING is incomplete, 125 for errors.\n"
	"\n"
	"  leastcall profile seccomp app.jsonl -o app.json\n"
	"  docker run --security-opt seccomp=app.json IMAGE\n";

enum {
	OPT_ALWAYS = 256,
	OPT_EXACT,
	OPT_RUNTIME,
	OPT_NO_NEW_PRIVS,
	OPT_PHASE,
	OPT_DENIED,
	OPT_NAME,
	OPT_WORKLOAD,
	OPT_EACH,
	OPT_ALLOW,
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"always", required_argument, NULL, OPT_ALWAYS},
	{"exact", no_argument, NULL, OPT_EXACT},
	{"runtime", required_argument, NULL, OPT_RUNTIME},
	{"no-new-privs", no_argument, NULL, OPT_NO_NEW_PRIVS},
	{"phase", required_argument, NULL, OPT_PHASE},
	{"include-denied", no_argument, NULL, OPT_DENIED},
	{"name", required_argument, NULL, OPT_NAME},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"each", required_argument, NULL, OPT_EACH},
	{"allow-incomplete", no_argument, NULL, OPT_ALLOW},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static const struct format {
	const char *name;
	const char *suffix;   /* of files that --each names */
	policy_emit_fn *emit; /* of a seccomp profile; NULL: apparmor_emit() */
} formats[] = {
	{"seccomp", ".json", seccomp_emit},
	{"apparmor", ".apparmor", NULL},
};

struct profile_options {
	const struct format *format;
	const char *output, *each;
	const char *always;       /* as given, or NULL */
	const char *seccomp_only; /* an option that was given and is for seccomp alone */
	bool allow_incomplete;
	struct emit_options emit;
	char **recordings;
	int recording_count;
};

/* Those that are for seccomp alone. */
static int seccomp_option_take(struct profile_options *options, int option)
{
	switch (option) {
	case OPT_ALWAYS:
		options->seccomp_only = "--always";
		options->always = optarg;
		options->emit.no_always = !strcmp(optarg, "none");
		if (strcmp(optarg, "min") != 0 && strcmp(optarg, "none") != 0)
			return usage_error("profile", "--always wants min or none, not %s", optarg);
		return 0;
	case OPT_EXACT:
		options->seccomp_only = "--exact";
		options->emit.exact = true;
		return 0;
	case OPT_RUNTIME:
		options->seccomp_only = "--runtime";
		return option_runtime("profile", optarg, &options->emit.runtime);
	case OPT_NO_NEW_PRIVS:
		options->seccomp_only = "--no-new-privs";
		options->emit.no_new_privs = true;
		return 0;
	case OPT_PHASE:
		options->seccomp_only = "--phase";
		options->emit.phase_serving = true;
		if (strcmp(optarg, "serving") != 0)
			return usage_error("profile", "--phase wants serving, not %s", optarg);
		return 0;
	default:
		options->seccomp_only = "--include-denied";
		options->emit.include_denied = true;
		return 0;
	}
}

static int option_take(struct profile_options *options, int option, char **argv)
{
	switch (option) {
	case 'o':
		options->output = optarg;
		return 0;
	case OPT_ALWAYS:
	case OPT_EXACT:
	case OPT_RUNTIME:
	case OPT_NO_NEW_PRIVS:
	case OPT_PHASE:
	case OPT_DENIED:
		return seccomp_option_take(options, option);
	case OPT_NAME:
		options->emit.name = optarg;
		return 0;
	case OPT_WORKLOAD:
		options->emit.workload = optarg;
		return 0;
	case OPT_EACH:
		options->each = optarg;
		return 0;
	case OPT_ALLOW:
		options->allow_incomplete = true;
		return 0;
	case 'q':
		quiet = true;
		return 0;
	default:
		return option_error("profile", option, argv);
	}
}

static int options_check(struct profile_options *options, int argc, char **argv)
{
	size_t i;

	if (optind == argc)
		return usage_error("profile", "no format was given: seccomp or apparmor");
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(argv[optind], formats[i].name))
			options->format = &formats[i];
	if (!options->format)
		return usage_error("profile", "there is no format %s, only seccomp and apparmor",
				   argv[optind]);
	if (optind + 1 == argc)
		return usage_error("profile", "no RECORDING was given");
	options->recordings = argv + optind + 1;
	options->recording_count = argc - optind - 1;
	if (options->emit.name && options->format->emit)
		return usage_error("profile", "--name is for apparmor");
	if (options->seccomp_only && !options->format->emit)
		return usage_error("profile", "%s is for seccomp", options->seccomp_only);
	if (options->each && (options->output || options->emit.workload || options->emit.name))
		return usage_error("profile", "--each goes with none of -o, --workload and --name");
	if (options->emit.exact && options->always && !options->emit.no_always)
		return usage_error("profile", "--exact and --always min contradict each other");
	if (options->emit.phase_serving && options->emit.runtime > RUNTIME_NONE)
		return usage_error("profile",
				   "--phase serving and --runtime %s contradict each other: no "
				   "runtime calls anything by then",
				   runtime_name(options->emit.runtime));
	if (options->emit.exact && options->emit.runtime > RUNTIME_NONE)
		return usage_error("profile", "--exact and --runtime %s contradict each other",
				   runtime_name(options->emit.runtime));
	if (recordings_include(options->recordings, options->recording_count, options->output))
		return usage_error("profile", "-o %s is the RECORDING: name another file",
				   options->output);
	return 0;
}

/* 0, an exit status, or -1 where help was printed. */
static int options_read(struct profile_options *options, int argc, char **argv)
{
	int option, status;

	*options = (struct profile_options){.emit.warn = recordings_warn};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		status = option_take(options, option, argv);
		if (status)
			return status;
	}
	return options_check(options, argc, argv);
}

static int profile_write(const struct model *model, const struct profile_options *options,
			 const char *path, struct err *err)
{
	const struct emit_options *emit = &options->emit;
	_cleanup_policy_ struct policy policy = {};
	struct output out;
	int r = 0;

	if (options->format->emit)
		r = policy_make(model, emit, &policy, err);
	if (r == 0)
		r = output_open(&out, path, err);
	if (r)
		return r;
	if (options->format->emit)
		r = options->format->emit(&policy, emit, out.file, err);
	else
		r = apparmor_emit(model, emit, out.file, err);
	r = recordings_finish(&out, r, err);
	if (r)
		return r;
	if (options->format->emit)
		recordings_summarise_seccomp(&policy, path);
	else if (path && strcmp(path, "-") != 0)
		hint("wrote %s", path);
	return 0;
}

/* DIR/NAME.suffix: nobody's workload gets the file of somebody else's. */
static char *each_path(const struct profile_options *options, const char *workload)
{
	_cleanup_free_ char *name = apparmor_name(workload);

	return xasprintf("%s/%s%s", options->each, name, options->format->suffix);
}

/* A digest can be aimed at. Then there is no telling whose file it would be, and nothing is made. */
static int each_paths(const struct profile_options *options, const struct groups *groups,
		      char **ret_paths, struct err *err)
{
	size_t i, k;

	for (i = 0; i < groups->count; i++) {
		ret_paths[i] = each_path(options, groups->list[i]);
		if (recordings_include(options->recordings, options->recording_count, ret_paths[i]))
			return err_set(err, -EEXIST, "%.300s is a RECORDING: name another DIR",
				       ret_paths[i]);
	}
	for (i = 0; i < groups->count; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(ret_paths[i], ret_paths[k]))
				return err_set(err, -EEXIST,
					       "workloads %.100s and %.100s would both be %.300s: "
					       "choose with --workload NAME",
					       groups->list[k], groups->list[i], ret_paths[i]);
	return 0;
}

#define EACH_MAX 1000

static int each_write(const struct model *model, struct profile_options *options, struct err *err)
{
	_cleanup_groups_ struct groups groups = {};
	char *paths[EACH_MAX] = {};
	size_t i;
	int r;

	groups_list(model, &groups);
	if (groups.count > EACH_MAX)
		return err_set(err, -E2BIG,
			       "%zu workloads are too many for --each: choose with "
			       "--workload NAME",
			       groups.count);
	r = each_paths(options, &groups, paths, err);
	if (r == 0 && mkdir(options->each, 0777) < 0 && errno != EEXIST)
		r = err_errno(err, -errno, "cannot make %s", options->each);
	for (i = 0; i < groups.count && !r; i++) {
		options->emit.workload = groups.list[i];
		r = profile_write(model, options, paths[i], err);
		if (r)
			err_prefix(err, r, "workload %zu of %zu", i + 1, groups.count);
	}
	for (i = 0; i < groups.count; i++)
		free(paths[i]);
	return r;
}

#define NOTES_MAX 5

/* What was no loss, but should be known of a profile: "was already running ...". */
static void notes_tell(const struct model *model)
{
	const struct fact *notes;
	size_t count = model_facts(model, FACT_NOTE, &notes), i;

	for (i = 0; i < count && i < NOTES_MAX; i++) {
		_cleanup_free_ char *where = recordings_where(model, &notes[i]);

		hint("note: %s%s", notes[i].note.text, where);
	}
	if (i < count)
		hint("and %zu more notes (leastcall show tells them)", count - i);
}

int cmd_profile(int argc, char **argv, struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	_cleanup_free_ char *lack = NULL;
	struct profile_options options;
	int r = options_read(&options, argc, argv);

	if (r)
		return r < 0 ? 0 : r;
	r = recordings_read(options.recordings, options.recording_count, &model, err);
	if (r)
		return r;
	if (model_incomplete(model)) {
		lack = recordings_lack(model);
		if (!options.allow_incomplete) {
			say("the recording is incomplete: %s; --allow-incomplete makes a profile "
			    "all the same",
			    lack);
			return EXIT_INCOMPLETE;
		}
		hint("the recording is incomplete: %s", lack);
	}
	notes_tell(model);
	if (options.each)
		return each_write(model, &options, err);
	return profile_write(model, &options, options.output, err);
}
