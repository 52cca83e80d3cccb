/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the commands' readers of options share. Knows no command and none of their options. */
#include <getopt.h>
#include <string.h>

#include "cmd.h"

int option_error(const char *command, int option, char **argv)
{
	char word[3] = {'-', (char)optopt};
	/* optopt is a short option's letter; where it is not, the word itself has been passed. */
	bool is_short = optopt > 0x20 && optopt < 0x7f &&
			(option == '?' || strncmp(argv[optind - 1], "--", 2) != 0);
	const char *text = is_short ? word : argv[optind - 1];

	if (option == ':')
		return usage_error(command, "%s wants a value", text);
	return usage_error(command, "there is no option %s", text);
}
