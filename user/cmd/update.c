/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall update: a profile that somebody wrote, and recordings of what it is for; the profile with
 * what it lacks. What an AppArmor profile lacks and where that goes is emit/apparmor_update.h's; those
 * of seccomp are update_seccomp.c's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apparmor_tell.h"
#include "cmd.h"
#include "emit/apparmor_update.h"
#include "emit/show.h"
#include "profile/filter.h"
#include "input.h"
#include "recordings.h"
#include "update.h"

#define APPARMOR_DIR "/etc/apparmor.d"

static const char help[] =
	"usage: leastcall update [OPTION...] PROFILE RECORDING...\n"
	"\n"
	"Adds to a PROFILE, of AppArmor or seccomp, the rules that it lacks for what the\n"
	"RECORDINGs say was done, and nothing else: no rule is removed (but a fallback\n"
	"that is called now), and comments and order stay as they are. PROFILE is written\n"
	"over; - is stdin, and goes to stdout.\n"
	"\n"
	"  -o, --output FILE       write there, and leave PROFILE as it is; - is stdout\n"
	"      --check             write nothing, and exit with 1 where a rule is\n"
	"                          missing, or another one takes what was done\n"
	"      --dry-run           write nothing, and say what is missing\n"
	"      --workload NAME     where the RECORDINGs hold several workloads: this one;\n"
	"                          with its later instances NAME#2, NAME#3 ...\n"
	"      --allow-incomplete  also where something was lost while recording\n"
	"  -q, --quiet             say only what went wrong\n"
	"  -h, --help              this text\n"
	"\n"
	"For AppArmor:\n"
	"\n"
	"      --profile NAME      where PROFILE holds several: this one\n"
	"      --abi 3.0|4.0|5.0   the features that the rules are written for (3.0)\n"
	"      --apparmor-dir DIR  where what PROFILE includes is found (/etc/apparmor.d)\n"
	"      --exact             paths as they were\n"
	"\n"
	"Exit status: 0, 1 where --check finds that a rule is missing or denies, or a\n"
	"seccomp profile says otherwise; 2 for wrong usage, 3 where a RECORDING is\n"
	"incomplete, 125 for errors.\n"
	"\n"
	"  leastcall update /etc/apparmor.d/usr.sbin.app app.leastcall.jsonl\n";

enum {
	OPT_CHECK = 256,
	OPT_DRY,
	OPT_PROFILE,
	OPT_WORKLOAD,
	OPT_ABI,
	OPT_DIR,
	OPT_EXACT,
	OPT_ALLOW
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"check", no_argument, NULL, OPT_CHECK},
	{"dry-run", no_argument, NULL, OPT_DRY},
	{"profile", required_argument, NULL, OPT_PROFILE},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"abi", required_argument, NULL, OPT_ABI},
	{"apparmor-dir", required_argument, NULL, OPT_DIR},
	{"exact", no_argument, NULL, OPT_EXACT},
	{"allow-incomplete", no_argument, NULL, OPT_ALLOW},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static int option_take(void *to, int option, char **argv)
{
	struct update_options *options = to;

	switch (option) {
	case 'o':
		options->output = optarg;
		return 0;
	case OPT_CHECK:
		options->check = true;
		return 0;
	case OPT_DRY:
		options->dry_run = true;
		return 0;
	case OPT_PROFILE:
		options->profile = optarg;
		return 0;
	case OPT_WORKLOAD:
		options->emit.workload = optarg;
		return 0;
	case OPT_ABI:
		return option_abi("update", optarg, &options->emit.apparmor.abi);
	case OPT_DIR:
		options->dir = optarg;
		return 0;
	case OPT_EXACT:
		options->emit.exact = true;
		return 0;
	case OPT_ALLOW:
		options->allow_incomplete = true;
		return 0;
	default:
		return option_error("update", option, argv);
	}
}

