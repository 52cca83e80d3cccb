/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of subcommands, and the only place that prints errors and picks the exit status of a
 * failure.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

static const struct {
	const char *name;
	cmd_fn *run;
	const char *words;
} commands[] = {
	{"record", cmd_record,
	 "record the system calls of a command, a process, a cgroup or the host"},
	{"profile", cmd_profile, "make a seccomp or an AppArmor profile from recordings"},
	{"show", cmd_show, "what was called, how often, by whom"},
	{"merge", cmd_merge, "make one recording of several"},
	{"run", cmd_run, "run a command under a seccomp profile"},
	{"doctor", cmd_doctor, "what this kernel and this user can do"},
};

bool quiet;

/* Control characters, and bytes that are no ASCII text or UTF-8 lead, never reach a terminal raw. */
static void words_print(const char *format, va_list args)
{
	char text[2048];
	int used = vsnprintf(text, sizeof(text), format, args);

	if (used < 0)
		return;
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	fprintf(stderr, "leastcall: %s\n", text);
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
	fputs("\n  sudo leastcall record --seccomp app.json --apparmor app.aa -- ./app\n\n"
	      "leastcall COMMAND --help tells the rest; so does man leastcall.\n",
	      out);
	return 0;
}

int main(int argc, char **argv)
{
	struct err err = {};
	int status;

	if (argc < 2) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help_print(stdout);
	if (!strcmp(argv[1], "--version")) {
		puts("leastcall " LEASTCALL_VERSION);
		return 0;
	}
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
