/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall merge: several recordings, one set of facts; or several profiles, one that allows what
 * any of them does. The sets are the model's and policy_merge.c's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "profile/filter.h"
#include "policy/policy_merge.h"
#include "input.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall merge [OPTION...] RECORDING...\n"
	"       leastcall merge [OPTION...] PROFILE...\n"
	"\n"
	"Makes one recording of several: the union of their facts, sorted. The order of\n"
	"the RECORDINGs does not matter, and one that is given twice counts once. - is\n"
	"stdin. Of an incomplete one it is incomplete, too: that is said.\n"
	"\n"
	"Makes one seccomp profile of several: it allows what any of them does, in the\n"
	"runtime-spec's form.\n"
	"\n"
	"  -o, --output FILE  write there instead of to stdout; may be one of those that\n"
	"                     are read\n"
	"  -q, --quiet        say only what went wrong\n"
	"  -h, --help         this text\n"
	"\n"
	"  leastcall merge -o app.leastcall.jsonl test-run-*.leastcall.jsonl\n";

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

/* What has been read so far: one or the other. */
struct merged {
	const char *first; /* the name of the first one */
	bool are_profiles;
	bool archs_differ;
	struct model *model;
	struct policy policy;
	struct policy_defaults defaults;
};

static void merged_drop(struct merged *merged)
{
	model_free(merged->model);
	policy_drop(&merged->policy);
}
#define _cleanup_merged_ __attribute__((cleanup(merged_drop)))

static void archs_compare(struct merged *merged, const struct policy *policy)
{
	int abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		merged->archs_differ |= merged->policy.abis[abi] != policy->abis[abi];
}

static int profile_take(struct merged *merged, const struct input *input, bool is_first,
			struct err *err)
{
	_cleanup_policy_ struct policy policy = {};
	_cleanup_free_ char *text = NULL;
	struct policy_defaults defaults;
	size_t size = 0;
	int r = profile_read_from(input->fd, input->name, &text, &size, err);

	if (r)
		return r;
	r = policy_parse(text, size, &policy, &defaults, err);
	if (!r && !is_first)
		archs_compare(merged, &policy);
	if (!r)
		r = policy_take_in(&merged->policy, &merged->defaults, &policy, &defaults, err);
	return r ? err_prefix(err, r, "%s", input->name) : 0;
}

static int input_take(struct merged *merged, const char *path, bool is_first, struct err *err)
{
	_cleanup_input_ struct input input = {.fd = -1};
	int r = input_open(path, &input, err);

	if (r)
		return r;
	if (is_first) {
		merged->first = path;
		merged->are_profiles = input.is_profile;
	}
	if (input.is_profile != merged->are_profiles)
		return err_set(err, -EINVAL,
			       "%s is a %s and %s is a %s: merge takes one or the other",
			       input.name, input.is_profile ? "profile" : "recording",
			       merged->first, merged->are_profiles ? "profile" : "recording");
	if (input.is_apparmor)
		return err_set(
			err, -EINVAL,
			"%s is an AppArmor profile: merge the recordings, or leastcall update "
			"adds what they need to it",
			input.name);
	if (input.is_profile)
		return profile_take(merged, &input, is_first, err);
	return model_read_from(merged->model, input.fd, input.name, err);
}

static int facts_write(struct merged *merged, const char *path, struct err *err)
{
	_cleanup_free_ char *lack = NULL;
	struct output out;
	int r;

	model_seal(merged->model);
	if (model_incomplete(merged->model)) {
		lack = recordings_lack(merged->model);
		say("the recording is incomplete: %s", lack);
	}
	r = output_open(&out, path, err);
	if (r)
		return r;
	/* A write that fails shows again in output_commit(), which says it better. */
	r = model_write(merged->model, out.file);
	if (r == -ENOMEM || r == -EMSGSIZE)
		err_errno(err, r, "cannot write a fact");
	else
		r = 0;
	return recordings_finish(&out, r, err);
}

static int profile_write(struct merged *merged, const char *path, struct err *err)
{
	struct emit_options options;
	struct output out;
	int r = policy_defaults_options(&merged->defaults, &options, err);

	if (r)
		return err_prefix(err, r, "%s", merged->first);
	if (merged->archs_differ)
		say("the profiles list different architectures: what any of them allows is allowed "
		    "on all of these");
	r = output_open(&out, path, err);
	if (r)
		return r;
	r = seccomp_emit(&merged->policy, &options, out.file, err);
	return recordings_finish(&out, r, err);
}

/* All is read before anything is written: the output may be one of the inputs. */
static int merge(char **paths, int count, const char *path, struct err *err)
{
	_cleanup_merged_ struct merged merged = {.model = model_new()};
	int i, r = 0;

	for (i = 0; i < count && !r; i++)
		r = input_take(&merged, paths[i], i == 0, err);
	if (r)
		return r;
	return merged.are_profiles ? profile_write(&merged, path, err)
				   : facts_write(&merged, path, err);
}

int cmd_merge(int argc, char **argv, struct err *err)
{
	const char *path = NULL;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:qh", long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			path = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return option_error("merge", option, argv);
		}
	}
	if (optind == argc)
		return usage_error("merge", "no RECORDING was given");
	return merge(argv + optind, argc - optind, path, err);
}