/* 0, an exit status, or -1 where help was printed. */
static int options_read(struct update_options *options, int argc, char **argv)
{
	int status, i;

	*options = (struct update_options){.dir = APPARMOR_DIR, .emit.warn = recordings_warn};
	status = options_walk(argc, argv, long_options, help, option_take, options);
	if (status)
		return status;
	if (optind + 2 > argc)
		return usage_error("update", "no %s was given",
				   optind == argc ? "PROFILE" : "RECORDING");
	options->path = argv[optind];
	options->recordings = argv + optind + 1;
	options->recording_count = argc - optind - 1;
	for (i = 0; i < options->recording_count; i++)
		if (!strcmp(options->path, "-") && !strcmp(options->recordings[i], "-"))
			return usage_error("update", "PROFILE and RECORDING cannot both be stdin");
	if (options->output && (options->check || options->dry_run))
		return usage_error("update", "--%s writes nothing: -o goes without it",
				   options->check ? "check" : "dry-run");
	if (!options->output)
		options->output = options->path;
	if (recordings_include(options->recordings, options->recording_count, options->path))
		return usage_error("update", "%s is the PROFILE and a RECORDING: name another file",
				   options->path);
	if (recordings_include(options->recordings, options->recording_count, options->output))
		return usage_error("update", "%s is the RECORDING: name another file",
				   options->output);
	return 0;
}

/* The one profile that is meant. */
static int profile_choose(const struct update_options *options, const struct aa_file *file,
			  size_t *ret, struct err *err)
{
	size_t found = AA_NONE, count = 0, i;

	for (i = 0; i < file->profile_count; i++) {
		const struct aa_profile *profile = &file->profiles[i];

		if (profile->is_included ||
		    (options->profile ? strcmp(profile->name, options->profile) != 0
				      : profile->parent != AA_NONE))
			continue;
		found = i;
		count++;
	}
	if (count > 1)
		return err_set(err, -EINVAL,
			       "%s holds %zu profiles%s%s: choose with --profile NAME",
			       options->path, count, options->profile ? " called " : "",
			       options->profile ? options->profile : "");
	if (!count && options->profile)
		return err_set(err, -ENOENT, "%s holds no profile %s", options->path,
			       options->profile);
	if (!count)
		return err_set(err, -ENODATA, "%s holds no AppArmor profile", options->path);
	*ret = found;
	return 0;
}

static int apparmor_parse(const struct update_options *options, const char *text, size_t size,
			  struct aa_file *ret, size_t *ret_profile, struct err *err)
{
	struct aa_file file = {};
	int r = aa_file_parse(strcmp(options->path, "-") ? options->path : "stdin", text, size,
			      options->dir, &file, err);

	if (r && !input_is_apparmor(text))
		return err_set(err, -EINVAL, "%s is no profile", options->path);
	if (!r)
		r = profile_choose(options, &file, ret_profile, err);
	if (r) {
		aa_file_drop(&file);
		return r;
	}
	*ret = file;
	return 0;
}

/* Is what came of it a profile that lacks nothing? */
static int result_check(const struct update_options *options, const struct model *model,
			const struct aa_file *file, size_t profile, const char *text,
			struct err *err)
{
	_cleanup_aa_file_ struct aa_file again = {};
	_cleanup_update_ struct update rest = {};
	struct emit_options emit = options->emit;
	int r = aa_file_parse("the profile with the rules", text, strlen(text), options->dir,
			      &again, err);

	emit.warn = NULL;
	if (!r && again.profile_count != file->profile_count)
		r = err_set(err, -EINVAL, "the profile's text is not understood");
	if (!r)
		r = update_make(model, &emit, &again, profile, &rest, err);
	if (!r && rest.count)
		r = err_set(err, -EINVAL, "%s cannot be added", rest.rules[0].text);
	return r ? err_prefix(err, r, "%s", options->path) : 0;
}

int update_text_write(const struct update_options *options, const char *text, struct err *err)
{
	struct output out;
	int r = recordings_include((char *[]){(char *)options->path}, 1, options->output)
			? output_open_changed(&out, options->output, err)
			: output_open(&out, options->output, err);

	if (r)
		return r;
	fputs(text, out.file);
	return recordings_finish(&out, 0, err);
}

