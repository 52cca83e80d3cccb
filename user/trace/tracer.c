/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loads and attaches the kernel side, and listens to it. What its events come to is in events.c, what
 * is read from its maps at the end in reading.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "btf.h"
#include "confinement.h"
#include "features.h"
#include "maps.h"
#include "model/text.h"
#include "object.h"
#include "preempt.h"
#include "tracefs.h"
#include "tracer_internal.h"
#include "util/clock.h"

#define WALKS_MAX 50                  /* over all tasks, until every member has its state */
#define DRAIN_NS  UINT64_C(100000000) /* then whoever waits for signals has a look at them, too */

/* ---- listening --------------------------------------------------------------------------- */

int tracer_drain(struct tracer *tracer, struct err *err)
{
	uint64_t until_ns = monotonic_ns() + DRAIN_NS;
	int r_look = 0, r_mark = 0;
	bool new_ones = false;

	do {
		if (workloads_look(tracer, new_ones) && r_look == 0)
			r_look = tasks_look_again(tracer, false, err);
		new_ones = true;
		__atomic_store_n(&tracer->skel->bss->awake, 0, __ATOMIC_SEQ_CST);
	} while (ring_buffer__consume(tracer->ring) == -EAGAIN && /* more came: event_take() */
		 monotonic_ns() < until_ns);
	names_settle_doubts(tracer);
	roots_rest(resolver_roots(tracer->resolver));
	if (tracer->mark_wanted && !tracer_is_marked(tracer))
		r_mark = tracer_mark(tracer, err);
	return r_mark < 0 ? r_mark : r_look;
}

int tracer_fd(const struct tracer *tracer)
{
	return ring_buffer__epoll_fd(tracer->ring);
}

int64_t tracer_live(const struct tracer *tracer)
{
	return __atomic_load_n(&tracer->skel->bss->live, __ATOMIC_ACQUIRE);
}

size_t tracer_wanted(const struct tracer *tracer)
{
	return tracer->wanted;
}

/* Runs look_again() over all tasks once. */
static int tasks_walk(struct tracer *tracer, struct err *err)
{
	_cleanup_close_ int fd = bpf_iter_create(bpf_link__fd(tracer->looks));
	char nothing[16];
	ssize_t size = 0;

	if (fd < 0)
		return err_errno(err, fd, "cannot look at the running tasks");
	do {
		size = read(fd, nothing, sizeof(nothing));
	} while (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR)));
	return size < 0 ? err_errno(err, -errno, "cannot look at the running tasks") : 0;
}

int tasks_look_again(struct tracer *tracer, bool joining, struct err *err)
{
	struct leastcall_bpf__bss *bss = tracer->skel->bss;
	int r;

	bss->joining = joining;
	__atomic_add_fetch(&bss->epoch, 1, __ATOMIC_ACQ_REL);
	for (int tries = 0; tries < WALKS_MAX; tries++) {
		bss->unjoined = 0;
		r = tasks_walk(tracer, err);
		if (r < 0 || !bss->unjoined)
			break;
		poll(NULL, 0, 1); /* a task that holds what is needed is to go on */
	}
	__atomic_add_fetch(&bss->losses.tasks, bss->unjoined, __ATOMIC_RELAXED);
	bss->joining = 0;
	return r;
}

bool tracer_knows(const struct tracer *tracer, uint64_t cgroup_id)
{
	uint32_t number;

	return bpf_map_lookup_elem(bpf_map__fd(tracer->skel->maps.workloads), &cgroup_id,
				   &number) == 0;
}

bool tracer_is_readable(const struct tracer *tracer)
{
	uint64_t none = 0;
	uint32_t number;

	return bpf_map_lookup_elem(bpf_map__fd(tracer->skel->maps.workloads), &none, &number) !=
	       -EPERM;
}

bool tracer_lacks_cgroups(const struct tracer *tracer)
{
	return __atomic_load_n(&tracer->skel->bss->losses.workloads, __ATOMIC_RELAXED);
}

int tracer_add(struct tracer *tracer, const struct tracer_target *target, struct err *err)
{
	size_t wanted = tracer->wanted;
	int r;

	tracer->skel->bss->joining = 1; /* until it is looked at */
	r = workload_add_target(tracer, target, err);
	if (r == 0 && tracer->wanted > wanted)
		return tasks_look_again(tracer, true, err);
	tracer->skel->bss->joining = 0;
	return r;
}

bool tracer_is_marked(const struct tracer *tracer)
{
	return tracer->skel->bss->serving;
}

