/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Identity, union and order of facts. The rules are those of the table in
 * user/man/leastcall-recording.5; every one is commutative, associative and idempotent.
 */
#include <stdlib.h>
#include <string.h>

#include "fact_merge.h"

#define STRINGS_MAX 10

/* Where the fact's strings are, in the order of its keys. */
static size_t strings_of(struct fact *fact, const char **ret[STRINGS_MAX])
{
	size_t count = 0;

	ret[count++] = &fact->run;
	ret[count++] = &fact->workload;
	ret[count++] = &fact->exe;
	switch (fact->kind) {
	case FACT_RECORDING:
		ret[count++] = &fact->recording.tool;
		ret[count++] = &fact->recording.kernel;
		ret[count++] = &fact->recording.machine;
		ret[count++] = &fact->recording.what;
		ret[count++] = &fact->recording.target;
		ret[count++] = &fact->recording.started;
		break;
	case FACT_WORKLOAD:
		ret[count++] = &fact->workload_.cgroup;
		ret[count++] = &fact->workload_.scope;
		ret[count++] = &fact->workload_.root;
		ret[count++] = &fact->workload_.engine;
		ret[count++] = &fact->workload_.id;
		ret[count++] = &fact->workload_.image;
		break;
	case FACT_FILE:
		ret[count++] = &fact->file.path;
		break;
	case FACT_OPERATION:
		ret[count++] = &fact->operation.source;
		ret[count++] = &fact->operation.target;
		ret[count++] = &fact->operation.detail;
		break;
	case FACT_NOTE:
		ret[count++] = &fact->note.what;
		ret[count++] = &fact->note.text;
		break;
	case FACT_INCOMPLETE:
		ret[count++] = &fact->incomplete.what;
		ret[count++] = &fact->incomplete.text;
		break;
	case FACT_OTHER:
		ret[count++] = &fact->other.line;
		break;
	default:
		break;
	}
	return count;
}

void fact_intern(struct fact *fact, struct pool *pool)
{
	const char **strings[STRINGS_MAX];
	size_t count = strings_of(fact, strings), i;

	for (i = 0; i < count; i++)
		*strings[i] = pool_text(pool, *strings[i]);
}

void fact_own(struct fact *fact)
{
	struct errno_set *set = &fact->syscall.errnos;
	uint16_t *codes;

	if (fact->kind != FACT_SYSCALL)
		return;
	if (!fact->syscall.has_errnos || !set->count) {
		*set = (struct errno_set){};
		return;
	}
	codes = xcalloc(set->count, sizeof(*codes));
	set->codes = memcpy(codes, set->codes, set->count * sizeof(*codes));
}

void fact_drop(struct fact *fact)
{
	if (fact->kind == FACT_SYSCALL && fact->syscall.has_errnos && fact->syscall.errnos.count)
		free((void *)fact->syscall.errnos.codes);
}

void fact_key(const struct fact *fact, struct fact_key *ret)
{
	uint64_t *word = ret->words;

	memset(ret, 0, sizeof(*ret));
	*word++ = fact->kind;
	*word++ = (uintptr_t)fact->run;
	*word++ = (uintptr_t)fact->workload;
	*word++ = (uintptr_t)fact->exe;
	if (fact_has_phase(fact->kind))
		*word++ = fact->phase;
	switch (fact->kind) {
	case FACT_WORKLOAD:
		*word++ = (uintptr_t)fact->workload_.cgroup;
		*word++ = (uintptr_t)fact->workload_.scope;
		*word++ = (uintptr_t)fact->workload_.root;
		*word++ = (uintptr_t)fact->workload_.engine;
		*word++ = (uintptr_t)fact->workload_.id;
		*word++ = (uintptr_t)fact->workload_.image;
		break;
	case FACT_SYSCALL:
		*word++ = fact->syscall.abi;
		*word++ = fact->syscall.nr;
		*word++ = fact->syscall.sub;
		break;
	case FACT_DENIED:
		*word++ = fact->denied.abi;
		*word++ = fact->denied.nr;
		*word++ = fact->denied.errnum;
		break;
	case FACT_ARGUMENTS:
		*word++ = fact->arguments.abi;
		*word++ = fact->arguments.nr;
		*word++ = fact->arguments.known;
		memcpy(word, fact->arguments.values, sizeof(fact->arguments.values));
		break;
	case FACT_FILE:
		*word++ = (uintptr_t)fact->file.path;
		*word++ = fact->file.flags;
		break;
	case FACT_SOCKET:
		*word++ = fact->socket.family;
		*word++ = fact->socket.type;
		break;
	case FACT_CAPABILITY:
		*word++ = fact->capability.capability;
		break;
	case FACT_OPERATION:
		*word++ = fact->operation.op;
		*word++ = (uintptr_t)fact->operation.source;
		*word++ = (uintptr_t)fact->operation.target;
		*word++ = (uintptr_t)fact->operation.detail;
		*word++ = fact->operation.number;
		*word++ = (uint64_t)fact->operation.peer << 32 | fact->operation.flags;
		break;
	case FACT_NOTE:
		*word++ = (uintptr_t)fact->note.what;
		*word++ = (uintptr_t)fact->note.text;
		break;
	case FACT_INCOMPLETE:
		*word++ = (uintptr_t)fact->incomplete.what;
		break;
	case FACT_OTHER:
		*word++ = (uintptr_t)fact->other.line;
		break;
	default: /* FACT_RECORDING, FACT_END: one a run */
		break;
	}
}

