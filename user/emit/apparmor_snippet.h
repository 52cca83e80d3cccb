/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A few lines that name a loaded AppArmor profile to who starts the program. */
#ifndef LEASTCALL_APPARMOR_SNIPPET_H
#define LEASTCALL_APPARMOR_SNIPPET_H

#include "emit.h"

/* All that is needed, for `use` other than USE_PROFILE. */
void apparmor_snippet_print(enum apparmor_use use, const char *name, FILE *out);

#endif
