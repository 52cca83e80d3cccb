/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What profiles may count on where AppArmor's own files are not installed: the variables of
 * tunables/global, and of abstractions/base what every version of it allows.
 */
#ifndef LEASTCALL_AA_BUILTIN_H
#define LEASTCALL_AA_BUILTIN_H

/* The text of "tunables/global" or "abstractions/base"; NULL for others. */
const char *aa_builtin(const char *path);

#endif
