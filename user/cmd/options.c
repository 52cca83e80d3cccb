/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the commands' readers of options share. Knows no command and none of their options. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "emit/emit.h"

/*
 * optopt is a short option's letter, a long option's value where it was given an argument too many
 * or too few, or 0. The word itself has been passed, unless letters follow in it.
 */
int option_error(const char *command, int option, char **argv)
{
	const char *word = argv[optind - 1], *next = argv[optind];
	char letter[3] = {'-', (char)optopt};
	bool is_letter = optopt > 0x20 && optopt < 0x7f;
	bool is_inside =
		is_letter && next && next[0] == '-' && next[1] != '-' && strchr(next, optopt);

	if (is_letter && (is_inside || strncmp(word, "--", 2) != 0))
		word = letter;
	if (option == ':')
		return usage_error(command, "%s wants a value", word);
	if (optopt && word != letter)
		return usage_error(command, "the option takes no value: %s", word);
	return usage_error(command, "there is no option %s", word);
}

int options_walk(int argc, char **argv, const struct option *rows, const char *help, option_fn *fn,
		 void *options)
{
	int option, status = 0;

	optind = 0;
	opterr = 0;
	while (!status && (option = getopt_long(argc, argv, ":o:qh", rows, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (option == 'q')
			quiet = true;
		else
			status = fn(options, option, argv);
	}
	return status;
}

int option_abi(const char *command, const char *word, enum apparmor_abi *ret)
{
	if (apparmor_abi_from_name(word, ret))
		return 0;
	return usage_error(command, "--abi wants 3.0, 4.0 or 5.0, not %s", word);
}

int option_runtime(const char *command, const char *word, enum runtime *ret)
{
	if (runtime_from_name(word, ret) && *ret != RUNTIME_AUTO)
		return 0;
	return usage_error(command, "--runtime wants any, runc, crun, youki or none, not %s", word);
}

bool option_number(const char *word, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(word, &end, 10);
	return *word >= '0' && *word <= '9' && !*end && !errno;
}
