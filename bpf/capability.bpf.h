/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capabilities that were asked for and granted, as AppArmor would have been asked. The tracepoint
 * exists from Linux 6.14 on.
 *
 * cap_capable() is also called where no LSM is asked: for the memory that a mapping may take
 * (cap_vm_enough_memory(), called directly), and with the credentials of an overlay's mounter. So
 * security_capable() must be on the stack, and the credentials must be the task's own; without
 * these two every program would seem to need CAP_SYS_ADMIN.
 *
 * Some callers ask silently: a refusal is not logged (CAP_OPT_NOAUDIT), for they go on without, as
 * a reader of /proc/sys/net does with its mode. Who asks is the next on the stack. seccomp(2) asks
 * silently, too, and does not go on. What compiles a classic filter (of seccomp(2) or of a socket) asks
 * only whether to leave out a barrier, and goes on however it asks.
 */
#ifndef LEASTCALL_CAPABILITY_H
#define LEASTCALL_CAPABILITY_H

#define STACK_DEPTH 12

const volatile struct kernel_range capable_ranges[CAPABLE_FUNCTIONS];

static __always_inline bool is_in(__u64 address, enum capable_function function)
{
	return address >= capable_ranges[function].start && address < capable_ranges[function].end;
}

static __always_inline bool is_silent(__u64 address)
{
	return is_in(address, CAPABLE_SILENT) || is_in(address, CAPABLE_SILENT_OF) ||
	       is_in(address, CAPABLE_SILENT_IN);
}

static __always_inline bool loads_filter(struct task_struct *task)
{
	struct cell_key call = call_of(task, (__s32)FIELD(task_registers(task), orig_ax));

	return class_of(&call) == CLASS_FILTER;
}

/* How the LSM was asked; 0: it was not. */
static __always_inline __u64 asked_by_lsm(void *ctx, struct task_struct *task)
{
	__u64 stack[STACK_DEPTH + 1] = {}, asked = 0;

	if (bpf_get_stack(ctx, stack, sizeof(stack), 0) <= 0) {
		LOST(capabilities);
		return 0;
	}
	for (int i = 0; i < STACK_DEPTH; i++) {
		if (asked && is_in(stack[i], CAPABLE_JIT))
			return ASKED_SILENTLY;
		if (!asked && is_in(stack[i], CAPABLE_LSM))
			asked = is_silent(stack[i + 1]) ? ASKED_SILENTLY : ASKED;
	}
	return asked == ASKED_SILENTLY && loads_filter(task) ? ASKED : asked;
}

SEC("tp_btf/cap_capable")
int BPF_PROG(on_capable, const struct cred *cred, struct user_namespace *target,
	     const struct user_namespace *capable, int capability, int ret)
{
	struct task_struct *task = task_current();
	struct task_state *state = state_of(task);
	struct capability_key key = {.capability = capability};
	__u64 *known, asked;

	if (ret || !state || state->slot == SLOT_NONE)
		return 0;
	if (cred != FIELD(task, real_cred))
		return 0;
	key.slot = state->slot;
	known = bpf_map_lookup_elem(&capabilities, &key);
	if (known && *known == ASKED)
		return 0;
	asked = asked_by_lsm(ctx, task);
	if (!asked || (known && *known == asked))
		return 0;
	if (bpf_map_update_elem(&capabilities, &key, &asked, BPF_ANY))
		LOST(capabilities);
	return 0;
}

#endif
