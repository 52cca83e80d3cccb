/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall explain: why a call is in a profile. The answer is emit/explain.c's. */
#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "recordings.h"

static const char help[] =
	"usage: leastcall explain [OPTION...] RECORDING... CALL\n"
	"\n"
	"Says why the system call CALL is in the seccomp profile that the RECORDINGs make, or why\n"
	"it is not: who called it, who was denied it, and which rule adds it. - is stdin.\n"
	"\n"
	"      --runtime NAME    as of leastcall profile\n"
	"      --no-new-privs    as of leastcall profile\n"
	"      --include-denied  as of leastcall profile\n"
	"      --workload NAME   only this one, with its later instances NAME#2, NAME#3 ...\n"
	"  -q, --quiet           say only what went wrong\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0, 1 where CALL is in no profile, 2 for wrong usage, 125 for errors.\n"
	"\n"
	"  leastcall explain web.jsonl capset\n";

enum { OPT_RUNTIME = 256, OPT_NO_NEW_PRIVS, OPT_DENIED, OPT_WORKLOAD };

static const struct option long_options[] = {
	{"runtime", required_argument, NULL, OPT_RUNTIME},
	{"no-new-privs", no_argument, NULL, OPT_NO_NEW_PRIVS},
	{"include-denied", no_argument, NULL, OPT_DENIED},
	{"workload", required_argument, NULL, OPT_WORKLOAD},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static int explain(char **paths, int count, const char *name, const struct emit_options *options,
		   struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	bool in = false;
	int r = recordings_read(paths, count, &model, err);

	if (!r)
		r = explain_emit(model, options, name, stdout, &in, err);
	if (r)
		return r;
	return in ? 0 : EXIT_FINDING;
}

int cmd_explain(int argc, char **argv, struct err *err)
{
	struct emit_options options = {};
	int option, status;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":qh", long_options, NULL)) != -1) {
		switch (option) {
		case OPT_RUNTIME:
			status = option_runtime("explain", optarg, &options.runtime);
			if (status)
				return status;
			break;
		case OPT_NO_NEW_PRIVS:
			options.no_new_privs = true;
			break;
		case OPT_DENIED:
			options.include_denied = true;
			break;
		case OPT_WORKLOAD:
			options.workload = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return 0;
		default:
			return option_error("explain", option, argv);
		}
	}
	if (optind == argc)
		return usage_error("explain", "no RECORDING was given");
	if (!syscall_is_known(argv[argc - 1]))
		return usage_error("explain", "there is no system call %s: it comes last",
				   argv[argc - 1]);
	if (optind + 1 == argc)
		return usage_error("explain", "no RECORDING was given");
	return explain(argv + optind, argc - optind - 1, argv[argc - 1], &options, err);
}