static int update_write(const struct update_options *options, const struct model *model,
			const struct aa_file *file, size_t profile, const struct update *update,
			struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *memory = xmemstream(&text, &size);
	int r;

	update_print(file, update, memory);
	fclose(memory);
	r = result_check(options, model, file, profile, text, err);
	return r ? r : update_text_write(options, text, err);
}

/* The last line, which alone may be read: what it comes to. */
static void sum_tell(const struct update_options *options, const struct update *update, bool writes)
{
	bool to_stdout = !strcmp(options->output, "-");
	const char *file = writes && !to_stdout         ? options->output
			   : strcmp(options->path, "-") ? options->path
							: "the profile";
	const char *load = writes && !to_stdout ? "; load it: apparmor_parser -r " : "";

	if (update->count)
		hint("%zu rule%s %s %s%s%s", update->count, plural(update->count),
		     writes ? "added to" : "missing in", file, load, *load ? file : "");
	if (update->denied_count)
		hint("%zu of what was recorded will fail, for deny rules of %s take it",
		     update->denied_count, file);
	if (!update->count && !update->denied_count)
		hint("nothing is missing in %s", options->path);
}

static void update_tell(const struct update_options *options, const struct update *update)
{
	bool writes = !update_is_dry(options);
	size_t i;

	for (i = 0; i < update->count; i++) {
		const struct update_rule *rule = &update->rules[i];

		hint("%s: %s%s%s%s", writes ? "added" : "missing", rule->text,
		     rule->remark ? " (" : "", rule->remark ? rule->remark : "",
		     rule->remark ? ")" : "");
	}
	for (i = 0; i < update->denied_count; i++)
		say("%s a deny rule of the profile takes it: %s",
		    writes ? "not added, for" : "missing, and", update->denied[i]);
	sum_tell(options, update, writes);
}

int update_recordings_take(const struct update_options *options, struct model **ret,
			   struct err *err)
{
	_cleanup_free_ char *lack = NULL;
	int r = recordings_read(options->recordings, options->recording_count, ret, err);

	if (r || !model_incomplete(*ret))
		return r;
	lack = recordings_lack(*ret);
	if (options->allow_incomplete) {
		hint("the recording is incomplete: %s", lack);
		return 0;
	}
	say("the recording is incomplete: %s; --allow-incomplete takes it all the same", lack);
	return EXIT_INCOMPLETE;
}

static int update_apparmor(const struct update_options *options, const char *text, size_t size,
			   struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_update_ struct update update = {};
	size_t profile = 0;
	int r = apparmor_parse(options, text, size, &file, &profile, err);

	if (!r)
		r = update_recordings_take(options, &model, err);
	if (r)
		return r;
	apparmor_tell(&file, options->dir);
	r = update_make(model, &options->emit, &file, profile, &update, err);
	if (r)
		return r;
	if (update.stranger)
		say("%s is attached to %s, and no program of the recording is that: it is of %s",
		    file.profiles[profile].name, file.profiles[profile].attachment,
		    update.stranger);
	if (!update_is_dry(options) &&
	    (update.count || strcmp(options->output, options->path) || !strcmp(options->path, "-")))
		r = update_write(options, model, &file, profile, &update, err);
	if (r)
		return r;
	update_tell(options, &update);
	return options->check && (update.count || update.denied_count) ? EXIT_FINDING : 0;
}

int cmd_update(int argc, char **argv, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct update_options options;
	size_t size = 0;
	int r = options_read(&options, argc, argv);

	if (r)
		return r < 0 ? 0 : r;
	r = profile_read(options.path, &text, &size, err);
	if (r)
		return r;
	if (!strncmp(text, "{\"fact\":", 8))
		return usage_error("update", "%s is a recording: PROFILE comes first",
				   options.path);
	if (text[strspn(text, " \t\r\n")] == '{')
		return update_seccomp(&options, text, size, err);
	return update_apparmor(&options, text, size, err);
}
