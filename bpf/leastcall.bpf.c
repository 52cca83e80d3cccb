/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The recorder's kernel side. A call that was seen before costs a look at the task's state and a
 * counter; only what is new crosses the ring buffer, and the counters are the last word.
 *
 * sys_enter and sys_exit exist twice: as BTF tracepoints, the cheap way, and as classic ones, for
 * kernels on which raw tracepoints run preemptibly and skip calls (see bpf/probe.bpf.c). Only one
 * pair is loaded.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "maps.bpf.h"
#include "kernel.bpf.h"
#include "abi.bpf.h"
#include "path.bpf.h"
#include "cgroup.bpf.h"
#include "stack.bpf.h"
#include "arguments.bpf.h"
#include "scope.bpf.h"
#include "mark.bpf.h"
#include "names.bpf.h"
#include "uses.bpf.h"
#include "message.bpf.h"
#include "received.bpf.h"
#include "files.bpf.h"
#include "operations.bpf.h"
#include "inferred.bpf.h"
#include "peers.bpf.h"
#include "uring.bpf.h"
#include "capability.bpf.h"

#define NR_X86_64_EXECVE  59
#define SECCOMP_MODE_DEAD 3 /* the filter has decided to kill: kernel/seccomp.c */

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Tells that a cell is new. A full ring buffer leaves it untold: the next call tells it again. */
static __noinline void cell_tell(struct cell *cell, const struct cell_key *key)
{
	struct event_cell event = {.kind = EVENT_CELL, .key = *key};

	if (!cell->first_ns)
		cell->first_ns = bpf_ktime_get_ns();
	event.first_ns = cell->first_ns;
	cell->told = event_send(&event, sizeof(event));
	if (config.stacks && cell->told)
		stack_tell(key);
}

/* A cell of which more than the number counts. */
static __noinline void cell_attend(struct cell *cell, const struct cell_key *key)
{
	__u32 class = arguments_class(key);
	bool before = names_change(key);

	if (!cell->told)
		cell_tell(cell, key);
	if (class)
		arguments_count(key, class);
	if (before)
		names_before();
	cell->settled = cell->told && !class && !before;
}

static __noinline struct cell *cell_cold(const struct cell_key *key)
{
	struct cell *cell = bpf_map_lookup_elem(&cells, key);
	struct cell none = {};

	if (cell)
		return cell;
	/* an insert that overwrites would wipe what another CPU has counted meanwhile */
	bpf_map_update_elem(&cells, key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&cells, key);
}

static __always_inline struct cell *cell_hot(__u32 slot, __u32 nr)
{
	__u32 index = (bpf_get_smp_processor_id() * HOT_SLOTS + slot) * HOT_CALLS + nr;

	return bpf_map_lookup_elem(&hot, &index);
}

static __always_inline void cell_count(struct cell *cell, const struct cell_key *key)
{
	if (!cell) {
		LOST(cells);
		return;
	}
	cell->count++;
	if (!cell->settled)
		cell_attend(cell, key);
}

/* Calls of other ABIs, of slots and numbers beyond the array's. */
static __noinline void call_count_cold(struct task_struct *task, struct cell_key *key)
{
	if (call_is_multiplexed(key))
		key->sub = call_sub(task_registers(task));
	cell_count(cell_cold(key), key);
}

static __always_inline void call_count(struct task_struct *task, __u32 slot, long id)
{
	struct cell_key key;

	/* most calls: nothing but the counter is touched */
	if ((__u64)id < HOT_CALLS && slot < HOT_SLOTS && call_is_native(task)) {
		struct cell *cell = cell_hot(slot, id);

		if (cell && cell->settled) {
			cell->count++;
			return;
		}
		key = (struct cell_key){.slot = slot, .nr = id, .abi = CALL_X86_64};
		cell_count(cell, &key);
		return;
	}
	key = call_of(task, id);
	key.slot = slot;
	call_count_cold(task, &key);
}

/* seccomp has let this call pass: its exit is not a denial's. The first call after a new filter is
 * where the runtime's own ones end that no filter judges. */
