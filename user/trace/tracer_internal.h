/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What tracer.c (loading, listening), events.c (what it hears), workloads.c (which cgroups are wanted),
 * slots.c (who it was) and reading.c (the last word) share; nobody else includes it.
 */
#ifndef LEASTCALL_TRACER_INTERNAL_H
#define LEASTCALL_TRACER_INTERNAL_H

#include <bpf/libbpf.h>

#include "event.h"
#include "known.h"
#include "leastcall.skel.h"
#include "model/pool.h"
#include "preempt.h"
#include "resolve.h"
#include "roots.h"
#include "rows.h"
#include "stack.h"
#include "tracer.h"

/* A path that the kernel side keeps; text NULL: not asked for yet. */
struct kept_path {
	const char *text; /* escaped */
	uint32_t flags;   /* enum path_flag */
};

/* What a slot's calls are reported under; workload NULL: not asked for yet. */
struct slot_name {
	const char *workload;
	const char *exe;
	enum phase phase;
};

/* An event of a workload that is not judged yet. */
struct pending {
	struct pending *next;
	size_t size;
	char event[];
};
#define PENDING_BYTES (4u << 20) /* of all workloads together */

enum workload_stage {
	STAGE_UNKNOWN = 0, /* its path was not read yet */
	STAGE_PENDING,     /* it is before the judge */
	STAGE_NAMED,
	STAGE_DROPPED,
	STAGE_LOST, /* where it is can't be told */
};

struct workload {
	enum workload_stage stage;
	bool told;
	bool has_root;   /* its first application is its own */
	bool is_doubted; /* the judge could not say yet */
	enum workload_kind kind;
	char *path;         /* as the kernel has it, while it is pending; owned */
	pid_t maker;        /* the process that made it; 0: not known */
	const char *cgroup; /* the rest is the tracer's texts; escaped */
	const char *name, *engine, *id, *image;
	struct pending *pending, **pending_end;
	uint64_t pending_lost; /* events that there was no room to keep */
};

/* A call with one name or two; the last one, or the only one, has index 1. */
struct named {
	struct named *next;
	struct name_record *records[2]; /* without their texts; [0] NULL: there is one name */
	struct place places[2];
	char *word;    /* a string that is no name, escaped; NULL: the call has none */
	char *spelled; /* the first name as it was given, escaped: it may be none */
};

struct tracer {
	struct tracer_options options;
	struct leastcall_bpf *skel;
	struct ring_buffer *ring;
	int claims; /* the map of an older kernel side, see claim_key; -1: it is none */
	struct bpf_link *classic[2];      /* sys_enter and sys_exit, where they are classic ones */
	const struct cell *hot;           /* mapped: [cpu][slot][call] */
	const struct slot_key *slot_keys; /* mapped: by slot */
	int cpus;
	struct preempt preempt;
	uint64_t start_ns;
	uint64_t last_new_ns;
	uint64_t events;
	struct workload *workloads; /* by number */
	size_t workloads_count;     /* entries; number 0 is none */
	size_t workloads_settled;   /* all below are named or dropped */
	uint32_t workloads_told;    /* as the kernel side counts them, at the last look */
	size_t wanted;
	size_t pending_bytes;
	uint64_t events_lost;        /* of wanted workloads, while they were before the judge */
	struct bpf_link *looks;      /* look_again() */
	bool mark_wanted;            /* what the mark was to wait for has come */
	bool uring_blind;            /* the kernel does not tell what io_uring does */
	const char *no_capabilities; /* why they are inferred; NULL: they are not */
	struct pool *texts;
	struct resolver *resolver;
	struct pool *told; /* what deeds.c has told */
	size_t told_bytes;
	uint64_t names_lost;
	struct named **halves;  /* by CPU: a call's first name, until its second comes */
	struct named *doubtful; /* calls with names that could not be looked up */
	struct stacks *stacks;  /* NULL: none was told */
	struct rows rows;
	struct slot_name slots[SLOTS_MAX];
	struct kept_path paths[PATHS_MAX]; /* by id */
};

/* Who is behind a slot; NULL where that is nobody that is wanted, or is not known. */
const struct slot_name *slot_name(struct tracer *tracer, uint32_t slot);
/* A path that the kernel side keeps, to be freed; NULL where it can't be read. */
struct path_record *path_read(struct tracer *tracer, uint32_t id);
/* Entry `index` of an array of them; with `release` it is free for the next one. */
struct path_record *record_read(const struct bpf_map *map, uint32_t index, bool release);
/* A path as bytes from what the kernel side wrote; to be freed. */
char *path_bytes(const struct path_record *record, size_t *ret_size);
/* The same without the slash at the end of a directory. */
char *path_plain(const struct path_record *record);
/* An escaped path from what the kernel side wrote: its components, the last one first. */
char *path_text(const struct path_record *record);
void file_tell(struct tracer *tracer, uint32_t slot, uint32_t perms,
	       const struct path_record *record);
