/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A process may vanish at any moment: every answer is of the past. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "model/text.h"
#include "process.h"

struct process {
	pid_t parent;
	unsigned int flags; /* PF_* */
	uint64_t start;
};

static int stat_read(pid_t pid, struct process *ret)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/stat", pid);
	_cleanup_fclose_ FILE *file = fopen(name, "re");
	char buf[1024] = "", *rest;
	unsigned long long start;

	if (!file || !fgets(buf, sizeof(buf), file))
		return -ESRCH;
	rest = strrchr(buf, ')'); /* the command name may hold anything, parentheses too */
	if (!rest || sscanf(rest,
			    ") %*c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
			    "%*d %*d %*d %llu",
			    &ret->parent, &ret->flags, &start) != 3)
		return -ESRCH;
	ret->start = start;
	return 0;
}

#define PF_FORKNOEXEC 0x40 /* include/linux/sched.h */

int process_stat(pid_t pid, pid_t *ret_parent, uint64_t *ret_start_ticks)
{
	struct process found;
	int r = stat_read(pid, &found);

	if (r < 0)
		return r;
	if (ret_parent)
		*ret_parent = found.parent;
	if (ret_start_ticks)
		*ret_start_ticks = found.start;
	return 0;
}

bool process_has_executed(pid_t pid)
{
	struct process found;

	return stat_read(pid, &found) < 0 || !(found.flags & PF_FORKNOEXEC);
}

bool process_descends(pid_t pid, pid_t ancestor)
{
	while (pid != ancestor) {
		if (pid <= 1 || process_stat(pid, &pid, NULL) < 0)
			return false;
	}
	return true;
}

char *process_name(pid_t pid)
{
	_cleanup_free_ char *exe = xasprintf("/proc/%d/exe", pid);
	_cleanup_free_ char *comm = xasprintf("/proc/%d/comm", pid);
	_cleanup_fclose_ FILE *file = NULL;
	static const char gone[] = " (deleted)"; /* what the kernel adds: proc_pid_exe(5) */
	char buf[4096];
	ssize_t size = readlink(exe, buf, sizeof(buf) - 1);

	if (size > 0) {
		buf[size] = '\0';
		if (size > (ssize_t)strlen(gone) && !strcmp(buf + size - strlen(gone), gone))
			buf[size - strlen(gone)] = '\0';
		return xstrdup(path_base(buf));
	}
	file = fopen(comm, "re");
	if (file && fgets(buf, sizeof(buf), file)) {
		buf[strcspn(buf, "\n")] = '\0';
		return xstrdup(buf);
	}
	return xasprintf("pid-%d", pid);
}
