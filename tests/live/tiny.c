/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static -nostdlib -ffreestanding -fno-stack-protector */
/*
 * A process that lives for less than a millisecond: exec, one call, exit.
 */
#include "raw.h"

int program(int argc, char **argv)
{
	(void)argc, (void)argv;
	raw0(110); /* getppid */
	return 0;
}
