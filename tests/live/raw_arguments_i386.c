/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pic -no-pie */
/* Arguments by the table of i386. */
#include "raw_arguments.h"
