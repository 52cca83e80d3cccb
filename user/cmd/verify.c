/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall verify: does a command survive its profile, again and again? The runs are verify_run.c's,
 * changes of the profile verify_change.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "emit/tree.h"
#include "recordings.h"
#include "trace/command.h"
#include "verify.h"

#define RUNS       10
#define RUNS_MAX   100000
#define JOBS_MAX   256
#define ROUNDS_MAX 10 /* of repairing: a call that is let through leads to the next one */

static const char help[] =
	"usage: leastcall verify --seccomp PROFILE [OPTION...] -- COMMAND [ARG...]\n"
	"\n"
	"Runs COMMAND under a seccomp profile again and again: first so that what the\n"
	"profile does not allow kills, then as it is written. It is verified where every\n"
	"run ended with 0 and nothing was denied. What COMMAND says is shown only of a\n"
	"run that failed.\n"
	"\n"
	"      --seccomp PROFILE  the profile\n"
	"      --apparmor NAME    also under this AppArmor profile, which is loaded\n"
	"      --runs N           runs of each kind (10)\n"
	"      --jobs N           so many at a time (1)\n"
	"      --timeout SECONDS  a run that takes longer has failed (300; 0: none does)\n"
	"      --repair FILE      while something is denied, allow it, and write the\n"
	"                         profile that is verified then\n"
	"      --minimise         tell which names COMMAND does without, one at a time\n"
	"      --drop FILE        ... and write the profile without them, as far as they\n"
	"                         can be missing together\n"
	"      --json             the verdict as JSON\n"
	"  -q, --quiet            say only what went wrong\n"
	"  -h, --help             this text\n"
	"\n"
	"The exit status is 0 where it is verified, 1 where it is not, 3 where that could\n"
	"not be seen; 125 where leastcall failed. Without root, what kills is known by\n"
	"its signal alone: see leastcall run --help.\n"
	"\n"
	"  leastcall verify --seccomp app.json --runs 100 --repair app.json -- ./test-app\n";

enum {
	OPT_SECCOMP = 256,
	OPT_APPARMOR,
	OPT_RUNS,
	OPT_JOBS,
	OPT_TIMEOUT,
	OPT_REPAIR,
	OPT_MINIMISE,
	OPT_DROP,
	OPT_JSON,
};

static const struct option rows[] = {
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"apparmor", required_argument, NULL, OPT_APPARMOR},
	{"runs", required_argument, NULL, OPT_RUNS},
	{"jobs", required_argument, NULL, OPT_JOBS},
	{"timeout", required_argument, NULL, OPT_TIMEOUT},
	{"repair", required_argument, NULL, OPT_REPAIR},
	{"minimise", no_argument, NULL, OPT_MINIMISE},
	{"drop", required_argument, NULL, OPT_DROP},
	{"json", no_argument, NULL, OPT_JSON},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static int number_take(const char *option, uint64_t from, uint64_t to, uint64_t *ret)
{
	uint64_t number;

	if (!option_number(optarg, &number) || number < from || number > to)
		return usage_error("verify", "%s wants a number from %llu to %llu, not %s", option,
				   (unsigned long long)from, (unsigned long long)to, optarg);
	*ret = number;
	return 0;
}

static int option_take(struct verify_options *options, int option, char **argv)
{
	switch (option) {
	case OPT_SECCOMP:
		options->seccomp = optarg;
		return 0;
	case OPT_APPARMOR:
		options->apparmor = optarg;
		return 0;
	case OPT_RUNS:
		return number_take("--runs", 1, RUNS_MAX, &options->runs);
	case OPT_JOBS:
		return number_take("--jobs", 1, JOBS_MAX, &options->jobs);
	case OPT_TIMEOUT:
		return number_take("--timeout", 0, UINT32_MAX, &options->timeout);
	case OPT_REPAIR:
		options->repair = optarg;
		return 0;
	case OPT_MINIMISE:
		options->minimise = true;
		return 0;
	case OPT_DROP:
		options->drop = optarg;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case 'q':
		quiet = true;
		return 0;
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return option_error("verify", option, argv);
	}
}

static int options_read(int argc, char **argv, struct verify_options *options)
{
	int option, status = 0;

	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, "+:qh", rows, NULL)) != -1)
		status = option_take(options, option, argv);
	if (status)
		return status;
	if (!options->seccomp)
		return usage_error("verify", "no profile was given: --seccomp PROFILE");
	if (!strcmp(options->seccomp, "-"))
		return usage_error("verify", "the profile is read several times: name a file");
	if (options->drop && !options->minimise)
		return usage_error("verify", "--drop is for --minimise");
	if (options->repair && options->minimise)
		return usage_error("verify", "--repair and --minimise: one after the other");
	if (optind == argc)
		return usage_error("verify", "no COMMAND was given");
	options->command = argv + optind;
	return 0;
}

