/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall explain: why a call, a path or a capability is in a profile. The answers are
 * emit/explain.c's and emit/explain_rules.c's. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "manual.h"
#include "policy_options.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall explain [OPTION...] RECORDING... CALL|PATH|CAPABILITY\n"
	"\n"
	"Says why the system call CALL is in the seccomp profile that the RECORDINGs\n"
	"make, or why it is not: who called it, who was denied it, and which rule adds\n"
	"it. Of a PATH (with a leading slash) or a CAPABILITY (cap_sys_admin) it says who\n"
	"used it, and which rules of the AppArmor profile speak of it; of a rule of that\n"
	"profile, who used what it matches. - is stdin.\n"
	"\n"
	"      --action, --always, --arch, --args, --base, --default-errno, --deny-tier,\n"
	"      --drop-enosys, --exact, --families, --include-denied, --min-count,\n"
	"      --no-new-privs, --phase, --runtime\n"
	"                        as of leastcall profile\n"
	"      --workload NAME   only this one, with its later instances NAME#2, NAME#3\n"
	"                        ...\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0, 1 where it is in no profile, 2 for wrong usage, 125 for errors.\n"
	"\n"
	"  leastcall explain web.leastcall.jsonl capset\n";

enum { OPT_WORKLOAD = 256 };

static const struct option long_options[] = {
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
};

/* Recordings have what a name led to. It is this host's link, which may be another one there. */
static void link_hint(const char *path)
{
	_cleanup_free_ char *real = *path == '/' ? realpath(path, NULL) : NULL;
	size_t size = strlen(path);

	while (size > 1 && path[size - 1] == '/')
		size--;
	if (real && (strncmp(real, path, size) != 0 || real[size]))
		hint("%s is a link to %s here: recordings have that name", path, real);
}

static void manual_tell(const char *call)
{
	_cleanup_free_ char *line = manual_line(call);

	if (line)
		printf("%s(2): %s\n", call, line);
}

static int explain(char **paths, int count, const char *name, const struct emit_options *options,
		   struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	bool in = false;
	int r = recordings_read(paths, count, &model, err);

	if (!r && syscall_is_known(name))
		manual_tell(name);
	if (!r)
		r = (syscall_is_known(name) ? explain_emit : explain_rules_emit)(
			model, options, name, stdout, &in, err);
	if (r)
		return r;
	if (!in)
		link_hint(name);
	return in ? 0 : EXIT_FINDING;
}

/* 0, an exit status, or -1 where help was printed. */
static int options_read(struct policy_options *policy, struct emit_options *options, int argc,
			char **argv)
{
	_cleanup_free_ struct option *all =
		policy_options_join(long_options, ARRAY_SIZE(long_options));
	int option, status;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":qh", all, NULL)) != -1) {
		if (option >= POLICY_OPTION_FIRST) {
			status = policy_option_take("explain", option, policy, options);
			if (status)
				return status;
			continue;
		}
		switch (option) {
		case OPT_WORKLOAD:
			options->workload = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return option_error("explain", option, argv);
		}
	}
	return policy_options_check("explain", policy, options);
}

int cmd_explain(int argc, char **argv, struct err *err)
{
	_cleanup_policy_options_ struct policy_options policy = {};
	struct emit_options options = {};
	uint32_t capability;
	int r = options_read(&policy, &options, argc, argv);

	if (r)
		return r < 0 ? 0 : r;
	if (optind == argc)
		return usage_error("explain", "no RECORDING was given");
	if (!syscall_is_known(argv[argc - 1]) && !explain_rules_knows(argv[argc - 1], &capability))
		return usage_error("explain",
				   "%s is no system call, path or capability: that is the last "
				   "argument, and a path begins with a slash",
				   argv[argc - 1]);
	if (optind + 1 == argc)
		return usage_error("explain", "no RECORDING was given");
	r = policy_options_open(&policy, &options, err);
	if (r)
		return r;
	return explain(argv + optind, argc - optind - 1, argv[argc - 1], &options, err);
}
