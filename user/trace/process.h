/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Other processes, through /proc. */
#ifndef LEASTCALL_PROCESS_H
#define LEASTCALL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/util.h"

/* proc_pid_stat(5): the parent, and the start time in clock ticks since boot. -ESRCH where the
 * process is gone, else 0; what nobody asks for (NULL) is not told. */
int process_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_start_ticks);
/* True where pid is `ancestor` or descends from it. */
bool process_descends(pid_t pid, pid_t ancestor);
/* Has it executed something since it was forked? True where that can't be told. */
bool process_has_executed(pid_t pid);
/* The basename of the executable, or the command name where that can't be read; to be freed. */
char *process_name(pid_t pid);

#endif