int tracer_mark(struct tracer *tracer, struct err *err)
{
	struct fact fact = {.kind = FACT_NOTE};
	_cleanup_free_ char *text = NULL;
	int r;

	if (tracer_is_marked(tracer))
		return 0;
	__atomic_store_n(&tracer->skel->bss->serving, 1, __ATOMIC_RELEASE);
	r = tasks_look_again(tracer, false, err);
	if (r < 0)
		return err_prefix(err, r, "the serving mark is not set for all tasks");
	text = xasprintf("the serving mark was set after %.3f seconds",
			 (monotonic_ns() - tracer->start_ns) / 1e9);
	fact.note.what = "serving";
	fact.note.text = text;
	fact_send(tracer, &fact);
	return 0;
}

void tracer_start_clock(struct tracer *tracer)
{
	tracer->start_ns = monotonic_ns();
}

void tracer_progress(struct tracer *tracer, struct tracer_progress *ret)
{
	size_t cells = (size_t)tracer->cpus * HOT_SLOTS * HOT_CALLS;

	*ret = (struct tracer_progress){
		.distinct = tracer->rows.told_count,
		.last_new_ns = tracer->last_new_ns,
	};
	for (size_t i = 0; i < cells; i++)
		ret->calls += tracer->hot[i].count;
}

/* ---- loading ----------------------------------------------------------------------------- */

/* The inode of a namespace, which is how the kernel side knows it too; 0 where it can't be seen. */
static uint32_t namespace_inode(const char *path)
{
	struct stat ns = {};

	stat(path, &ns);
	return ns.st_ino;
}

static void config_fill(struct tracer *tracer)
{
	const struct tracer_options *options = &tracer->options;
	struct leastcall_bpf *skel = tracer->skel;
	int cpus = tracer->cpus;

	skel->rodata->config = (struct config){
		.scope = options->tree ? SCOPE_TREE : SCOPE_CGROUPS,
		.hierarchy = options->hierarchy,
		.hierarchy_id = options->hierarchy_id,
		.split = options->split,
		/* a command, a process and a plain cgroup have no runtime that comes first */
		.steps = options->split || options->wait,
		.exits = options->files,
		.from_exec = options->from_exec,
		.own_pid = tracer->preempt.process,
		.pid_namespace = namespace_inode("/proc/self/ns/pid"),
		.pid_level = tracer->preempt.pid_level,
		.target_pid = options->pid,
		.ring_size = options->ring_size,
		.texts = options->mark_on_text != NULL,
		.attributes = apparmor_is_on(),
		.inferred = tracer->no_capabilities != NULL,
		.stacks = options->stacks,
		.uring_blind = tracer->uring_blind,
		.registers = tracer->preempt.registers,
	};
	bpf_map__set_max_entries(skel->maps.paths, PATHS_MAX);
	bpf_map__set_max_entries(skel->maps.scratch, cpus);
	bpf_map__set_max_entries(skel->maps.hot, cpus * HOT_SLOTS * HOT_CALLS);
	bpf_map__set_max_entries(skel->maps.events, options->ring_size);
}

static int classic_attach(struct bpf_program *program, const char *name, struct bpf_link **ret,
			  struct err *err)
{
	int fd = tracepoint_open("raw_syscalls", name, err);
	struct bpf_link *link;

	if (fd < 0)
		return fd;
	link = bpf_program__attach_perf_event(program, fd); /* the link owns fd */
	if (!link) {
		int r = -errno;

		close(fd);
		return err_errno(err, r, "cannot attach to the tracepoint raw_syscalls:%s", name);
	}
	*ret = link;
	return 0;
}

static int attach(struct tracer *tracer, struct err *err)
{
	struct leastcall_bpf *skel = tracer->skel;
	int r;

	/* whoever makes a call before look_again() comes to it is a member, too */
	skel->bss->joining = !tracer->options.from_exec;
	/* first: a member whose end nobody sees would be waited for for ever, and one that nobody sees
	 * freed would be taken for the next task at its place */
	if (tracer->preempt.old)
		skel->links.on_task_free = bpf_program__attach(skel->progs.on_task_free);
	skel->links.on_task_exit = bpf_program__attach(skel->progs.on_task_exit);
	r = skel->links.on_task_exit ? leastcall_bpf__attach(skel) : -errno;
	if (r < 0)
		return err_errno(err, r, "cannot attach the BPF programs");
	if (tracer->preempt.preemptible) {
		r = classic_attach(skel->progs.enter_classic, "sys_enter", &tracer->classic[0],
				   err);
		if (r == 0 && tracer->options.files)
			r = classic_attach(skel->progs.exit_classic, "sys_exit",
					   &tracer->classic[1], err);
	}
	if (r < 0)
		return r;
	tracer->looks = bpf_program__attach_iter(skel->progs.look_again, NULL);
	if (!tracer->looks)
		return err_errno(err, -errno, "cannot look at the running tasks");
	/* what runs already may make no call before what it descends from is gone */
	return tracer->options.from_exec ? 0 : tasks_look_again(tracer, true, err);
}

