/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* tests/live/caller.c in 32 bits. */
/* build: -m32 -fomit-frame-pointer -pthread */
#include "caller.c"
