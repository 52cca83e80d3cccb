/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options of leastcall profile: what they are called, and which go together. It makes no profile. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "profile_options.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall profile FORMAT [OPTION...] RECORDING...\n"
	"\n"
	"Makes the smallest profile that allows what the RECORDINGs say was done. - is\n"
	"stdin.\n"
	"\n"
	"  seccomp       for runc, crun, Docker, Podman, containerd: the OCI\n"
	"                runtime-spec's JSON\n"
	"  apparmor      an AppArmor profile\n"
	"  docker        seccomp with Docker's comments, and rules for dockerd before\n"
	"                23.0\n"
	"  podman        seccomp with Podman's and CRI-O's comments and names of errnos\n"
	"  k8s           seccomp, and beside FILE.json what a manifest says to use it:\n"
	"                FILE.yaml\n"
	"  spo           a SeccompProfile of Kubernetes' Security Profiles Operator\n"
	"  oci-artifact  a directory to push to a registry: skopeo copy oci:DIR\n"
	"                docker://...\n"
	"  systemd       a drop-in for a service\n"
	"  minijail      a policy for minijail0 -S\n"
	"  firejail      lines of a Firejail profile\n"
	"  bpf           the filter itself, for bwrap --seccomp\n"
	"  c             C that loads it through libseccomp\n"
	"  pfc           libseccomp's pseudo code, for reading\n"
	"\n"
	"  -o, --output FILE       write there instead of to stdout\n"
	"      --workload NAME     where the RECORDINGs hold several workloads: this one;\n"
	"                          with its later instances NAME#2, NAME#3 ...\n"
	"      --each DIR          one profile for each workload and its instances, in\n"
	"                          DIR\n"
	"      --allow-incomplete  also where something was lost while recording\n"
	"      --explain-to FILE   a line for each call: why it is in, or is left out;\n"
	"                          apparmor: for each path that a rule with a pattern\n"
	"                          came of\n"
	"      --name NAME         apparmor: the profile's name, attached to no\n"
	"                          executable; spo: the object's name\n"
	"  -q, --quiet             say only what went wrong\n"
	"  -h, --help              this text\n"
	"\n"
	"For apparmor:\n"
	"\n"
	"      --abi 3.0|4.0|5.0   the features that it is written for (3.0): 4.0 has\n"
	"                          rules for user namespaces and message queues, 5.0 for\n"
	"                          io_uring\n"
	"      --children inherit|profile|unconfined  what is executed gets the same\n"
	"                          profile (inherit, the default), one of its own, or\n"
	"                          none\n"
	"      --complain          the profile denies nothing, and logs it\n"
	"      --no-base           without abstractions/base\n"
	"      --abstractions auto|base|none|LIST  include base and what is worth it\n"
	"                          (auto, the default), base, nothing, or exactly these,\n"
	"                          with commas\n"
	"      --apparmor-dir DIR  whose abstractions (/etc/apparmor.d)\n"
	"      --for docker|k8s|systemd  not the profile, but what names it to this one\n"
	"      --glob-dirs N       DIR/*SUFFIX where N files or more were written in a\n"
	"                          directory that end in the same suffix, or have none\n"
	"\n"
	"For all formats; but for --exact, for all but apparmor:\n"
	"\n"
	"      --exact             what was observed and nothing else; paths as they were\n"
	"      --families none|libc|full  add the calls that stand in for those that were\n"
	"                          seen: with another C library or version (libc, the\n"
	"                          default), on another architecture as well (full), or\n"
	"                          none\n"
	"      --arch NAME,...     for these architectures: x86_64, i386, x32, aarch64,\n"
	"                          arm, riscv64\n"
	"      --runtime NAME      add what a container's runtime calls behind the\n"
	"                          filter: any (the default for a container), runc, crun,\n"
	"                          youki, or none (the default for what is none)\n"
	"      --no-new-privs      the container is started with no_new_privs, where a\n"
	"                          runtime calls less behind the filter\n"
	"      --always min|none   add the few calls that every program may come to make\n"
	"                          (min, the default), or nothing\n"
	"      --args none         whatever the arguments were\n"
	"      --phase serving     only what was called after the serving mark\n"
	"      --include-denied    also what was denied while it was recorded\n"
	"      --min-count N       only what was called N times or more\n"
	"      --drop-enosys       not what was never answered but with ENOSYS\n"
	"      --base FILE         nothing that the profile FILE does not allow\n"
	"      --deny-tier TIER    nothing of this risk or above: critical, high, medium,\n"
	"                          obsolete\n"
	"      --action errno|kill|log|trap  what a call meets that is not allowed\n"
	"      --default-errno E   with errno: this one, ENOSYS where none is given\n"
	"      --superset-of FILE  write nothing where the profile FILE allows more\n"
	"\n"
	"Exit status: 0, 1 where --superset-of does not hold, 2 for wrong usage, 3 where\n"
	"a RECORDING is incomplete, 125 for errors.\n"
	"\n"
	"  leastcall profile docker app.leastcall.jsonl -o app.json\n"
	"  docker run --security-opt seccomp=app.json IMAGE\n";

