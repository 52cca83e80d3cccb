/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall diff: what has changed between two recordings or profiles. What counts as a difference,
 * and how it is told, is emit/'s.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "apparmor_tell.h"
#include "cmd.h"
#include "apparmor/aa_diff.h"
#include "emit/apparmor_text.h"
#include "emit/apparmor_update.h"
#include "policy/diff.h"
#include "profile/filter.h"
#include "input.h"
#include "policy_options.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall diff [OPTION...] A B\n"
	"\n"
	"Says what B allows and A does not, and the other way round. A and B are\n"
	"recordings or profiles; of a recording it is the profile that leastcall profile\n"
	"would make of it, of seccomp; beside an AppArmor profile, of AppArmor. - is\n"
	"stdin.\n"
	"\n"
	"      --fail-on-new     exit with 1 only where B allows what A does not\n"
	"      --json            one JSON object\n"
	"      --apparmor        of recordings: what AppArmor profiles would allow, files\n"
	"                        and all\n"
	"      --apparmor-dir DIR  where what AppArmor profiles include is found\n"
	"                          (/etc/apparmor.d)\n"
	"      --action, --always, --arch, --args, --base, --default-errno, --deny-tier,\n"
	"      --drop-enosys, --exact, --families, --include-denied, --min-count,\n"
	"      --no-new-privs, --phase, --runtime\n"
	"                        of recordings: as of leastcall profile\n"
	"      --workload NAME   of recordings: this one, with its later instances\n"
	"                        NAME#2, NAME#3 ...\n"
	"  -o, --output FILE     write there instead of to stdout\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0, 1 where they differ, 2 for wrong usage, 125 for errors.\n"
	"\n"
	"  leastcall diff --fail-on-new app.json today.leastcall.jsonl\n";

enum { OPT_NEW = 256, OPT_JSON, OPT_WORKLOAD, OPT_APPARMOR, OPT_DIR };

static const struct option long_options[] = {
	{"fail-on-new", no_argument, NULL, OPT_NEW},
	{"json", no_argument, NULL, OPT_JSON},
	{"apparmor", no_argument, NULL, OPT_APPARMOR},
	{"apparmor-dir", required_argument, NULL, OPT_DIR},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
};

struct diff_options {
	bool fail_on_new, json, apparmor;
	const char *output, *apparmor_dir;
	struct policy_options policy; /* of recordings */
	struct emit_options emit;
	const char *paths[2];
};

/* One of the two, with all that the comparison points to. */
struct side {
	struct model *model; /* NULL: it is a profile */
	bool is_apparmor;    /* ... of AppArmor, and the policy is empty */
	struct aa_file apparmor;
	char *workload;
	struct policy policy;
	struct policy_defaults defaults;
};

static void side_drop(struct side *side)
{
	policy_drop(&side->policy);
	aa_file_drop(&side->apparmor);
	model_free(side->model);
	free(side->workload);
}
#define _cleanup_side_ __attribute__((cleanup(side_drop)))

static int profile_take(const struct input *input, const struct diff_options *options,
			struct side *side, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int r = profile_read_from(input->fd, input->name, &text, &size, err);

	if (r)
		return r;
	side->is_apparmor = input->is_apparmor;
	if (side->is_apparmor) {
		r = aa_file_parse(input->name, text, size, options->apparmor_dir, &side->apparmor,
				  err);
		if (!r)
			apparmor_tell(&side->apparmor, options->apparmor_dir);
		return r;
	}
	r = policy_parse(text, size, &side->policy, &side->defaults, err);
	return r ? profile_failed(input->name, text, r, err) : 0;
}

static int recording_take(const struct input *input, const struct diff_options *options,
			  struct side *side, struct err *err)
{
	_cleanup_groups_ struct groups groups = {};
	_cleanup_free_ char *lack = NULL;
	int r;