static void grow(uint64_t *into, uint64_t value)
{
	if (value > *into)
		*into = value;
}

static int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static void errnos_merge(struct fact *into, const struct fact *fact)
{
	const struct errno_set *a = &into->syscall.errnos, *b = &fact->syscall.errnos;
	struct errno_set old = *a;
	uint16_t *codes;
	size_t i = 0, k = 0, used = 0;

	if (!fact->syscall.has_errnos)
		return;
	codes = xcalloc(a->count + b->count, sizeof(*codes));
	while (i < a->count || k < b->count) {
		if (k == b->count || (i < a->count && a->codes[i] <= b->codes[k])) {
			if (k < b->count && a->codes[i] == b->codes[k])
				k++;
			codes[used++] = a->codes[i++];
		} else {
			codes[used++] = b->codes[k++];
		}
	}
	into->syscall.has_errnos = true;
	if (used == old.count) {
		free(codes);
		return;
	}
	into->syscall.errnos = (struct errno_set){.codes = codes, .count = used};
	free((void *)old.codes);
}

/* Two headers of one run: somebody edited one. Which is kept must not depend on the order. */
static int header_compare(const struct fact *a, const struct fact *b)
{
	struct fact x = *a, y = *b;
	const char **xs[STRINGS_MAX], **ys[STRINGS_MAX];
	size_t count = strings_of(&x, xs), i;
	int order;

	strings_of(&y, ys);
	for (i = 0; i < count; i++) {
		order = text_compare(*xs[i], *ys[i]);
		if (order)
			return order;
	}
	order = number_compare(a->recording.format, b->recording.format);
	if (!order)
		order = number_compare(a->recording.args, b->recording.args);
	return order ? order : a->recording.files - b->recording.files;
}

static void end_merge(struct fact *into, const struct fact *fact)
{
	grow(&into->end.calls, fact->end.calls);
	grow(&into->end.events, fact->end.events);
	grow(&into->end.dropped, fact->end.dropped);
	grow(&into->end.repaired, fact->end.repaired);
	grow(&into->end.duration_ns, fact->end.duration_ns);
	into->end.complete = into->end.complete && fact->end.complete;
	if (fact->end.status > into->end.status)
		into->end.status = fact->end.status;
}

void fact_merge(struct fact *into, const struct fact *fact)
{
	switch (into->kind) {
	case FACT_RECORDING:
		if (header_compare(fact, into) < 0)
			*into = *fact;
		break;
	case FACT_SYSCALL:
		grow(&into->syscall.count, fact->syscall.count);
		grow(&into->syscall.interrupted, fact->syscall.interrupted);
		if (fact->syscall.first_ns < into->syscall.first_ns)
			into->syscall.first_ns = fact->syscall.first_ns;
		errnos_merge(into, fact);
		break;
	case FACT_DENIED:
		grow(&into->denied.count, fact->denied.count);
		break;
	case FACT_ARGUMENTS:
		grow(&into->arguments.count, fact->arguments.count);
		break;
	case FACT_FILE:
		into->file.perms |= fact->file.perms;
		if (fact->file.owner > into->file.owner)
			into->file.owner = fact->file.owner;
		break;
	case FACT_CAPABILITY:
		into->capability.inferred = into->capability.inferred && fact->capability.inferred;
		break;
	case FACT_INCOMPLETE:
		grow(&into->incomplete.count, fact->incomplete.count);
		if (text_compare(fact->incomplete.text, into->incomplete.text) < 0)
			into->incomplete.text = fact->incomplete.text;
		break;
	case FACT_END:
		end_merge(into, fact);
		break;
	default: /* nothing beyond the key */
		break;
	}
}