enum {
	OPT_NAME = 256,
	OPT_WORKLOAD,
	OPT_EACH,
	OPT_ALLOW,
	OPT_EXPLAIN,
	OPT_GLOB_DIRS,
	OPT_SUPERSET,
	/* apparmor's */
	OPT_ABI,
	OPT_ABSTRACTIONS,
	OPT_CHILDREN,
	OPT_COMPLAIN,
	OPT_DIR,
	OPT_FOR,
	OPT_NO_BASE,
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"name", required_argument, NULL, OPT_NAME},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"each", required_argument, NULL, OPT_EACH},
	{"allow-incomplete", no_argument, NULL, OPT_ALLOW},
	{"explain-to", required_argument, NULL, OPT_EXPLAIN},
	{"glob-dirs", required_argument, NULL, OPT_GLOB_DIRS},
	{"superset-of", required_argument, NULL, OPT_SUPERSET},
	{"abi", required_argument, NULL, OPT_ABI},
	{"abstractions", required_argument, NULL, OPT_ABSTRACTIONS},
	{"apparmor-dir", required_argument, NULL, OPT_DIR},
	{"children", required_argument, NULL, OPT_CHILDREN},
	{"complain", no_argument, NULL, OPT_COMPLAIN},
	{"for", required_argument, NULL, OPT_FOR},
	{"no-base", no_argument, NULL, OPT_NO_BASE},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
};

/* False where it is none of AppArmor's. */
static bool apparmor_option_take(struct profile_options *options, int option, int *ret_status)
{
	struct apparmor_options *apparmor = &options->emit.apparmor;

	*ret_status = 0;
	switch (option) {
	case OPT_ABI:
		options->apparmor_given = "abi";
		*ret_status = option_abi("profile", optarg, &apparmor->abi);
		return true;
	case OPT_CHILDREN:
		options->apparmor_given = "children";
		if (!apparmor_children_from_name(optarg, &apparmor->children))
			*ret_status = usage_error(
				"profile",
				"--children wants inherit, profile or unconfined, not %s", optarg);
		return true;
	case OPT_ABSTRACTIONS:
		options->apparmor_given = "abstractions";
		options->abstractions = optarg;
		return true;
	case OPT_DIR:
		options->apparmor_given = "apparmor-dir";
		options->apparmor_dir = optarg;
		return true;
	case OPT_COMPLAIN:
		options->apparmor_given = "complain";
		apparmor->complain = true;
		return true;
	case OPT_FOR:
		options->apparmor_given = "for";
		if (!apparmor_use_from_name(optarg, &apparmor->use) || apparmor->use == USE_PROFILE)
			*ret_status = usage_error(
				"profile", "--for wants docker, k8s or systemd, not %s", optarg);
		return true;
	case OPT_NO_BASE:
		options->apparmor_given = "no-base";
		apparmor->no_base = true;
		return true;
	default:
		return false;
	}
}

static int option_take(void *to, int option, char **argv)
{
	struct profile_options *options = to;
	int status;

	if (apparmor_option_take(options, option, &status))
		return status;
	if (option >= POLICY_OPTION_FIRST)
		return policy_option_take("profile", option, &options->policy, &options->emit);
	switch (option) {
	case 'o':
		options->output = optarg;
		return 0;
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
	case OPT_EXPLAIN:
		options->explain = optarg;
		return 0;
	case OPT_GLOB_DIRS:
		if (option_number(optarg, &options->emit.apparmor.glob_dirs) &&
		    options->emit.apparmor.glob_dirs > 1)
			return 0;
		return usage_error("profile", "--glob-dirs wants a number from 2 on, not %s",
				   optarg);
	case OPT_SUPERSET:
		options->superset_of = optarg;
		options->policy.given = "superset-of";
		return 0;
	default:
		return option_error("profile", option, argv);
	}
}

/* NULL: no word was given. */
static int format_error(const struct format *formats, const char *word)
{
	_cleanup_free_ char *list = NULL;

	for (; formats->name; formats++) {
		char *longer =
			xasprintf("%s%s%s", list ? list : "", list ? ", " : "", formats->name);

		free(list);
		list = longer;
	}
	if (!word)
		return usage_error("profile", "no format was given: %s", list);
	return usage_error("profile", "there is no format %s, only %s", word, list);
}

/* Would the explanation be written over the profile, or among its lines? */
static bool explain_is_output(const struct profile_options *options, bool is_stdout)
{
	char *output = (char *)options->output;

	if (!options->explain)
		return false;
	if (is_stdout)
		return !strcmp(options->explain, "-");
	return !strcmp(options->explain, output) ||
	       recordings_include(&output, 1, options->explain);
}

