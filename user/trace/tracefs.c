/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Classic tracepoints have a number that only tracefs tells. libbpf looks for it in two fixed
 * places; this also works where tracefs is not mounted, and leaves nothing mounted behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracefs.h"

#define TRACEFS "/sys/kernel/tracing"

static int id_read(const char *path, int *ret_id)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	return fscanf(file, "%d", ret_id) == 1 ? 0 : -EIO;
}

/* In the child: mounts tracefs where nobody else sees it, writes the id into the pipe. */
static _Noreturn void id_read_mounted(const char *path, int pipe_fd)
{
	int id;

	if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tracefs", TRACEFS, "tracefs", 0, NULL) == 0 && id_read(path, &id) == 0 &&
	    write(pipe_fd, &id, sizeof(id)) == sizeof(id))
		_exit(0);
	_exit(1);
}

static int id_read_in_child(const char *path, int *ret_id)
{
	int fds[2], id, status;
	ssize_t size;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		id_read_mounted(path, fds[1]);
	close(fds[1]);
	size = pid < 0 ? -1 : read(fds[0], &id, sizeof(id));
	close(fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (size != sizeof(id))
		return -ENOENT;
	*ret_id = id;
	return 0;
}

int tracepoint_open(const char *category, const char *name, struct err *err)
{
	_cleanup_free_ char *path = xasprintf(TRACEFS "/events/%s/%s/id", category, name);
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.sample_period = 1,
		.wakeup_events = 1,
	};
	int fd, id;

	if (id_read(path, &id) < 0 && id_read_in_child(path, &id) < 0)
		return err_set(err, -ENOENT,
			       "cannot find the tracepoint %s:%s: mount tracefs on " TRACEFS,
			       category, name);
	attr.config = id;
	/* BPF programs on a tracepoint's event run on every CPU, whichever it was opened for */
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return err_errno(err, -errno, "cannot open the tracepoint %s:%s", category, name);
	return fd;
}
