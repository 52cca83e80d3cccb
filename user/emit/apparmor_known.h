/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of a file by its name alone: that it is called otherwise after an update, or that
 * no rule may come to more than its very name. Knows nothing of runs.
 */
#ifndef LEASTCALL_APPARMOR_KNOWN_H
#define LEASTCALL_APPARMOR_KNOWN_H

#include "apparmor_cells.h"

/* Is it a secret, a device, a setting of the kernel, or the way to somebody who can do anything? */
bool path_is_kept(const char *bytes);
/* Would a rule for these cells hold such a one? Of a directory they are without the slash. */
bool cells_hold_kept(const struct cells *cells, bool directory);

/* May no finished rule be for these cells, for what it would hold beside what was seen? */
bool cells_too_wide(const struct cells *cells, uint32_t perms);

/*
 * Puts [0-9]* or * in the place of versions: of shared objects, of Python, of a kernel's modules;
 * and of a pseudo terminal's number. `bytes` is the path, `perms` what was done to it: what is written
 * or executed keeps its name. Returns what it left open, in words; NULL: nothing.
 */
const char *versions_widen(struct cells *cells, const char *bytes, uint32_t perms);

#endif
