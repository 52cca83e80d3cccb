/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The text of a seccomp profile: entries are put into it and names taken out, and every other byte
 * stays as it is. The text is known to be JSON; what its entries come to is not known here.
 */
#ifndef LEASTCALL_SECCOMP_TEXT_H
#define LEASTCALL_SECCOMP_TEXT_H

#include "model/names.h"

/* The text with the entries of `made`, another profile, at the end of "syscalls": a line for each.
 * NULL where either has no such list. The caller frees it. */
char *seccomp_text_add(const char *text, const char *made);

/* The text without these names, whatever entry has them, and without entries that have no other. The
 * caller frees it. */
char *seccomp_text_without(const char *text, const struct names *names);

#endif
