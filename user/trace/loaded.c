/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stops, asks, lets go. The process goes on as it was, whatever becomes of us meanwhile. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "loaded.h"

#define STOP_SECONDS 2  /* asleep for good in the kernel, it stops never */
#define FILTERS_MAX  64 /* the kernel's limit is on instructions: seccomp(2), 32768 */

static int status_read(const char *path, struct loaded *ret)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	unsigned int privileges = 0;
	char line[512];

	if (!file)
		return -ESRCH;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "CapEff: %" SCNx64, &ret->effective);
		sscanf(line, "CapBnd: %" SCNx64, &ret->bounding);
		sscanf(line, "NoNewPrivs: %u", &privileges);
	}
	ret->no_new_privileges = privileges;
	return 0;
}

/* It stops where it next could: at once, or when it wakes up. SIGCHLD, which is blocked, tells. */
static int stop_await(pid_t pid, const sigset_t *stops)
{
	const struct timespec limit = {.tv_sec = STOP_SECONDS};
	int status;
	pid_t r;

	while ((r = waitpid(pid, &status, WNOHANG | __WALL)) == 0)
		if (sigtimedwait(stops, NULL, &limit) < 0 && errno != EINTR)
			return -ETIMEDOUT;
	return r == pid && WIFSTOPPED(status) ? 0 : -ESRCH;
}

/* The filter by its place, 0 the oldest, whatever ptrace(2) says. 1: there is one; 0: there is none. */
static int filter_take(pid_t pid, size_t index, struct loaded *ret)
{
	struct sock_fprog filter = {};
	long size = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)index, NULL);

	if (size < 0)
		return errno == ENOENT || (errno == EINVAL && index == 0) ? 0 : -errno;
	if (size == 0 || size > BPF_MAXINSNS || ret->count == FILTERS_MAX)
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
	int r;

	sigemptyset(&stops);
	sigaddset(&stops, SIGCHLD);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return err_errno(
			err, errno == EPERM ? -EBUSY : -errno,
			"cannot look at process %d (is it traced already, or are you not root?)",
			pid);
	sigprocmask(SIG_BLOCK, &stops, &before);
	r = ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 ? -errno : stop_await(pid, &stops);
	if (r == 0)
		r = filters_take(pid, ret);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r < 0 ? err_errno(err, r, "cannot read the seccomp filters of process %d back", pid)
		     : 0;
}

int loaded_read(pid_t pid, struct loaded *ret, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("/proc/%d/status", pid);
	struct loaded own = {};
	int r;

	*ret = (struct loaded){};
	r = status_read(path, ret);
	if (r == 0)
		r = status_read("/proc/self/status", &own);
	ret->all = own.bounding;
	if (r < 0)
		return err_set(err, r, "there is no process %d", pid);
	r = filters_read(pid, ret, err);
	if (r < 0)
		loaded_drop(ret);
	return r;
}

void loaded_drop(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++)
		free(loaded->filters[i].filter);
	free(loaded->filters);
	*loaded = (struct loaded){};
}
