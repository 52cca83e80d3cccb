/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Receives, answers and counts. A call whose caller has gone meanwhile, or was interrupted and will be
 * made again, is not counted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "listener.h"
#include "model/text.h"

#define X32_BIT 0x40000000u /* __X32_SYSCALL_BIT */

static bool abi_of(const struct seccomp_data *data, enum abi *ret)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++) {
		if (abi_scmp_token(abi) != data->arch)
			continue;
		*ret = abi == ABI_X86_64 && data->nr & X32_BIT ? ABI_X32 : abi;
		return true;
	}
	return false;
}

/* Escaped; the caller frees it. NULL where it can't be read. */
static char *exe_of(pid_t pid)
{
	_cleanup_free_ char *name = xasprintf("/proc/%d/exe", pid);
	char path[4096];
	ssize_t size = readlink(name, path, sizeof(path));

	return size > 0 ? text_escape(path, (size_t)size) : NULL;
}

static void asked_count(struct listener *listener, const struct asked *asked)
{
	struct asked *row;
	size_t i;

	for (i = 0; i < listener->count; i++) {
		row = &listener->asked[i];
		if (row->abi == asked->abi && row->nr == asked->nr &&
		    row->answer == asked->answer && !strcmp(row->exe ?: "", asked->exe ?: "")) {
			row->count++;
			return;
		}
	}
	if (listener->count == ASKED_MAX) {
		listener->lost++;
		return;
	}
	listener->asked = xrealloc(listener->asked, listener->count + 1, sizeof(*listener->asked));
	row = &listener->asked[listener->count++];
	*row = *asked;
	row->exe = asked->exe ? xstrdup(asked->exe) : NULL;
	row->count = 1;
}

void listener_serve(struct listener *listener)
{
	/* the kernel wants zeroes, and writes as much as it knows */
	union {
		struct seccomp_notif call;
		char room[512];
	} ask = {.room = {}};
	struct seccomp_notif_resp reply = {};
	_cleanup_free_ char *exe = NULL;
	struct asked asked = {};
	uint32_t answer;

	if (ioctl(listener->fd, SECCOMP_IOCTL_NOTIF_RECV, &ask.call) < 0)
		return; /* it has gone */
	answer = listener->answer(listener->ctx, &ask.call.data);
	exe = exe_of((pid_t)ask.call.pid);
	reply.id = ask.call.id;
	if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_LOG)
		reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else
		reply.error = -(int)(answer & SECCOMP_RET_DATA);
	if (ioctl(listener->fd, SECCOMP_IOCTL_NOTIF_SEND, &reply) < 0)
		return;
	if (!abi_of(&ask.call.data, &asked.abi)) {
		listener->lost++;
		return;
	}
	asked.nr = (uint32_t)ask.call.data.nr & ~(asked.abi == ABI_X32 ? X32_BIT : 0u);
	asked.answer = answer;
	asked.exe = exe;
	asked_count(listener, &asked);
}

void listener_drop(struct listener *listener)
{
	size_t i;

	for (i = 0; i < listener->count; i++)
		free(listener->asked[i].exe);
	free(listener->asked);
	if (listener->fd >= 0)
		close(listener->fd);
	*listener = (struct listener){.fd = -1};
}
