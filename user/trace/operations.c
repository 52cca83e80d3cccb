/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was done that is no access to a file, as facts: from the kernel side's maps at the end, and
 * beside the paths of unix sockets as they come.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "maps.h"
#include "model/text.h"
#include "tracer_internal.h"

/* What the kernel side's numbers stand for. */
static const struct done_row {
	enum operation op;
	bool has_peer;
} done_rows[DONES] = {
	[DONE_UNIX_BIND] = {OP_UNIX_BIND, false},
	[DONE_UNIX_CONNECT] = {OP_UNIX_CONNECT, false},
	[DONE_UNIX_SEND] = {OP_UNIX_SEND, false},
	[DONE_SIGNAL] = {OP_SIGNAL, true},
	[DONE_TRACE] = {OP_PTRACE_TRACE, true},
	[DONE_READ] = {OP_PTRACE_READ, true},
	[DONE_USERNS] = {OP_USERNS, false},
	[DONE_MQUEUE] = {OP_MQUEUE, false},
	[DONE_PROFILE_CHANGE] = {OP_PROFILE_CHANGE, false},
	[DONE_PROFILE_EXEC] = {OP_PROFILE_EXEC, false},
	[DONE_URING_SQPOLL] = {OP_IO_URING_SQPOLL, false},
	[DONE_URING_CREDENTIALS] = {OP_IO_URING_CREDENTIALS, false},
	[DONE_URING_OTHER] = {OP_IO_URING_OTHER, false},
	[DONE_URING] = {OP_IO_URING, false},
};

/* By the index in USE_UNIX(). */
static const uint32_t unix_types[UNIX_TYPES] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

/* Two workloads are the same where they have one name: a container's cgroups are several. */
static enum peer peer_of(struct tracer *tracer, uint32_t slot, uint32_t peer)
{
	const struct slot_name *own = slot_name(tracer, slot);
	const char *name;

	if (peer == WORKLOAD_NONE || !own)
		return PEER_OUTSIDE;
	if (tracer->slot_keys[slot].workload == peer)
		return PEER_SELF;
	name = workload_get(tracer, peer)->name;
	return name && !strcmp(name, own->workload) ? PEER_SELF : PEER_OUTSIDE;
}

/* Whose it was nobody can say any more, so there is no fact of it. */
static void peer_lost(struct tracer *tracer, uint32_t slot, enum operation op)
{
	_cleanup_free_ char *text = NULL;
	struct fact fact;

	if (!slot_fact(tracer, slot, FACT_NOTE, &fact))
		return;
	text = xasprintf("%s of a process that had gone before it was looked at is left out",
			 operation_names[op]);
	fact.note.what = "peer";
	fact.note.text = text;
	fact_send(tracer, &fact);
}

static void operation_read(void *ctx, const void *key, const void *value)
{
	const struct operation_key *operation = key;
	const struct done_row *row = &done_rows[operation->done % DONES];
	struct tracer *tracer = ctx;
	struct fact fact;

	(void)value;
	if (row->has_peer && operation->peer == WORKLOAD_LOST) {
		peer_lost(tracer, operation->slot, row->op);
		return;
	}
	if (!slot_fact(tracer, operation->slot, FACT_OPERATION, &fact))
		return;
	fact.operation.op = row->op;
	fact.operation.number = operation->number;
	if (row->has_peer)
		fact.operation.peer = peer_of(tracer, operation->slot, operation->peer);
	operation_tell(tracer, &fact);
}

/* As text_escape() has it, and a NUL, which abstract names may have within, as \000. */
static char *word_text(const char *bytes, size_t size)
{
	char *text = xstrdup("");

	for (size_t at = 0; at < size;) {
		size_t run = strnlen(bytes + at, size - at);
		_cleanup_free_ char *part = text_escape(bytes + at, run), *before = text;

		at += run;
		text = xasprintf("%s%s%s", before, part, at < size ? "\\000" : "");
		at += at < size;
	}
	return text;
}

/* What follows "changeprofile " and the like; NULL where something else was written. A stack is
 * spelled as in a rule: aa_stack_profile(3). */
static char *profile_text(const struct word_key *word)
{
	static const struct {
		const char *verb, *mark;
		bool now, later;
	} verbs[] = {{"changeprofile ", "", true, false},
		     {"exec ", "", false, true},
		     {"stack ", "&", true, true}};
	_cleanup_free_ char *text = xstrndup(word->text, word->length), *name = NULL;
	bool later = word->done == DONE_PROFILE_EXEC;

	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		size_t size = strlen(verbs[i].verb);

		if (!(later ? verbs[i].later : verbs[i].now) || strncmp(text, verbs[i].verb, size))
			continue;
		name = xasprintf("%s%s", verbs[i].mark, text + size);
		return text_escape(name, strlen(name));
	}
	return NULL;
}

static void word_read(void *ctx, const void *key, const void *value)
{
	const struct word_key *word = key;
	_cleanup_free_ char *text = NULL, *path = NULL;
	struct tracer *tracer = ctx;
	struct fact fact;

	(void)value;
	if (!slot_fact(tracer, word->slot, FACT_OPERATION, &fact))
		return;
	fact.operation.op = done_rows[word->done % DONES].op;
	fact.operation.number = word->number;
	switch (word->done) {
	case DONE_MQUEUE:
		text = word_text(word->text, word->length);
		fact.operation.target = path = xasprintf("/%s", text);
		break;
	case DONE_PROFILE_CHANGE:
	case DONE_PROFILE_EXEC:
		fact.operation.detail = text = profile_text(word);
		if (!text)
			return;
		break;
	default:
		text = word_text(word->text, word->length);
		fact.operation.detail = *text ? text : "none";
		break;
	}
	operation_tell(tracer, &fact);
}

int operations_read(struct tracer *tracer)
{
	struct leastcall_bpf *skel = tracer->skel;
	int r;

	r = map_each(bpf_map__fd(skel->maps.operations), sizeof(struct operation_key),
		     sizeof(uint64_t), operation_read, tracer);
	if (r == 0)
		r = map_each(bpf_map__fd(skel->maps.words), sizeof(struct word_key),
			     sizeof(uint64_t), word_read, tracer);
	return r;
}

void unix_paths_tell(struct tracer *tracer, const struct fact *file, uint32_t perms)
{
	for (uint32_t done = DONE_UNIX_BIND; done <= DONE_UNIX_SEND; done++) {
		for (uint32_t i = 0; i < UNIX_TYPES; i++) {
			struct fact fact = *file;

			if (!(perms & USE_UNIX(done, i)))
				continue;
			fact.kind = FACT_OPERATION;
			memset(&fact.operation, 0, sizeof(fact.operation));
			fact.operation.op = done_rows[done].op;
			fact.operation.detail = file->file.path;
			fact.operation.number = unix_types[i];
			fact.operation.flags = file->file.flags;
			operation_tell(tracer, &fact);
		}
	}
}
