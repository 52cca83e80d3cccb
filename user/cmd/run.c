/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall run: a command under its profiles, and what of it was denied. How it is run, and what a
 * denial is, is enforced.c's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "enforced.h"
#include "run.h"
#include "trace/command.h"

static const char help[] =
	"usage: leastcall run --seccomp PROFILE [OPTION...] -- COMMAND [ARG...]\n"
	"\n"
	"Runs COMMAND under a seccomp profile in the OCI runtime-spec's form, as a\n"
	"container runtime would, without a container, and says on stderr what was\n"
	"denied: each call, how often, with which error and by which executable. As root\n"
	"it traces the command, as leastcall record does; else it goes by what seccomp\n"
	"tells by itself.\n"
	"\n"
	"      --seccomp PROFILE  the profile\n"
	"      --apparmor NAME    an AppArmor profile that is loaded: entered at\n"
	"                         COMMAND's execve\n"
	"      --action WHAT      what a call that the profile does not allow meets:\n"
	"                         errno  an error, ENOSYS where the profile names none\n"
	"                         kill   SIGSYS, which ends the process (status 159)\n"
	"                         log    nothing: it is counted, and let through\n"
	"                         (default: what the profile says)\n"
	"      --errno, --kill, --log  the same in one word\n"
	"  -o, --output FILE      write a recording of the run, too (root)\n"
	"      --report FILE      write what was denied to FILE instead of stderr\n"
	"      --json             write it as one line of JSON\n"
	"      --exec             execute COMMAND in leastcall's place: nothing is\n"
	"                         watched or told\n"
	"  -q, --quiet            say only what went wrong\n"
	"  -h, --help             this text\n"
	"\n"
	"The exit status is COMMAND's. Where COMMAND succeeded: 1 if something was denied\n"
	"that no rule of the profile refuses by name, 3 if calls were lost. 126 where\n"
	"COMMAND cannot be executed, 127 where it was not found, 125 where leastcall\n"
	"failed. The kernel refuses ABIs that the profile does not list by killing,\n"
	"whatever --action says.\n"
	"\n"
	"  sudo leastcall run --seccomp app.json -- ./app\n";

enum {
	OPT_SECCOMP = 256,
	OPT_APPARMOR,
	OPT_ACTION,
	OPT_ERRNO,
	OPT_KILL,
	OPT_LOG,
	OPT_REPORT,
	OPT_JSON,
	OPT_EXEC,
};

static const struct option long_options[] = {
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"apparmor", required_argument, NULL, OPT_APPARMOR},
	{"action", required_argument, NULL, OPT_ACTION},
	{"errno", no_argument, NULL, OPT_ERRNO},
	{"kill", no_argument, NULL, OPT_KILL},
	{"log", no_argument, NULL, OPT_LOG},
	{"output", required_argument, NULL, 'o'},
	{"report", required_argument, NULL, OPT_REPORT},
	{"json", no_argument, NULL, OPT_JSON},
	{"exec", no_argument, NULL, OPT_EXEC},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

struct run_options {
	const char *seccomp, *apparmor, *output, *report;
	enum filter_action action;
	bool json, exec;
};

static const struct {
	const char *word;
	enum filter_action action;
} actions[] = {
	{"errno", FILTER_ERRNO},
	{"kill", FILTER_KILL},
	{"log", FILTER_LOG},
};

static int action_take(const char *word, struct run_options *options)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(actions[i].word, word) != 0)
			continue;
		options->action = actions[i].action;
		return 0;
	}
	return usage_error("run", "--action wants errno, kill or log, not %s", word);
}

static int option_take(int option, char **argv, struct run_options *options)
{
	switch (option) {
	case OPT_SECCOMP:
		options->seccomp = optarg;
		return 0;
	case OPT_APPARMOR:
		options->apparmor = optarg;
		return 0;
	case OPT_ACTION:
		return action_take(optarg, options);
	case OPT_ERRNO:
	case OPT_KILL:
	case OPT_LOG:
		options->action = actions[option - OPT_ERRNO].action;
		return 0;
	case 'o':
		options->output = optarg;
		return 0;
	case OPT_REPORT:
		options->report = optarg;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_EXEC:
		options->exec = true;
		return 0;
	case 'q':
		quiet = true;
		return 0;
	default:
		return option_error("run", option, argv);
	}
}

