/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What tracer.c (loading, listening), slots.c (who it was) and reading.c (the last word)
 * share; nobody else includes it. */
#ifndef LEASTCALL_TRACER_INTERNAL_H
#define LEASTCALL_TRACER_INTERNAL_H

#include <bpf/libbpf.h>

#include "event.h"
#include "leastcall.skel.h"
#include "model/pool.h"
#include "preempt.h"
#include "rows.h"
#include "tracer.h"

/* A path that the kernel side keeps; text NULL: not asked for yet. */
struct kept_path {
	const char *text; /* escaped */
	uint32_t flags;   /* enum path_flag */
};

/* Paths that are kept, 4 KiB each: of executables, of cgroups, of files that the ring buffer had no
 * room for. */
#define PATHS_MAX 4096

/* What a slot's calls are reported under; workload NULL: not asked for yet. */
struct slot_name {
	const char *workload;
	const char *exe;
};

struct tracer {
	struct tracer_options options;
	struct leastcall_bpf *skel;
	struct ring_buffer *ring;
	struct bpf_link *classic[2];      /* sys_enter and sys_exit, where they are classic ones */
	const struct cell *hot;           /* mapped: [cpu][slot][call] */
	const struct slot_key *slot_keys; /* mapped: by slot */
	int cpus;
	struct preempt preempt;
	uint64_t start_ns;
	uint64_t last_new_ns;
	uint64_t events;
	bool workload_told;
	const char *no_capabilities; /* why they are not seen; NULL: they are, or are not wanted */
	struct pool *texts;
	struct rows rows;
	struct slot_name slots[SLOTS_MAX];
	struct kept_path paths[PATHS_MAX]; /* by id */
};

uint64_t clock_ns(void); /* CLOCK_MONOTONIC, as bpf_ktime_get_ns() */
/* The workload and executable behind a slot; NULL where the kernel side does not know it. */
const struct slot_name *slot_name(struct tracer *tracer, uint32_t slot);
/* A path that the kernel side keeps, to be freed; NULL where it can't be read. */
struct path_record *path_read(struct tracer *tracer, uint32_t id);
/* An escaped path from what the kernel side wrote: its components, the last one first. */
char *path_text(const struct path_record *record);
void file_tell(struct tracer *tracer, uint32_t slot, uint32_t perms,
	       const struct path_record *record);
struct row *slot_row(struct tracer *tracer, const struct cell_key *key);
/* Tells the sink about a workload; exe is that of its root, where it has one. */
void workload_tell(struct tracer *tracer, const char *workload, const char *exe);
void fact_send(struct tracer *tracer, struct fact *fact);

#endif