static int arguments_compare(const struct fact *a, const struct fact *b)
{
	int i, order = number_compare(a->arguments.abi, b->arguments.abi);

	if (!order)
		order = number_compare(a->arguments.nr, b->arguments.nr);
	if (!order)
		order = number_compare(a->arguments.known, b->arguments.known);
	for (i = 0; i < CALL_ARGS && !order; i++)
		order = number_compare(a->arguments.values[i], b->arguments.values[i]);
	return order;
}

static int operation_compare(const struct fact *a, const struct fact *b)
{
	int order = number_compare(a->operation.op, b->operation.op);

	if (!order)
		order = text_compare(a->operation.target, b->operation.target);
	if (!order)
		order = text_compare(a->operation.source, b->operation.source);
	if (!order)
		order = text_compare(a->operation.detail, b->operation.detail);
	if (!order)
		order = number_compare(a->operation.number, b->operation.number);
	if (!order)
		order = number_compare(a->operation.peer, b->operation.peer);
	return order ? order : number_compare(a->operation.flags, b->operation.flags);
}

/* The kind's own key, numbers first. */
static int key_compare(const struct fact *a, const struct fact *b)
{
	int order = 0;

	switch (a->kind) {
	case FACT_WORKLOAD:
		if ((order = text_compare(a->workload_.cgroup, b->workload_.cgroup)) == 0 &&
		    (order = text_compare(a->workload_.scope, b->workload_.scope)) == 0 &&
		    (order = text_compare(a->workload_.root, b->workload_.root)) == 0 &&
		    (order = text_compare(a->workload_.engine, b->workload_.engine)) == 0 &&
		    (order = text_compare(a->workload_.id, b->workload_.id)) == 0)
			order = text_compare(a->workload_.image, b->workload_.image);
		break;
	case FACT_SYSCALL:
		if ((order = number_compare(a->syscall.abi, b->syscall.abi)) == 0 &&
		    (order = number_compare(a->syscall.nr, b->syscall.nr)) == 0)
			order = number_compare(a->syscall.sub, b->syscall.sub);
		break;
	case FACT_DENIED:
		if ((order = number_compare(a->denied.abi, b->denied.abi)) == 0 &&
		    (order = number_compare(a->denied.nr, b->denied.nr)) == 0)
			order = number_compare(a->denied.errnum, b->denied.errnum);
		break;
	case FACT_ARGUMENTS:
		order = arguments_compare(a, b);
		break;
	case FACT_FILE:
		if ((order = text_compare(a->file.path, b->file.path)) == 0)
			order = number_compare(a->file.flags, b->file.flags);
		break;
	case FACT_SOCKET:
		if ((order = number_compare(a->socket.family, b->socket.family)) == 0)
			order = number_compare(a->socket.type, b->socket.type);
		break;
	case FACT_CAPABILITY:
		order = number_compare(a->capability.capability, b->capability.capability);
		break;
	case FACT_OPERATION:
		order = operation_compare(a, b);
		break;
	case FACT_NOTE:
		if ((order = text_compare(a->note.what, b->note.what)) == 0)
			order = text_compare(a->note.text, b->note.text);
		break;
	case FACT_INCOMPLETE:
		order = text_compare(a->incomplete.what, b->incomplete.what);
		break;
	case FACT_OTHER:
		order = text_compare(a->other.line, b->other.line);
		break;
	default:
		break;
	}
	return order;
}

/*
 * As time goes, so that the phases of a container that a filter judges stand together, and those of
 * the application.
 */
static unsigned int phase_rank(enum phase phase)
{
	static const unsigned int ranks[PHASES] = {
		[PHASE_SETUP] = 0,
		[PHASE_RUNTIME] = 1,
		[PHASE_START] = 2,
		[PHASE_SERVING] = 3,
	};

	return ranks[phase];
}

int fact_compare(const struct fact *a, const struct fact *b)
{
	int order = number_compare(a->kind, b->kind);

	if (!order)
		order = text_compare(a->workload, b->workload);
	if (!order)
		order = key_compare(a, b);
	if (!order)
		order = number_compare(phase_rank(a->phase), phase_rank(b->phase));
	if (!order)
		order = text_compare(a->exe, b->exe);
	return order ? order : text_compare(a->run, b->run);
}