/* 0, an exit status, or -1 where help was printed. */
static int options_read(int argc, char **argv, struct run_options *options)
{
	int option, status;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:o:qh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		status = option_take(option, argv, options);
		if (status)
			return status;
	}
	if (!options->seccomp)
		return usage_error("run", "no profile was given: --seccomp PROFILE");
	if (optind == argc)
		return usage_error("run", "no COMMAND was given");
	if (options->output && !strcmp(options->output, "-"))
		return usage_error("run", "stdout is COMMAND's: -o wants a file");
	if (options->report && !strcmp(options->report, "-"))
		return usage_error("run", "stdout is COMMAND's: --report wants a file");
	if (options->exec && (options->output || options->report || options->json))
		return usage_error("run",
				   "--exec tells nothing: no -o, --report or --json with it");
	return 0;
}

static int exec_failed(const char *path, int code)
{
	say("cannot execute %s: %s", path, strerror(-code));
	return code == -ENOENT || code == -ENOTDIR ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

/* The filter is the last thing that is loaded: no other call of ours meets it. */
static int command_execute(const struct enforced *enforced, struct err *err)
{
	const struct filter *filter = &enforced->profile->filter;
	struct confine confine = {.filter = {filter->length, filter->code},
				  .apparmor = enforced->apparmor};
	int code;

	fflush(NULL);
	code = confine_enter(&confine, err);
	if (code)
		return code;
	execve(enforced->path, enforced->command, environ);
	code = -errno;
	/* The filter may refuse these words too; the status is then all that is left. */
	if (code == -ENOSYS || code == -EPERM)
		say("the profile does not allow execve, or %s may not be executed", enforced->path);
	_exit(exec_failed(enforced->path, code));
}

static int status_of(const struct enforced_result *result)
{
	if (result->status)
		return result->status;
	if (enforced_denied(result))
		return EXIT_FINDING;
	return result->complete || result->is_blind ? 0 : EXIT_INCOMPLETE;
}

static int command_watch(const struct enforced *enforced, const struct run_options *options,
			 struct err *err)
{
	struct enforced_result result;
	struct output report = {};
	int r = 0, status;

	if (options->report)
		r = output_open(&report, options->report, err);
	if (r < 0)
		return r;
	r = enforced_run(enforced, &result, err);
	if (r < 0) {
		output_abandon(&report);
		return r;
	}
	status = status_of(&result);
	if (result.blind && result.complete)
		hint("%s", result.blind);
	else if (result.blind)
		say("%s", result.blind);
	r = denials_print(&result, status, options->json, options->report ? &report : NULL, err);
	if (enforced_denied(&result) && !options->json)
		hint("to allow what it needs: leastcall verify --seccomp %s --repair FILE -- "
		     "COMMAND",
		     options->seccomp);
	enforced_result_drop(&result);
	return r < 0 ? r : status;
}

static int command_run(const struct run_options *options, char **command, const char *path,
		       struct err *err)
{
	struct enforced_profile profile = {};
	struct enforced enforced = {
		.profile = &profile,
		.apparmor = options->apparmor,
		.command = command,
		.path = path,
		.output = options->output,
	};
	int r = enforced_profile_read(options->seccomp, options->action, &profile, err);

	if (r < 0)
		return r;
	if (options->output &&
	    (options->action == FILTER_LOG || (!options->action && profile.defaults.is_logged)))
		r = usage_error("run", "nothing is denied where it is logged: leastcall record "
				       "makes the recording");
	else if (options->exec)
		r = command_execute(&enforced, err);
	else
		r = command_watch(&enforced, options, err);
	enforced_profile_drop(&profile);
	return r;
}

int cmd_run(int argc, char **argv, struct err *err)
{
	struct run_options options = {};
	_cleanup_free_ char *path = NULL;
	int r = options_read(argc, argv, &options);

	if (r)
		return r < 0 ? 0 : r;
	r = command_find(argv[optind], &path, err);
	if (r) {
		say("%s", err->text);
		return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
	}
	return command_run(&options, argv + optind, path, err);
}