/* A fact of whoever is behind a slot, for the caller to fill in; false where slot_name() is NULL. */
bool slot_fact(struct tracer *tracer, uint32_t slot, enum fact_kind kind, struct fact *ret);
/* The fact of a row's call that was first made then; its numbers are for the caller to fill in. */
struct fact call_fact(const struct tracer *tracer, const struct row *row, uint64_t first_ns);
struct row *slot_row(struct tracer *tracer, const struct cell_key *key);
void fact_send(struct tracer *tracer, struct fact *fact);
/* One event, from the ring buffer or from those that were kept. */
void event_handle(struct tracer *tracer, const void *event);
/* One from the ring buffer, which is kept where its workload is not judged yet; ctx: the tracer. */
int event_take(void *ctx, void *data, size_t size);
/* Runs look_again() over all tasks. */
int tasks_look_again(struct tracer *tracer, bool joining, struct err *err);

/* ---- names.c ----------------------------------------------------------------------------- */

void root_event(struct tracer *tracer, const struct name_record *record);
void name_event(struct tracer *tracer, const struct name_record *record);
/* To be called when the ring buffer is empty: tells what waits for what was in it. */
void names_settle_doubts(struct tracer *tracer);
void names_free(struct tracer *tracer);
/* What the record's name leads to; the caller drops it. */
void name_find(struct tracer *tracer, const struct name_record *record, bool follow, bool look,
	       struct place *ret);

/* ---- deeds.c ----------------------------------------------------------------------------- */

/* Tells what a call did, whose names are found. */
void named_tell(struct tracer *tracer, const struct named *call);
/* Tells a fact of FACT_OPERATION, once. */
void operation_tell(struct tracer *tracer, struct fact *fact);

/* An escaped path; a directory ends with a slash. */
char *place_text(const struct place *place, bool directory);
/* enum path_flag of a name that was found there. */
uint32_t place_flags(const struct name_record *record, const struct place *place);

/* ---- stacks.c ---------------------------------------------------------------------------- */

/* To be called as it comes, while the process is there. */
void stack_event(struct tracer *tracer, const struct event_stack *event);
/* Tells the stacks that are kept, when every row has been told, and how many there are not. */
void stacks_settle(struct tracer *tracer);

/* ---- counts.c ---------------------------------------------------------------------------- */

/* Who is given each counter that is not 0: of a call, all CPUs' together, and of its errors. */
struct counts_reader {
	void (*call)(void *ctx, const struct cell_key *key, const struct cell *cell);
	void (*result)(void *ctx, const struct result_key *key, uint64_t count);
	void *ctx;
};
/* Both return 0 or a negative errno. */
int counts_read(struct tracer *tracer, const struct counts_reader *reader);
/* Tells the sink which sockets were made, and which capabilities were used, so far. */
int uses_tell(struct tracer *tracer, const struct sink *sink);

/* ---- mounts.c ---------------------------------------------------------------------------- */

/* A call that changed what is mounted where. */
void mount_tell(struct tracer *tracer, const struct named *call);

/* ---- operations.c ------------------------------------------------------------------------ */

/* Tells what the kernel side has noted; returns 0 or a negative errno. */
int operations_read(struct tracer *tracer);
/* Tells what was done with the path of a file fact, where it is a unix socket's: USE_UNIX(). */
void unix_paths_tell(struct tracer *tracer, const struct fact *file, uint32_t perms);

/* ---- programs.c -------------------------------------------------------------------------- */

/* Says which programs are to be loaded, and why there are no capabilities. Before they are. */
int programs_choose(struct tracer *tracer, struct err *err);

/* ---- inferred.c -------------------------------------------------------------------------- */

/* Tells the kernel side, after the other calls to look at, from which capabilities are inferred. */
void inferred_fill(struct leastcall_bpf *skel);

/* ---- exits.c ----------------------------------------------------------------------------- */

/* Tells the kernel side, before it is loaded, which calls to look at. */
void exits_fill(struct leastcall_bpf *skel, const struct tracer_options *options);

/* ---- workloads.c ------------------------------------------------------------------------- */

/* Makes room for what the kernel side has numbered. */
struct workload *workload_get(struct tracer *tracer, uint32_t number);
/* Gives the target the next number, and tells the kernel side. */
int workload_add_target(struct tracer *tracer, const struct tracer_target *target, struct err *err);
/* Reads new cgroups and brings them before the judge, and those about which it has had doubts unless
 * `new_ones`; true where some are not wanted. */
bool workloads_look(struct tracer *tracer, bool new_ones);
/* New ones were handed over since workloads_look(): a container that has ended is not to be found. */
bool workloads_wait(const struct tracer *tracer);
/* Keeps an event of a workload that is not judged yet. False where it is: then it is not kept. */
bool workload_keep(struct tracer *tracer, uint32_t number, const void *event, size_t size);
/* A task of another workload came to this one's cgroup, and stayed what it was. */
void workload_visited(struct tracer *tracer, uint32_t number);
/* Tells the sink about a workload, once; exe is that of its root, where it has one. */
void workload_tell(struct tracer *tracer, struct workload *workload, const char *exe);
void workloads_free(struct tracer *tracer);

#endif