	side->model = model_new();
	r = model_read_from(side->model, input->fd, input->name, err);
	if (r)
		return r;
	model_seal(side->model);
	if (model_incomplete(side->model)) {
		lack = recordings_lack(side->model);
		say("%s is incomplete: %s", input->name, lack);
	}
	groups_list(side->model, &groups);
	if (groups.count > 1 && !options->emit.workload)
		return err_set(err, -EINVAL, "%s holds %zu workloads: choose with --workload NAME",
			       input->name, groups.count);
	r = workload_choose(side->model, &options->emit, &side->workload, err);
	return r ? err_prefix(err, r, "%s", input->name) : 0;
}

/* What its calls make; nothing of it is needed beside AppArmor, whose recordings may have none. */
static int side_policy_make(const char *path, const struct diff_options *options, struct side *side,
			    struct err *err)
{
	int r;

	if (!side->model)
		return 0;
	r = policy_make(side->model, &options->emit, &side->policy, err);
	side->defaults = policy_defaults_of(&options->emit);
	return r ? err_prefix(err, r, "%s", path) : 0;
}

static int side_read(const char *path, const struct diff_options *options, struct side *side,
		     struct err *err)
{
	_cleanup_input_ struct input input = {.fd = -1};
	int r = input_open(path, &input, err);

	if (r)
		return r;
	return input.is_profile ? profile_take(&input, options, side, err)
				: recording_take(&input, options, side, err);
}

static int diff_write(const struct diff *diff, const struct diff_options *options, struct err *err)
{
	struct output out;
	int r = output_open(&out, options->output, err);

	if (r)
		return r;
	if (options->json)
		diff_print_json(diff, out.file);
	else
		diff_print(diff, out.file);
	r = recordings_finish(&out, 0, err);
	if (r)
		return r;
	return (options->fail_on_new ? diff_has_new(diff) : diff->count > 0) ? EXIT_FINDING : 0;
}

/* The profile that has others within it for what it executes; NULL: none has. */
static const char *parent_name(const struct aa_file *file)
{
	size_t i;

	for (i = 0; i < file->profile_count; i++)
		if (file->profiles[i].parent != AA_NONE && !file->profiles[i].is_included)
			return file->profiles[file->profiles[i].parent].name;
	return NULL;
}

/* Beside a profile of AppArmor a recording is one, too, with as many profiles in it. */
static int apparmor_make(struct side *side, const struct side *other, const char *path,
			 const struct diff_options *options, struct err *err)
{
	struct emit_options emit = {
		.workload = side->workload, .exact = options->emit.exact, .warn = recordings_warn};
	const char *parent;
	int r;

	if (side->is_apparmor)
		return 0;
	if (!side->model)
		return err_set(err, -EINVAL,
			       "%s is a seccomp profile, and what it is compared "
			       "with is AppArmor's",
			       path);
	side->is_apparmor = true;
	parent = other->model ? NULL : parent_name(&other->apparmor);
	if (parent) {
		emit.apparmor.children = CHILDREN_PROFILE;
		/* Their names have it in front, and rules speak of them. */
		emit.name = apparmor_name_valid(parent) ? parent : NULL;
	}
	r = apparmor_rules_make(side->model, &emit, &side->apparmor, err);
	return r ? err_prefix(err, r, "%s", path) : 0;
}

/* Exits with 1 like the other comparison: by default for any difference. */
static int apparmor_write(const struct side *a, const struct side *b,
			  const struct diff_options *options, struct err *err)
{
	_cleanup_aa_diff_ struct aa_diff diff = {};
	struct output out;
	int r;

	r = aa_diff_make(&a->apparmor, &b->apparmor, &diff, err);
	if (r)
		return r;
	if (options->fail_on_new && !a->model && b->model)
		aa_diff_keep_new(&diff); /* one run says nothing of what is needed no more */
	r = output_open(&out, options->output, err);
	if (r)
		return r;
	if (options->json)
		apparmor_diff_print_json(&diff, out.file);
	else
		apparmor_diff_print(&diff, out.file);
	r = recordings_finish(&out, 0, err);
	if (r)
		return r;
	return (options->fail_on_new ? apparmor_diff_has_new(&diff) : diff.count > 0) ? EXIT_FINDING
										      : 0;
}

