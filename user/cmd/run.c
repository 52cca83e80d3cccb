/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall run: a command under a seccomp profile. Everything is looked up before the filter is
 * loaded, and the execve follows at once: a profile needs to allow nothing else of ours.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd.h"
#include "profile/filter.h"
#include "recordings.h"
#include "trace/command.h"

static const char help[] =
	"usage: leastcall run --seccomp PROFILE [OPTION...] -- COMMAND [ARG...]\n"
	"\n"
	"Runs COMMAND under a seccomp profile in the OCI runtime-spec's form, as a container\n"
	"runtime would, without a container.\n"
	"\n"
	"      --seccomp PROFILE  the profile\n"
	"      --action WHAT      what a call that the profile does not allow meets:\n"
	"                         errno  an error, ENOSYS where the profile names none\n"
	"                         kill   SIGSYS, which ends the process (status 159)\n"
	"                         log    nothing but a line in the kernel's log\n"
	"                         (default: what the profile says)\n"
	"  -q, --quiet            say only what went wrong\n"
	"  -h, --help             this text\n"
	"\n"
	"The exit status is COMMAND's; 126 where it cannot be executed, 127 where it was not\n"
	"found, 125 where leastcall failed. The kernel refuses ABIs that the profile does not\n"
	"list by killing, whatever --action says.\n"
	"\n"
	"  leastcall run --seccomp app.json --action kill -- ./app\n";

enum { OPT_SECCOMP = 256, OPT_ACTION };

static const struct option long_options[] = {
	{"seccomp", required_argument, NULL, OPT_SECCOMP},
	{"action", required_argument, NULL, OPT_ACTION},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{},
};

static const struct {
	const char *word;
	enum filter_action action;
} actions[] = {
	{"errno", FILTER_ERRNO},
	{"kill", FILTER_KILL},
	{"log", FILTER_LOG},
};

static int action_take(const char *word, struct filter_options *options)
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

static int exec_failed(const char *path, int code)
{
	say("cannot execute %s: %s", path, strerror(-code));
	return code == -ENOENT || code == -ENOTDIR ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

/* Without CAP_SYS_ADMIN a filter wants no_new_privs, see seccomp(2). */
static int filter_load(const struct filter *filter)
{
	struct sock_fprog program = {.len = filter->length, .filter = filter->code};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
		return 0;
	if (errno != EACCES)
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : -errno;
}

static int command_run(const struct filter *filter, const char *path, char **command,
		       struct err *err)
{
	int code;

	fflush(NULL);
	code = filter_load(filter);
	if (code)
		return err_errno(err, code, "cannot load the filter");
	execve(path, command, environ);
	code = -errno;
	/* The filter may refuse these words too; the status is then all that is left. */
	if (code == -ENOSYS || code == -EPERM)
		say("the profile does not allow execve, or %s may not be executed", path);
	_exit(exec_failed(path, code));
}

static int options_read(int argc, char **argv, struct filter_options *options, const char **ret)
{
	int option, status;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:qh", long_options, NULL)) != -1) {
		switch (option) {
		case OPT_SECCOMP:
			*ret = optarg;
			break;
		case OPT_ACTION:
			status = action_take(optarg, options);
			if (status)
				return status;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return option_error("run", option, argv);
		}
	}
	if (!*ret)
		return usage_error("run", "no profile was given: --seccomp PROFILE");
	if (optind == argc)
		return usage_error("run", "no COMMAND was given");
	return 0;
}

int cmd_run(int argc, char **argv, struct err *err)
{
	struct filter_options options = {.warn = recordings_warn};
	_cleanup_free_ char *path = NULL;
	const char *profile = NULL;
	struct filter filter;
	int code = options_read(argc, argv, &options, &profile);

	if (code)
		return code < 0 ? 0 : code;
	code = filter_read(profile, &options, &filter, err);
	if (code)
		return code;
	code = command_find(argv[optind], &path, err);
	if (code) {
		filter_drop(&filter);
		say("%s", err->text);
		return code == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
	}
	code = command_run(&filter, path, argv + optind, err);
	filter_drop(&filter);
	return code;
}
