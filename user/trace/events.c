/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an event of the kernel side comes to: a fact, or something for whoever judges workloads or
 * looks up names. Loads nothing, and waits for nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tables/tables.h"
#include "tracer_internal.h"
#include "util/clock.h"

_Static_assert((int)CALL_X86_64 == ABI_X86_64 && (int)CALL_I386 == ABI_I386 &&
		       (int)CALL_X32 == ABI_X32,
	       "the kernel side counts the same ABIs");
_Static_assert(USE_READ == PERM_READ && USE_WRITE == PERM_WRITE && USE_APPEND == PERM_APPEND &&
		       USE_MAP == PERM_MAP && USE_LOCK == PERM_LOCK,
	       "the kernel side writes the same permissions");
_Static_assert(IS_DELETED == PATH_DELETED && IS_DETACHED == PATH_DETACHED &&
		       IS_FOREIGN == PATH_FOREIGN && IS_TRUNCATED == PATH_TRUNCATED,
	       "the kernel side writes the same flags");

void fact_send(struct tracer *tracer, struct fact *fact)
{
	fact->run = tracer->options.run;
	tracer->options.sink.add(tracer->options.sink.ctx, fact);
}

struct fact call_fact(const struct tracer *tracer, const struct row *row, uint64_t first_ns)
{
	struct fact fact = row_fact(row, FACT_SYSCALL);

	fact.syscall.abi = row->key.abi;
	fact.syscall.nr = row->key.nr;
	fact.syscall.sub = row->key.sub;
	if (first_ns > tracer->start_ns)
		fact.syscall.first_ns = first_ns - tracer->start_ns;
	return fact;
}

static void cell_event(struct tracer *tracer, const struct event_cell *event)
{
	struct row *row = slot_row(tracer, &event->key);
	struct fact fact;

	if (!row || row->told) /* each CPU tells its own first time */
		return;
	row->told = true;
	tracer->rows.told_count++;
	tracer->last_new_ns = event->first_ns;
	fact = call_fact(tracer, row, event->first_ns);
	fact.syscall.count = 1;
	fact_send(tracer, &fact);
}

void file_tell(struct tracer *tracer, uint32_t slot, uint32_t perms,
	       const struct path_record *record)
{
	_cleanup_free_ char *path = path_text(record), *plain = path_plain(record);
	struct fact fact;

	if (!slot_fact(tracer, slot, FACT_FILE, &fact))
		return;
	tracer->last_new_ns = monotonic_ns();
	fact.file.path = path;
	fact.file.perms = perms & ~(USE_WHO | USE_UNIX_ALL);
	fact.file.flags = record->flags & ~PATH_IS_DIRECTORY;
	if (perms & USE_WHO)
		fact.file.owner = perms & USE_OTHER ? OWNER_NO : OWNER_YES;
	fact_send(tracer, &fact);
	if (perms & USE_UNIX_ALL)
		unix_paths_tell(tracer, &fact, perms);
	if (!fact.file.flags)
		known_add(resolver_known(tracer->resolver), fact.workload, plain,
			  record->flags & PATH_IS_DIRECTORY);
}

static void file_event(struct tracer *tracer, const struct path_record *record)
{
	file_tell(tracer, record->slot, record->perms, record);
}

/* The mark is set by whoever waits for the tracer: it takes a system call. */
static void text_event(struct tracer *tracer, const struct path_record *record)
{
	const char *text = tracer->options.mark_on_text;

	if (text && slot_name(tracer, record->slot) &&
	    memmem(record->text, record->length, text, strlen(text)))
		tracer->mark_wanted = true;
}

static uint32_t event_slot(const void *event)
{
	const uint32_t *kind = event;

	switch (*kind) {
	case EVENT_CELL:
		return ((const struct event_cell *)event)->key.slot;
	case EVENT_FILE:
	case EVENT_TEXT:
		return ((const struct path_record *)event)->slot;
	case EVENT_ACCEPT:
		return ((const struct event_word *)event)->value;
	case EVENT_NAME:
		return ((const struct name_record *)event)->slot;
	default:
		return SLOT_NONE;
	}
}

void event_handle(struct tracer *tracer, const void *event)
{
	switch (*(const uint32_t *)event) {
	case EVENT_CELL:
		cell_event(tracer, event);
		break;
	case EVENT_FILE:
		file_event(tracer, event);
		break;
	case EVENT_TEXT:
		text_event(tracer, event);
		break;
	case EVENT_NAME:
		name_event(tracer, event);
		break;
	case EVENT_MOVED:
		workload_visited(tracer, ((const struct event_word *)event)->value);
		break;
	case EVENT_ACCEPT:
		if (tracer->options.mark_on_accept && slot_name(tracer, event_slot(event)))
			tracer->mark_wanted = true;
		break;
	}
}

int event_take(void *ctx, void *data, size_t size)
{
	struct tracer *tracer = ctx;
	uint32_t slot = event_slot(data);
	uint32_t workload = slot < SLOTS_MAX ? tracer->slot_keys[slot].workload : 0;

	tracer->events++;
	if (*(uint32_t *)data == EVENT_MOVED)
		event_handle(tracer, data);
	else if (*(uint32_t *)data == EVENT_ROOT) /* now, while whoever has it is there */
		root_event(tracer, data);
	else if (*(uint32_t *)data == EVENT_STACK) /* the same */
		stack_event(tracer, data);
	else if (workload && !workload_keep(tracer, workload, data, size))
		event_handle(tracer, data);
	/* A negative answer ends ring_buffer__consume() behind this event. */
	return workloads_wait(tracer) ? -EAGAIN : 0;
}