/* ---- the verdict ------------------------------------------------------------------------- */

/* What went wrong, a line each. */
static void sum_say(const char *words, const struct verify_sum *sum)
{
	for (size_t i = 0; i < sum->denial_count; i++) {
		const struct verify_denial *denial = &sum->denials[i];
		_cleanup_free_ char *text = denial_words(&denial->denial);

		if (denial->denial.kind != DENIAL_RULE)
			say("%s: %s; in %llu of %llu runs", words, text,
			    (unsigned long long)denial->runs, (unsigned long long)sum->runs);
	}
	if (sum->failed)
		say("%s: %llu of %llu runs failed, the first one with status %d%s%s", words,
		    (unsigned long long)sum->failed, (unsigned long long)sum->runs, sum->status,
		    sum->slow ? " (that, or another, did not end in time)" : "",
		    sum->said && *sum->said ? "; it said:" : "");
	for (const char *line = sum->said; line && *line; line = strchr(line, '\n') + 1)
		say("  %.*s", (int)strcspn(line, "\n"), line);
	if (sum->blind)
		hint("%s: %s", words, sum->blind);
}

static bool is_verified(const struct verify_sum *sum)
{
	return sum->passed == sum->runs && sum->runs;
}

/* Where it kills, the runs' own ends tell enough. */
static bool is_seen(const struct verify_sum *written)
{
	return !written->unknown;
}

static void sum_tree(struct tree *tree, const char *key, const struct verify_sum *sum)
{
	tree_map(tree, key);
	tree_number(tree, "runs", sum->runs);
	tree_number(tree, "passed", sum->passed);
	tree_number(tree, "failed", sum->failed);
	tree_number(tree, "denying", sum->denying);
	tree_number(tree, "not_all_seen", sum->unknown);
	tree_list(tree, "denials");
	for (size_t i = 0; i < sum->denial_count; i++) {
		const struct denial *denial = &sum->denials[i].denial;
		const char *name = syscall_name(denial->abi, denial->nr);

		tree_map(tree, NULL);
		tree_text(tree, "kind", denial_word(denial->kind));
		tree_text(tree, "abi", abi_name(denial->abi));
		tree_number(tree, "nr", denial->nr);
		if (name)
			tree_text(tree, "name", name);
		tree_number(tree, "errno", denial->errnum);
		tree_number(tree, "count", denial->count);
		tree_number(tree, "runs", sum->denials[i].runs);
		if (denial->exe)
			tree_text(tree, "exe", denial->exe);
		tree_end(tree);
	}
	tree_end(tree);
	tree_end(tree);
}

struct verdict {
	struct verify_sum killing, written;
	struct names added; /* by repairing; the tables' names */
};

static void verdict_drop(struct verdict *verdict)
{
	verify_sum_drop(&verdict->killing);
	verify_sum_drop(&verdict->written);
	names_drop(&verdict->added);
}
#define _cleanup_verdict_ __attribute__((cleanup(verdict_drop)))

static bool verdict_is_good(const struct verdict *verdict)
{
	return is_verified(&verdict->killing) && is_verified(&verdict->written) &&
	       is_seen(&verdict->written);
}

static void verdict_print(const struct verify_options *options, const char *profile,
			  const struct verdict *verdict)
{
	uint64_t runs = verdict->killing.runs + verdict->written.runs;
	uint64_t passed = verdict->killing.passed + verdict->written.passed;
	uint64_t unknown = verdict->killing.unknown + verdict->written.unknown;
	struct tree tree = {.form = TREE_JSON, .out = stdout};

	if (!options->json) {
		printf("%s: %s: %llu of %llu runs passed and had nothing denied%s\n", profile,
		       verdict_is_good(verdict) ? "verified" : "NOT verified",
		       (unsigned long long)passed, (unsigned long long)runs,
		       unknown ? "; not all that was denied could be seen" : "");
		if (!options->repair && (verdict->killing.denying || verdict->written.denying))
			hint("--repair FILE allows what was denied, and writes that profile");
		return;
	}
	tree_map(&tree, NULL);
	tree_text(&tree, "profile", profile);
	tree_bool(&tree, "verified", verdict_is_good(verdict));
	sum_tree(&tree, "killing", &verdict->killing);
	sum_tree(&tree, "as_written", &verdict->written);
	tree_list(&tree, "added");
	for (size_t i = 0; i < verdict->added.count; i++)
		tree_text(&tree, NULL, verdict->added.list[i]);
	tree_end(&tree);
	tree_end(&tree);
}

/* ---- the runs ---------------------------------------------------------------------------- */