static size_t map_bytes(const struct bpf_map *map)
{
	return (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
}

/* The whole of an array, to look at without a system call. NULL, and errno, where that fails. */
static const void *map_view(const struct bpf_map *map)
{
	void *view = mmap(NULL, map_bytes(map), PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);

	return view == MAP_FAILED ? NULL : view;
}

static void map_view_end(const void *view, const struct bpf_map *map)
{
	if (view)
		munmap((void *)view, map_bytes(map));
}

static int load(struct tracer *tracer, struct err *err)
{
	const struct tracer_options *options = &tracer->options;
	struct leastcall_bpf *skel;
	int r;

	tracer->skel = skel = object_open(tracer->preempt.old);
	if (!skel)
		return err_errno(err, -errno, "cannot open the BPF object");
	r = programs_choose(tracer, err);
	if (r < 0)
		return r;
	config_fill(tracer);
	exits_fill(skel, options);
	r = leastcall_bpf__load(skel);
	if (r < 0)
		return err_errno(err, r, "cannot load the BPF programs (see leastcall doctor)");

	tracer->claims = bpf_object__find_map_fd_by_name(skel->obj, "claims");
	tracer->hot = map_view(skel->maps.hot);
	tracer->slot_keys = map_view(skel->maps.slot_keys);
	if (!tracer->hot || !tracer->slot_keys)
		return err_errno(err, -errno, "cannot map the counters");
	tracer->ring = ring_buffer__new(bpf_map__fd(skel->maps.events), event_take, tracer, NULL);
	if (!tracer->ring)
		return err_errno(err, -errno, "cannot map the ring buffer");
	for (size_t i = 0; r == 0 && i < options->targets_count; i++)
		r = workload_add_target(tracer, &options->targets[i], err);
	return r;
}

static int prepare(void *ctx, struct err *err)
{
	struct tracer *tracer = ctx;
	int r = preempt_probe(&tracer->preempt, err);

	if (r == 0)
		r = load(tracer, err);
	if (r < 0)
		features_excuse(r, err);
	if (r < 0 && tracer->options.btf)
		err_prefix(err, r, "with --btf %s", tracer->options.btf);
	return r;
}

static void blind_tell(struct tracer *tracer)
{
	struct fact fact = {.kind = FACT_NOTE};

	fact.note.what = "inferred-capabilities";
	fact.note.text = tracer->no_capabilities;
	fact_send(tracer, &fact);
}

int tracer_open(struct tracer **ret, const struct tracer_options *options, struct err *err)
{
	struct tracer *tracer = xcalloc(1, sizeof(*tracer));
	int r;

	tracer->options = *options;
	tracer->texts = pool_new();
	tracer->told = pool_new();
	tracer->resolver = resolver_new();
	tracer->cpus = libbpf_num_possible_cpus();
	tracer->halves = xcalloc(tracer->cpus, sizeof(*tracer->halves));
	libbpf_set_print(NULL); /* its warnings are for developers; errors come back as codes */
	r = btf_lend(options->btf, prepare, tracer, err);
	if (r == 0) {
		tracer_start_clock(tracer);
		r = attach(tracer, err);
	}
	if (r < 0) {
		tracer_free(tracer);
		return r;
	}
	if (tracer->no_capabilities)
		blind_tell(tracer);
	*ret = tracer;
	return 0;
}

void tracer_free(struct tracer *tracer)
{
	if (!tracer)
		return;
	workloads_free(tracer);
	ring_buffer__free(tracer->ring);
	map_view_end(tracer->hot, tracer->skel ? tracer->skel->maps.hot : NULL);
	map_view_end(tracer->slot_keys, tracer->skel ? tracer->skel->maps.slot_keys : NULL);
	bpf_link__destroy(tracer->classic[0]);
	bpf_link__destroy(tracer->classic[1]);
	bpf_link__destroy(tracer->looks);
	leastcall_bpf__destroy(tracer->skel);
	rows_free(&tracer->rows);
	names_free(tracer);
	stacks_free(tracer->stacks);
	resolver_free(tracer->resolver);
	pool_free(tracer->told);
	pool_free(tracer->texts);
	free(tracer);
}