static int apparmor_compare(struct side *a, struct side *b, const struct diff_options *options,
			    struct err *err)
{
	int r = apparmor_make(a, b, options->paths[0], options, err);

	if (!r)
		r = apparmor_make(b, a, options->paths[1], options, err);
	return r ? r : apparmor_write(a, b, options, err);
}

static int option_take(void *to, int option, char **argv)
{
	struct diff_options *options = to;

	if (option >= POLICY_OPTION_FIRST)
		return policy_option_take("diff", option, &options->policy, &options->emit);
	switch (option) {
	case OPT_NEW:
		options->fail_on_new = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_APPARMOR:
		options->apparmor = true;
		return 0;
	case OPT_DIR:
		options->apparmor_dir = optarg;
		return 0;
	case OPT_WORKLOAD:
		options->emit.workload = optarg;
		return 0;
	case 'o':
		options->output = optarg;
		return 0;
	default:
		return option_error("diff", option, argv);
	}
}

/* 0, an exit status, or -1 where help was printed. */
static int options_read(struct diff_options *options, int argc, char **argv)
{
	_cleanup_free_ struct option *all =
		policy_options_join(long_options, ARRAY_SIZE(long_options));
	int status = options_walk(argc, argv, all, help, option_take, options);

	if (status)
		return status;
	if (optind == argc)
		return usage_error("diff", "no A and no B were given");
	if (optind + 2 != argc)
		return usage_error("diff", "it wants two files, A and B, not %d", argc - optind);
	if (recordings_include(argv + optind, 2, options->output))
		return usage_error("diff", "-o %s is A or B: name another file", options->output);
	options->paths[0] = argv[optind];
	options->paths[1] = argv[optind + 1];
	return policy_options_check("diff", &options->policy, &options->emit);
}

static void options_drop(struct diff_options *options)
{
	policy_options_drop(&options->policy);
}
#define _cleanup_options_ __attribute__((cleanup(options_drop)))

int cmd_diff(int argc, char **argv, struct err *err)
{
	_cleanup_side_ struct side a = {}, b = {};
	_cleanup_diff_ struct diff diff = {};
	_cleanup_options_ struct diff_options options = {.apparmor_dir = "/etc/apparmor.d"};
	int r = options_read(&options, argc, argv);

	if (r)
		return r < 0 ? 0 : r;
	r = policy_options_open(&options.policy, &options.emit, err);
	if (!r)
		r = side_read(options.paths[0], &options, &a, err);
	if (!r)
		r = side_read(options.paths[1], &options, &b, err);
	if (r)
		return r;
	if (a.is_apparmor || b.is_apparmor || options.apparmor)
		return apparmor_compare(&a, &b, &options, err);
	r = side_policy_make(options.paths[0], &options, &a, err);
	/* What a run would need is what it called: no row of a table that A was made without. */
	if (!r && options.fail_on_new && !a.model && !options.policy.given)
		options.emit.observed = true;
	if (!r)
		r = side_policy_make(options.paths[1], &options, &b, err);
	if (r)
		return r;
	if (!a.model && !b.model && (options.policy.given || options.emit.workload))
		return usage_error("diff", "--%s is for recordings, and A and B are profiles",
				   options.policy.given ? options.policy.given : "workload");
	if (options.emit.observed && !b.model)
		options.emit.observed = false;
	diff_make(&(struct diff_side){&a.policy, &a.defaults, a.model, a.workload},
		  &(struct diff_side){&b.policy, &b.defaults, b.model, b.workload}, &diff);
	if (options.emit.observed)
		diff_keep_new(&diff); /* one run says nothing of what is needed no more */
	return diff_write(&diff, &options, err);
}