static int profile_runs(const struct verify_options *options, const char *text, size_t size,
			enum filter_action action, struct verify_sum *sum, struct err *err)
{
	struct enforced_profile profile;
	struct verify_way way = {.options = options, .profile = &profile, .runs = options->runs};
	int r, signal = 0;

	r = text ? enforced_profile_parse(text, size, options->seccomp, action, NULL, &profile, err)
		 : enforced_profile_read(options->seccomp, action, &profile, err);
	if (r)
		return r;
	r = verify_runs(&way, sum, &signal, err);
	enforced_profile_drop(&profile);
	return r == -EINTR ? 128 + signal : r;
}

static int both_run(const struct verify_options *options, const char *text, size_t size,
		    struct verdict *verdict, struct err *err)
{
	int r;

	verify_sum_drop(&verdict->killing);
	verify_sum_drop(&verdict->written);
	r = profile_runs(options, text, size, FILTER_KILL, &verdict->killing, err);
	if (r == 0)
		r = profile_runs(options, text, size, FILTER_AS_WRITTEN, &verdict->written, err);
	return r;
}

/* The names of what was denied, but for what is allowed already: then it was by its arguments, and
 * it counts once. Returns how many are new. */
static size_t denied_add(const struct verify_sum *sum, struct names *names)
{
	size_t had = names->count;

	for (size_t i = 0; i < sum->denial_count; i++) {
		const struct denial *denial = &sum->denials[i].denial;
		const char *name = syscall_name(denial->abi, denial->nr);

		if (denial->kind == DENIAL_RULE || !name)
			continue;
		names_add(names, name);
		names_settle(names);
	}
	return names->count - had;
}

/* Allows what was denied, until nothing is, or nothing more can be done. */
static int repair(const struct verify_options *options, struct verdict *verdict, char **ret,
		  size_t *ret_size, struct err *err)
{
	int round, r = 0;

	for (round = 0; round < ROUNDS_MAX && r == 0 && !verdict_is_good(verdict); round++) {
		size_t more = denied_add(&verdict->killing, &verdict->added);

		more += denied_add(&verdict->written, &verdict->added);
		if (!more)
			break;
		free(take(*ret));
		r = profile_change(options->seccomp, &verdict->added, NULL, ret, ret_size, err);
		if (r == 0)
			r = both_run(options, *ret, *ret_size, verdict, err);
	}
	return r;
}

static void added_say(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->added.count; i++) {
		const struct tier_row *row = tier_row(verdict->added.list[i]);

		hint("added: %s (%s risk), whatever its arguments are", verdict->added.list[i],
		     row ? tier_name(row->tier) : "no known");
	}
}

static int repaired_write(const struct verify_options *options, const char *text, size_t size,
			  struct err *err)
{
	struct output out;
	int r = output_open(&out, options->repair, err);

	if (r)
		return r;
	fwrite(text, size, 1, out.file);
	return recordings_finish(&out, 0, err);
}

static int verify(const struct verify_options *options, struct err *err)
{
	_cleanup_verdict_ struct verdict verdict = {};
	_cleanup_free_ char *text = NULL;
	bool repairs = options->repair;
	size_t size = 0;
	int r = both_run(options, NULL, 0, &verdict, err);

	if (r == 0 && repairs && !verdict_is_good(&verdict))
		r = repair(options, &verdict, &text, &size, err);
	if (r)
		return r;
	sum_say("where it kills", &verdict.killing);
	sum_say("as it is written", &verdict.written);
	if (repairs && !text && verdict_is_good(&verdict))
		hint("nothing is to be repaired: %s was not written", options->repair);
	if (text)
		added_say(&verdict);
	if (text && verdict_is_good(&verdict))
		r = repaired_write(options, text, size, err);
	else if (repairs && !verdict_is_good(&verdict) && !text)
		say("nothing that was denied could be allowed by name: %s was not written",
		    options->repair);
	else if (text)
		say("what is denied was allowed, and it is not verified: %s was not written",
		    options->repair);
	if (r)
		return r;
	verdict_print(options, text ? options->repair : options->seccomp, &verdict);
	if (verdict_is_good(&verdict))
		return 0;
	return is_verified(&verdict.killing) && is_verified(&verdict.written) ? EXIT_INCOMPLETE
									      : EXIT_FINDING;
}

int cmd_verify(int argc, char **argv, struct err *err)
{
	struct verify_options options = {.runs = RUNS, .jobs = 1, .timeout = 300};
	int r = options_read(argc, argv, &options);

	if (r)
		return r < 0 ? 0 : r;
	r = command_find(options.command[0], &options.path, err);
	if (r) {
		say("%s", err->text);
		return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
	}
	r = options.minimise ? verify_minimise(&options, err) : verify(&options, err);
	free(options.path);
	return r;
}
