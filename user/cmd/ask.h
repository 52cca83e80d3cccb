/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another program's answer: a child without a shell, bounded in time and output. */
#ifndef LEASTCALL_ASK_H
#define LEASTCALL_ASK_H

/* All of its standard output, where it exits with 0; else NULL. The caller frees it. */
char *ask(const char *const argv[], const char *const env[]);

#endif
