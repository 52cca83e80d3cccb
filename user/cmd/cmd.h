/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Subcommands: options in, calls down, words out. Each takes its own argv (argv[0] is its name) and
 * returns an exit status; a failure below it is left in err with a negative errno, and main()
 * prints it and exits with 125.
 */
#ifndef LEASTCALL_CMD_H
#define LEASTCALL_CMD_H

#include <getopt.h>

#include "policy/options.h"
#include "tables/tables.h"
#include "util/util.h"

enum exit_status {
	EXIT_FINDING = 1,    /* a difference, a denial, a finding */
	EXIT_USAGE = 2,      /* the call's words are off */
	EXIT_INCOMPLETE = 3, /* the command succeeded, the recording is incomplete */
	EXIT_OURS = 125,     /* leastcall's own failure */
	EXIT_NO_EXEC = 126,  /* COMMAND cannot be executed */
	EXIT_NOT_FOUND = 127 /* COMMAND was not found */
};

/* Return: an exit status (0 and up), or a negative errno with the words in err. */
typedef int cmd_fn(int argc, char **argv, struct err *err);

cmd_fn cmd_mark, cmd_record, cmd_profile, cmd_merge, cmd_show, cmd_explain, cmd_run, cmd_doctor;
cmd_fn cmd_audit, cmd_diff, cmd_lint, cmd_targets, cmd_update, cmd_verify, cmd_watch;

/* "leastcall: words" on stderr, one line, control characters made visible. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same unless --quiet was given. */
void hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern bool quiet;

/* One line that says what is off, and where help is. EXIT_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For getopt_long()'s '?' and ':' with opterr 0, right after it returned: names the option. The
 * option string must start with ':' (behind a '+'), or a missing value reads like a wrong option.
 * EXIT_USAGE. */
int option_error(const char *command, int option, char **argv);
/* Takes one option and its value from optarg; what it does not know is option_error()'s. 0, or an exit
 * status. */
typedef int option_fn(void *options, int option, char **argv);
/* Reads the options in front of the words, whose first is argv[optind] then: `fn` is given each but
 * -h and -q. `rows` are getopt_long()'s, -o FILE is known as well. 0, an exit status, or -1 where help
 * was printed. */
int options_walk(int argc, char **argv, const struct option *rows, const char *help, option_fn *fn,
		 void *options);
/* The value of --abi. 0, or EXIT_USAGE. */
int option_abi(const char *command, const char *word, enum apparmor_abi *ret);
/* The value of --runtime. 0, or EXIT_USAGE and *ret is not to be used. */
int option_runtime(const char *command, const char *word, enum runtime *ret);
/* A decimal number, all of the word. Where it is none, *ret is not to be used. */
bool option_number(const char *word, uint64_t *ret);

#endif