static __noinline __u32 call_mark(struct task_struct *task, __u32 slot)
{
	struct task_state *state = state_of(task);
	__u32 filters = FIELD(task, seccomp.filter_count.counter);

	if (!state)
		return slot;
	state->in_call = state->armed = 1;
	if (state->filters == filters)
		return slot;
	state->filters = filters;
	if (state->step == STEP_JOINED)
		state->step = STEP_FILTERED;
	else if (state->step == STEP_EXECUTED)
		state->step = STEP_EXECUTED_FILTERED;
	else
		return slot;
	return slot_resolve(false);
}

static __always_inline int call_enter(long id)
{
	struct task_struct *task = task_current();
	__u32 slot = slot_current(task);

	if (slot == SLOT_NONE)
		return 0;
	if (FIELD(task, seccomp.mode) >= SECCOMP_MODE_FILTER)
		slot = call_mark(task, slot);
	call_count(task, slot, id);
	return 0;
}

/* A call that returned an error, or an exit for which there was no enter. */
static __noinline void result_count(struct cell_key *call, __u32 errnum, bool denied)
{
	struct result_key key = {.call = *call, .errnum = errnum, .denied = denied};
	__u64 *count, one = 1;

	count = bpf_map_lookup_elem(&results, &key);
	if (!count) {
		if (bpf_map_update_elem(&results, &key, &one, BPF_NOEXIST) == 0)
			return;
		count = bpf_map_lookup_elem(&results, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		LOST(results);
}

/*
 * Under a filter: was this call refused? seccomp answers before the sys_enter tracepoint, so a
 * refused call has an exit and no enter. The first exit after the filter came is no evidence: it
 * is that of the call that loaded the filter, or a new child's return from fork.
 */
static __always_inline bool call_denied(struct task_state *state, __s32 id)
{
	bool entered = state->in_call;

	state->in_call = 0;
	if (entered || id == -1) /* rt_sigreturn exits so */
		return false;
	if (!state->armed) {
		state->armed = 1;
		return false;
	}
	return true;
}

/* What failed is known all the same; see slot_without_state(). */
static __noinline int call_exit_without_state(struct task_struct *task, struct pt_regs *regs,
					      long ret)
{
	struct cell_key key = call_of(task, (__s32)FIELD(regs, orig_ax));

	if ((__u64)ret <= -4096ull || config.scope != SCOPE_CGROUPS)
		return 0;
	key.slot = slot_without_state(task);
	if (key.slot == SLOT_NONE)
		return 0;
	if (call_is_multiplexed(&key))
		key.sub = call_sub(regs);
	result_count(&key, -ret, false);
	return 0;
}

/* What a successful call did. */
static __always_inline void done_look(const struct cell_key *key, long ret)
{
	__u32 class = class_of(key);

	if (!class)
		return;
	if (class >= CLASS_NAMES)
		names_look(class - CLASS_NAMES, key->slot, key->abi);
	else
		files_look(class, key->slot, key->abi, ret);
	if (class == CLASS_FD_NEW || (class >= CLASS_PTRACE && class <= CLASS_PIDFD_READ))
		peers_look(class, key->slot, key->abi);
	else if (class == CLASS_BIND || class == CLASS_CONNECT)
		sockets_look(class, key->slot, key->abi);
	else if (class == CLASS_SENDTO || class == CLASS_SENDMSG)
		send_look(class, key->slot, key->abi);
	else if (class == CLASS_SOCKETCALL && !sockets_look(class, key->slot, key->abi))
		send_look(class, key->slot, key->abi);
	else if ((class == CLASS_WRITE && config.attributes) ||
		 (class >= CLASS_UNSHARE && class <= CLASS_ATTRIBUTE_SET))
		operations_look(class, key->slot, key->abi, ret);
}

static __noinline int call_exit_look(struct pt_regs *regs, long ret)
{
	struct task_struct *task = task_current();
	struct task_state *state = state_of(task);
	bool failed = (__u64)ret > -4096ull, denied;
	__s32 id = FIELD(regs, orig_ax);
	struct cell_key key;

	if (!state)
		return call_exit_without_state(task, regs, ret);
	denied = FIELD(task, seccomp.mode) >= SECCOMP_MODE_FILTER && call_denied(state, id);
	if (FIELD(task, seccomp.mode) == SECCOMP_MODE_DEAD)
		state->in_call = 1; /* told here, and not again when the task exits */
	key = call_of(task, id);
	key.slot = state->slot;
	if (key.slot == SLOT_NONE)
		return 0;
	if (denied || failed) {
		if (!denied && call_is_multiplexed(&key)) /* seccomp judges the number alone */
			key.sub = call_sub(regs);
		result_count(&key, failed ? -ret : 0, denied);
		return 0;
	}
	done_look(&key, ret);
	if (config.inferred)
		inferred_look(key.nr, key.slot, key.abi, ret);
	return 0;
}

/* Most exits are of no interest: a success of a call that has nothing to do with files. */
static __always_inline int call_exit(struct pt_regs *regs, __u64 id, long ret)
{
	struct task_struct *task = task_current();

	id = (__u32)id; /* the kernel looks at no more of it */
	barrier_var(id);
	if ((__u64)ret <= -4096ull && FIELD(task, seccomp.mode) < SECCOMP_MODE_FILTER &&
	    !(id < HOT_CALLS && exit_class[id]))
		return 0;
	return call_exit_look(regs, ret);
}

/* The execve that the recorder's child made: by its own x86-64 call, whatever it executes. */
static __noinline void call_count_exec(__u32 slot)
{
	struct cell_key key = {.slot = slot, .nr = NR_X86_64_EXECVE, .abi = CALL_X86_64};

	cell_count(slot < HOT_SLOTS ? cell_hot(slot, key.nr) : cell_cold(&key), &key);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(enter_btf, struct pt_regs *regs, long id)
{
	return call_enter(id);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_btf, struct pt_regs *regs, long ret)
{
	return call_exit(regs, FIELD(regs, orig_ax), ret);
}

SEC("tracepoint/raw_syscalls/sys_enter")
int enter_classic(struct trace_event_raw_sys_enter *event)
{
	return call_enter(event->id);
}

SEC("tracepoint/raw_syscalls/sys_exit")
int exit_classic(struct trace_event_raw_sys_exit *event)
{
	struct pt_regs *regs = task_registers(task_current());

	return call_exit(regs, event->id, event->ret);
}

/* A thread that seccomp kills in a process of several never leaves its call: it is told of here. */
static __noinline void call_killed(struct task_struct *task, struct task_state *state)
{
	struct pt_regs *regs = task_registers(task);
	struct cell_key key;

	if (state->slot == SLOT_NONE || state->in_call)
		return;
	key = call_of(task, (__s32)FIELD(regs, orig_ax));
	key.slot = state->slot;
	result_count(&key, 0, true);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_task_exit, struct task_struct *task)
{
	struct task_state *state = state_of(task);

	if (!state)
		return 0;
	if (config.exits && FIELD(task, seccomp.mode) == SECCOMP_MODE_DEAD)
		call_killed(task, state);
	state->slot = SLOT_NONE;
	workload_set(task, state, WORKLOAD_NONE);
	return 0;
}

/*
 * A new executable is a new slot. Where a command is recorded, this is also where its recording
 * begins: its first execve belongs to it, though the call was made when nothing counted yet.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct task_state *state = state_of(task);
	bool known = state && state->workload;
	__u32 from = known ? state->slot : SLOT_NONE, slot;

	slot = slot_resolve(true); /* now, so that what makes no call is known all the same */
	if (config.from_exec && !known && slot != SLOT_NONE) {
		call_count_exec(slot);
		state = state_of(task);
		/* its filter let this call pass, though nobody looked at its enter */
		if (state && FIELD(task, seccomp.mode) >= SECCOMP_MODE_FILTER)
			state->in_call = state->armed = 1;
	}
	if (slot != SLOT_NONE && config.exits) {
		exec_tell(bprm, from, slot);
		/* where it begins: in the ELF interpreter, where there is one */
		mappings_look(slot, FIELD(task_registers(task), ip), 1);
	}
	return 0;
}
