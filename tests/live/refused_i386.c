/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie */
/* What refused.c executes: getpgid, six times, by the i386 table; and says how it went. */
#include "raw.h"

#define GETPGID 132

int program(int argc, char **argv)
{
	long result = 0;

	(void)argc, (void)argv;
	for (int i = 0; i < 6; i++)
		result = raw1(GETPGID, 0);
	say_text("made i386 132 6\n");
	if (result < 0) {
		say_text("refused i386 132 ");
		say_number((unsigned long)-result);
		say_text(" 6\n");
	}
	return raw3(RAW_WRITE, 1, raw_text, raw_size) < 0;
}
