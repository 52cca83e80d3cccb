/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the recorder may still do once it is attached. It reads what processes that nobody trusts have
 * made, names above all; what it does not need for that, it does without.
 */
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record.h"
#include "util/privileges.h"

static bool looks_into_processes(const struct session *session)
{
	return session->trace.files || session->trace.stacks || session->trace.wait ||
	       session->trace.split;
}

/* The command may be another user's, or become it, and gets the recorder's signals. */
static bool signals(const struct session *session)
{
	return session->wait.options->command;
}

/* The profiles, and the directory that the leaf is removed from, may be in somebody else's. */
static bool writes_later(const struct session *session)
{
	const struct record_options *options = session->wait.options;

	return options->seccomp || options->apparmor || session->leaf.directory;
}

static bool attaches_again(const struct session *session)
{
	return !session->is_last;
}

static const struct privilege_row {
	uint64_t privileges;
	bool (*when)(const struct session *session);
	bool at_end; /* not before the recording has ended */
} rows[] = {
	/* the roots of others, and the directories below */
	{PRIVILEGE(CAP_SYS_PTRACE) | PRIVILEGE(CAP_DAC_READ_SEARCH), looks_into_processes, false},
	{PRIVILEGE(CAP_KILL), signals, false},
	{PRIVILEGE(CAP_DAC_OVERRIDE) | PRIVILEGE(CAP_FOWNER) | PRIVILEGE(CAP_CHOWN), writes_later,
	 true},
	{UINT64_MAX, attaches_again, true},
};

int privileges_lower(const struct session *session, struct err *err)
{
	uint64_t now = 0, later = 0, bpf = PRIVILEGE(CAP_BPF) | PRIVILEGE(CAP_SYS_ADMIN);
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].when(session))
			*(rows[i].at_end ? &later : &now) |= rows[i].privileges;
	r = privileges_set(now, UINT64_MAX);
	if (r == 0 && !tracer_is_readable(session->tracer))
		now |= bpf;
	if (r == 0)
		r = privileges_set(now, now | later);
	return r < 0 ? err_errno(err, r, "cannot give up capabilities") : 0;
}

void privileges_raise(void)
{
	privileges_set(UINT64_MAX, UINT64_MAX);
}
