/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the manual pages that are installed here say of a system call. */
#ifndef LEASTCALL_MANUAL_H
#define LEASTCALL_MANUAL_H

/* The line of the call's page in section 2, behind "NAME -"; NULL where there is no page. The caller
 * frees it. Pages are looked for in $MANPATH, else in /usr/share/man. */
char *manual_line(const char *call);

#endif
