/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall lint: what is wrong with seccomp profiles. What there is to find is lint/lint.c's. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "profile/filter.h"
#include "lint/lint.h"
#include "input.h"

static const char help[] =
	"usage: leastcall lint [OPTION...] PROFILE...\n"
	"\n"
	"Says what is wrong with the seccomp profiles in the files PROFILE, by line and\n"
	"column: what is no JSON, what runc, crun, Docker, Podman or containerd refuse or\n"
	"pass over in silence, what does not restrict as it seems to, and what is\n"
	"missing. - is stdin.\n"
	"\n"
	"      --for READER      who reads it: runtime (runc, crun), docker, podman (and\n"
	"                        CRI-O), k8s (containerd, Localhost); by default what its\n"
	"                        keys tell\n"
	"      --runtime NAME    what runc, crun or youki needs is missed in it by a\n"
	"                        warning; any: of all of them; none: not even by a note\n"
	"      --no-new-privs    the container is started with no_new_privs: it needs\n"
	"                        less\n"
	"      --strict          exit status 1 for warnings, too\n"
	"      --json            one JSON array of {file, line, column, level, id,\n"
	"                        message}\n"
	"      --list            what can be found: ids, levels, words\n"
	"  -q, --quiet           no notes, and no sum\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0, 1 where an error was found, 2 for wrong usage, 125 for what\n"
	"cannot be read.\n"
	"\n"
	"  leastcall lint --strict web.json\n";

enum { OPT_FOR = 256, OPT_RUNTIME, OPT_NO_NEW_PRIVS, OPT_STRICT, OPT_JSON, OPT_LIST };

static const struct option long_options[] = {
	{"for", required_argument, NULL, OPT_FOR},
	{"runtime", required_argument, NULL, OPT_RUNTIME},
	{"no-new-privs", no_argument, NULL, OPT_NO_NEW_PRIVS},
	{"strict", no_argument, NULL, OPT_STRICT},
	{"json", no_argument, NULL, OPT_JSON},
	{"list", no_argument, NULL, OPT_LIST},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

struct request {
	struct lint_options options;
	bool strict, json, list;
};

static int list_print(void)
{
	for (size_t i = 0; i < LINT_IDS; i++)
		printf("%-26s%-9s%s\n", lint_rows[i].id, lint_level_name(lint_rows[i].level),
		       lint_rows[i].words);
	return 0;
}

/* "2 errors, 1 warning, 3 notes" */
static void sum_tell(const char *path, const struct lint *lint)
{
	size_t errors = lint->counts[LINT_ERROR], warnings = lint->counts[LINT_WARNING];
	size_t notes = lint->counts[LINT_NOTE];

	hint("%s, as %s reads it: %zu error%s, %zu warning%s, %zu note%s", path,
	     lint->reader == READER_RUNTIME ? "a runtime" : lint_reader_name(lint->reader), errors,
	     errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", notes,
	     notes == 1 ? "" : "s");
}

/* One profile; *finding where it is to be seen in the exit status. */
static int file_lint(const char *path, const struct request *request, bool *first, bool *finding,
		     struct err *err)
{
	enum lint_level least = quiet ? LINT_WARNING : LINT_NOTE;
	_cleanup_free_ char *text = NULL;
	struct lint lint;
	size_t size;
	int r = profile_read(path, &text, &size, err);

	if (!r && input_is_apparmor(text))
		r = err_set(err, -EBADMSG,
			    "%s is an AppArmor profile, and lint is for seccomp profiles: "
			    "apparmor_parser -Q -K reads one without loading it",
			    path);
	if (r)
		return r;
	lint_profile(text, size, &request->options, &lint);
	if (request->json)
		lint_print_json(&lint, path, least, first, stdout);
	else
		lint_print(&lint, path, least, stdout);
	*finding |= lint.counts[LINT_ERROR] || (request->strict && lint.counts[LINT_WARNING]);
	sum_tell(path, &lint);
	lint_drop(&lint);
	return 0;
}

static int files_lint(char **paths, int count, const struct request *request, struct err *err)
{
	bool first = true, finding = false;
	int r = 0, i;

	if (request->json)
		putchar('[');
	for (i = 0; i < count && !r; i++)
		r = file_lint(paths[i], request, &first, &finding, err);
	if (request->json)
		puts(first ? "]" : "\n]");
	if (r)
		return r;
	return finding ? EXIT_FINDING : 0;
}

/* 0, or EXIT_USAGE. */
static int option_take(int option, struct request *request)
{
	switch (option) {
	case OPT_FOR:
		if (!lint_reader_from_name(optarg, &request->options.reader))
			return usage_error("lint",
					   "--for wants runtime, docker, podman or k8s, not %s",
					   optarg);
		return 0;
	case OPT_RUNTIME:
		return option_runtime("lint", optarg, &request->options.runtime);
	case OPT_NO_NEW_PRIVS:
		request->options.no_new_privs = true;
		return 0;
	case OPT_STRICT:
		request->strict = true;
		return 0;
	case OPT_JSON:
		request->json = true;
		return 0;
	case OPT_LIST:
		request->list = true;
		return 0;
	default:
		quiet = true;
		return 0;
	}
}

int cmd_lint(int argc, char **argv, struct err *err)
{
	struct request request = {};
	int option, status;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option == '?' || option == ':')
			return option_error("lint", option, argv);
		status = option_take(option, &request);
		if (status)
			return status;
	}
	if (request.list)
		return list_print();
	if (optind == argc)
		return usage_error("lint", "no PROFILE was given");
	return files_lint(argv + optind, argc - optind, &request, err);
}
