/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Another program's answer: a child without a shell, bounded in time and output. */
#ifndef LEASTCALL_ASK_H
#define LEASTCALL_ASK_H

/* Runs argv[0], as PATH has it, for 10 s at most. All of its standard output where it exits with 0
 * and says no more than 1 MiB; else NULL. The caller frees it. Both lists end with NULL. */
char *ask(const char *const argv[], const char *const env[]);

#endif
