/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stops, asks, lets go. The process goes on as it was, whatever becomes of us meanwhile. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <linux/audit.h>
#include <linux/seccomp.h>

#include "loaded.h"

#define STOP_SECONDS 2 /* asleep for good in the kernel, it stops never */

/* What strict mode answers: seccomp(2); of i386, mode1_syscalls_32 in the kernel's kernel/seccomp.c. */
static const struct sock_filter strict_mode[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 6, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 11),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0 /* read */, 8, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1 /* write */, 7, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 60 /* exit */, 6, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 15 /* rt_sigreturn */, 5, 6),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3 /* read */, 3, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4 /* write */, 2, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1 /* exit */, 1, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 119 /* sigreturn */, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
};

/* Of proc_pid_status(5). */
struct status {
	uint64_t effective, bounding;
	unsigned int no_new_privileges, mode, filters; /* filters: since Linux 5.9 */
};

static int status_read(const char *path, struct status *ret)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[512];

	*ret = (struct status){};
	if (!file)
		return -ESRCH;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "CapEff: %" SCNx64, &ret->effective);
		sscanf(line, "CapBnd: %" SCNx64, &ret->bounding);
		sscanf(line, "NoNewPrivs: %u", &ret->no_new_privileges);
		sscanf(line, "Seccomp: %u", &ret->mode);
		sscanf(line, "Seccomp_filters: %u", &ret->filters);
	}
	return ferror(file) ? -ESRCH : 0;
}

/* It stops where it next could: at once, or when it wakes up. SIGCHLD, which is blocked, tells. *ret_signal:
 * what it was about to get then, and is to get when it goes on; 0: none. */
static int stop_await(pid_t pid, const sigset_t *stops, int *ret_signal)
{
	const struct timespec limit = {.tv_sec = STOP_SECONDS};
	int status;
	pid_t r;

	while ((r = waitpid(pid, &status, WNOHANG | __WALL)) == 0)
		if (sigtimedwait(stops, NULL, &limit) < 0 && errno != EINTR)
			return -ETIMEDOUT;
	if (r != pid || !WIFSTOPPED(status))
		return -ESRCH;
	/* ptrace(2): the stops that PTRACE_SEIZE brings about are no signals */
	*ret_signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	return 0;
}

/* The filter by its place, 0 the oldest, whatever ptrace(2) says. 1: there is one; 0: there is none. */
static int filter_take(pid_t pid, size_t index, struct loaded *ret)
{
	struct sock_fprog filter = {};
	long size = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)index, NULL);

	if (size < 0)
		return errno == ENOENT || (errno == EINVAL && index == 0) ? 0 : -errno;
	if (size == 0 || size > BPF_MAXINSNS)
		return -E2BIG;
	filter.len = (unsigned short)size;
	filter.filter = xcalloc((size_t)size, sizeof(*filter.filter));
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)index, filter.filter) != size) {
		free(filter.filter);
		return -EIO;
	}
	ret->filters = xrealloc(ret->filters, ret->count + 1, sizeof(*ret->filters));
	ret->filters[ret->count++] = filter;
	return 1;
}

static int filters_take(pid_t pid, struct loaded *ret)
{
	int r;

	do
		r = filter_take(pid, ret->count, ret);
	while (r == 1);
	return r;
}

static int filters_read(pid_t pid, struct loaded *ret, struct err *err)
{
	sigset_t stops, before;
	int r, signal = 0;

	sigemptyset(&stops);
	sigaddset(&stops, SIGCHLD);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return err_errno(
			err, errno == EPERM ? -EBUSY : -errno,
			"cannot look at process %d (is it traced already, or are you not root?)",
			pid);
	sigprocmask(SIG_BLOCK, &stops, &before);
	r = ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 ? -errno
							  : stop_await(pid, &stops, &signal);
	if (r == 0)
		r = filters_take(pid, ret);
	ptrace(PTRACE_DETACH, pid, NULL, (void *)(long)signal);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r < 0 ? err_errno(err, r, "cannot read the seccomp filters of process %d back", pid)
		     : 0;
}

static void strict_take(struct loaded *ret)
{
	ret->filters = xcalloc(1, sizeof(*ret->filters));
	ret->filters[0].filter = xcalloc(1, sizeof(strict_mode));
	memcpy(ret->filters[0].filter, strict_mode, sizeof(strict_mode));
	ret->filters[0].len = ARRAY_SIZE(strict_mode);
	ret->count = 1;
	ret->is_strict = true;
}

int loaded_read(pid_t pid, struct loaded *ret, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/status", pid);
	struct status status, own;
	int r = status_read(path, &status);

	if (r == 0)
		r = status_read("/proc/self/status", &own);
	if (r < 0)
		return err_set(err, r, "there is no process %d", pid);
	*ret = (struct loaded){
		.effective = status.effective,
		.bounding = status.bounding,
		.all = own.bounding,
		.no_new_privileges = status.no_new_privileges,
	};
	r = filters_read(pid, ret, err);
	if (r < 0)
		loaded_drop(ret);
	else if (status.mode == SECCOMP_MODE_STRICT)
		strict_take(ret);
	return r;
}

static void thread_add(const char *path, const struct loaded *loaded, struct loaded_threads *sum)
{
	struct status status;
	size_t filters;

	if (status_read(path, &status) < 0)
		return;
	filters = status.mode == SECCOMP_MODE_STRICT ? 1 : status.filters;
	sum->count++;
	sum->fewer += filters < loaded->count;
	sum->none += filters == 0 && loaded->count;
	sum->more += filters > loaded->count;
	sum->capable += (status.effective & ~loaded->effective) != 0;
}

void loaded_threads_add(pid_t pid, const struct loaded *loaded, struct loaded_threads *sum)
{
	_cleanup_free_ char *directory = xasprintf("/proc/%d/task", pid);
	const struct dirent *entry;
	DIR *tasks = opendir(directory);

	while (tasks && (entry = readdir(tasks))) {
		_cleanup_free_ char *path = NULL;

		if (*entry->d_name == '.')
			continue;
		path = xasprintf("%s/%s/status", directory, entry->d_name);
		thread_add(path, loaded, sum);
	}
	if (tasks)
		closedir(tasks);
}

void loaded_drop(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++)
		free(loaded->filters[i].filter);
	free(loaded->filters);
	*loaded = (struct loaded){};
}
