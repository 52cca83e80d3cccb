/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of subcommands, and the only place that prints errors and picks the exit status of a
 * failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "model/text.h"

static const struct {
	const char *name;
	cmd_fn *run;
	const char *words;
} commands[] = {
	{"record", cmd_record, "record a command, a container, a unit, a cgroup ..."},
	{"profile", cmd_profile, "make a seccomp or an AppArmor profile from recordings"},
	{"show", cmd_show, "what was called, how often, by whom"},
	{"explain", cmd_explain, "why a call, a path, a capability is in the profile, or not"},
	{"merge", cmd_merge, "make one recording of several, or one seccomp profile"},
	{"diff", cmd_diff, "what has changed between two recordings or profiles"},
	{"update", cmd_update, "add to a profile what it lacks"},
	{"lint", cmd_lint, "what is wrong with a seccomp profile"},
	{"audit", cmd_audit, "what is called, held against what may be"},
	{"watch", cmd_watch, "what is called right now, and what of it is new"},
	{"run", cmd_run, "run a command under its profiles, and say what was denied"},
	{"verify", cmd_verify, "does a command survive its profile, many times?"},
	{"mark", cmd_mark, "tell a recorder that its application is serving"},
	{"targets", cmd_targets, "the containers, units and cgroups that can be recorded"},
	{"doctor", cmd_doctor, "what this kernel and this user can do"},
};

bool quiet;

/* What a traced program chose never acts on a terminal: text_printable(). */
static void words_print(const char *format, va_list args)
{
	_cleanup_free_ char *shown = NULL;
	char text[2048];

	if (vsnprintf(text, sizeof(text), format, args) < 0)
		return;
	shown = text_printable(text);
	fprintf(stderr, "leastcall: %s\n", shown);
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	words_print(format, args);
	va_end(args);
}

void hint(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	words_print(format, args);
	va_end(args);
}

int usage_error(const char *command, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("%s: %s (see leastcall %s --help)", command, text, command);
	return EXIT_USAGE;
}

static int help_print(FILE *out)
{
	fputs("usage: leastcall COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Records what a program asks of the kernel, and makes the smallest seccomp and\n"
	      "AppArmor profiles that still let it run.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].words);
	fputs("\n  -h, --help  this text; behind COMMAND: its options\n"
	      "  --version   print the version\n\n"
	      "  sudo leastcall record --seccomp app.json --apparmor app.aa -- ./app\n\n"
	      "leastcall COMMAND --help tells the rest; so does man leastcall.\n",
	      out);
	return 0;
}

/*
 * A file that is opened must not become what somebody else takes for stdin, stdout or stderr. The
 * gaps are filled with what fails when it is used, and the command that we start finds them as they
 * were.
 */
static void streams_hold(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_PATH | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Results that did not reach stdout are no results; the reader of a pipe that left needs no word. */
static int stdout_finish(int status)
{
	if (status == EXIT_OURS || (fflush(stdout) == 0 && !ferror(stdout)))
		return status;
	if (errno != EPIPE)
		say("cannot write to stdout: %s", strerror(errno));
	return EXIT_OURS;
}

static int command_do(int argc, char **argv)
{
	struct err err = {};
	int status;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		status = commands[i].run(argc - 1, argv + 1, &err);
		if (status >= 0)
			return status;
		if (status != -EPIPE || err.text[0]) /* whoever read our output had enough */
			say("%s", err.text);
		return EXIT_OURS;
	}
	say("there is no command %s (see leastcall --help)", argv[1]);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	streams_hold();
	if (argc < 2) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "help") && argc == 3) { /* leastcall help COMMAND */
		argv[1] = argv[2];
		argv[2] = "--help";
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return stdout_finish(help_print(stdout));
	if (!strcmp(argv[1], "--version")) {
		puts("leastcall " LEASTCALL_VERSION);
		return stdout_finish(0);
	}
	return stdout_finish(command_do(argc, argv));
}
