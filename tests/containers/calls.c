/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -Itests/live -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Makes the calls that it is told, and no other: `calls NUMBER [COUNT] ...`, with arguments that
 * are all 0, and then exit_group(0). Instead of a number: a path, what comes then is done once it
 * exists (access(2), pauses with nanosleep(2)); +MILLISECONDS, a pause.
 */
#include <asm/unistd.h>
#include <time.h>

#include "raw.h"

static long number_of(const char *digits)
{
	long number = 0;

	while (*digits >= '0' && *digits <= '9')
		number = number * 10 + (*digits++ - '0');
	return number;
}

static void pause_make(long milliseconds)
{
	struct timespec pause = {0, milliseconds * 1000000};

	raw2(__NR_nanosleep, &pause, 0);
}

static void word_do(const char *word)
{
	if (*word == '+')
		pause_make(number_of(word + 1));
	while (*word == '/' && raw2(__NR_access, word, 0) < 0)
		pause_make(5);
}

int program(int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		while (i < argc && (*argv[i] == '/' || *argv[i] == '+'))
			word_do(argv[i++]);
		for (long n = i + 1 < argc ? number_of(argv[i + 1]) : 1; i < argc && n > 0; n--)
			raw0(number_of(argv[i]));
	}
	return 0;
}
