/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -Itests/live -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * Makes the calls that it is told, and no other: `calls NUMBER [COUNT] ...`, with arguments that
 * are all 0, and then exit_group(0). A word that begins with a slash instead of a number: calls are
 * made once that path exists (access(2), pauses with nanosleep(2)).
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

static void path_await(const char *path)
{
	struct timespec pause = {0, 5000000};

	while (raw2(__NR_access, path, 0) < 0)
		raw2(__NR_nanosleep, &pause, 0);
}

int program(int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		while (i < argc && *argv[i] == '/')
			path_await(argv[i++]);
		for (long n = i + 1 < argc ? number_of(argv[i + 1]) : 1; i < argc && n > 0; n--)
			raw0(number_of(argv[i]));
	}
	return 0;
}