/* What cannot go to a terminal, to no stream at all, or to where something else goes. */
static int output_check(const struct profile_options *options)
{
	bool is_stdout = !options->output || !strcmp(options->output, "-");

	if (explain_is_output(options, is_stdout))
		return usage_error("profile", "--explain-to %s is where the profile goes, too",
				   options->explain);
	if (options->format->is_directory && is_stdout)
		return usage_error("profile", "%s is a directory: -o DIR names it",
				   options->format->name);
	if (options->format->is_binary && is_stdout && isatty(STDOUT_FILENO))
		return usage_error("profile",
				   "%s is no text for a terminal: -o FILE, or send it elsewhere",
				   options->format->name);
	return 0;
}

/* Is the word one of the list's? */
static bool list_has(const char *list, const char *word)
{
	size_t size = strlen(word), part;

	for (; *list; list += part + (list[part] == ',')) {
		part = strcspn(list, ",");
		if (part == size && !strncmp(list, word, size))
			return true;
	}
	return false;
}

/* 0, or EXIT_USAGE. */
static int abstractions_check(const struct profile_options *options)
{
	const char *list = options->abstractions;

	if (!list)
		return 0;
	if (!list[strspn(list, ",")])
		return usage_error("profile", "--abstractions wants auto, base, none or names");
	if (options->emit.exact && strcmp(list, "base") != 0 && strcmp(list, "none") != 0)
		return usage_error("profile", "--exact and --abstractions %s contradict each other",
				   list);
	if (options->emit.apparmor.no_base && list_has(list, "base"))
		return usage_error("profile",
				   "--no-base and --abstractions %s contradict each other", list);
	return 0;
}

static int options_check(struct profile_options *options, const struct format *formats, int argc,
			 char **argv)
{
	const struct format *row;

	if (optind == argc)
		return format_error(formats, NULL);
	for (row = formats; row->name; row++)
		if (!strcmp(argv[optind], row->name))
			options->format = row;
	if (!options->format)
		return format_error(formats, argv[optind]);
	if (optind + 1 == argc)
		return usage_error("profile", "no RECORDING was given");
	options->recordings = argv + optind + 1;
	options->recording_count = argc - optind - 1;
	if (options->emit.name && !options->format->takes_name)
		return usage_error("profile", "--name is for apparmor and spo");
	if (options->emit.apparmor.glob_dirs && options->format->emit)
		return usage_error("profile", "--glob-dirs is for apparmor");
	if (options->emit.apparmor.glob_dirs && options->emit.exact)
		return usage_error("profile", "--exact and --glob-dirs contradict each other");
	if (options->policy.given && !options->format->emit &&
	    strcmp(options->policy.given, "exact") != 0)
		return usage_error("profile", "--%s is for seccomp", options->policy.given);
	if (abstractions_check(options))
		return EXIT_USAGE;
	/* What was observed and nothing else. */
	if (options->emit.exact && !options->abstractions)
		options->abstractions = "base";
	if (options->apparmor_given && options->format->emit)
		return usage_error("profile", "--%s is for apparmor", options->apparmor_given);
	if (options->each && (options->output || options->emit.workload || options->emit.name))
		return usage_error("profile", "--each goes with none of -o, --workload and --name");
	if (options->each && options->explain)
		return usage_error("profile", "--explain-to is for one profile, not for --each");
	if (options->each && options->superset_of)
		return usage_error("profile", "--superset-of is for one profile, not for --each");
	if (!options->each && output_check(options))
		return EXIT_USAGE;
	if (recordings_include(options->recordings, options->recording_count, options->output))
		return usage_error("profile", "-o %s is the RECORDING: name another file",
				   options->output);
	if (recordings_include(options->recordings, options->recording_count, options->explain))
		return usage_error("profile", "--explain-to %s is the RECORDING: name another file",
				   options->explain);
	if (options->format->is_for_containers && options->emit.runtime == RUNTIME_AUTO &&
	    !options->emit.exact && !options->emit.phase_serving)
		options->emit.runtime = RUNTIME_ANY;
	return policy_options_check("profile", &options->policy, &options->emit);
}

int profile_options_read(struct profile_options *options, const struct format *formats, int argc,
			 char **argv)
{
	_cleanup_free_ struct option *all =
		policy_options_join(long_options, ARRAY_SIZE(long_options));
	int status;

	*options = (struct profile_options){.emit.warn = recordings_warn,
					    .emit.hint = recordings_hint};
	status = options_walk(argc, argv, all, help, option_take, options);
	if (status)
		return status;
	return options_check(options, formats, argc, argv);
}

void profile_options_drop(struct profile_options *options)
{
	policy_options_drop(&options->policy);
}
