/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -m32 -fomit-frame-pointer -pthread */
#include "caller.c"
