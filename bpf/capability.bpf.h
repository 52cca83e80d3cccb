/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capabilities that were asked for and granted, as AppArmor would have been asked. The tracepoint
 * exists from Linux 6.14 on.
 *
 * cap_capable() is also called where no LSM is asked: for the memory that a mapping may take
 * (cap_vm_enough_memory(), called directly), and with the credentials of an overlay's mounter. So
 * security_capable() must be on the stack, and the credentials must be the task's own; without
 * these two every program would seem to need CAP_SYS_ADMIN.
 */
#ifndef LEASTCALL_CAPABILITY_H
#define LEASTCALL_CAPABILITY_H

#define STACK_DEPTH 12

const volatile __u64 security_capable_start, security_capable_end;

static __always_inline bool asked_by_lsm(void *ctx)
{
	__u64 stack[STACK_DEPTH] = {};

	if (bpf_get_stack(ctx, stack, sizeof(stack), 0) <= 0) {
		LOST(capabilities);
		return false;
	}
	for (int i = 0; i < STACK_DEPTH; i++) {
		if (stack[i] >= security_capable_start && stack[i] < security_capable_end)
			return true;
	}
	return false;
}

SEC("tp_btf/cap_capable")
int BPF_PROG(on_capable, const struct cred *cred, struct user_namespace *target,
	     const struct user_namespace *capable, int capability, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state = state_of(task);
	struct capability_key key = {.capability = capability};
	__u64 one = 1;

	if (ret || !state || state->slot == SLOT_NONE)
		return 0;
	if (cred != task->real_cred)
		return 0;
	key.slot = state->slot;
	if (bpf_map_lookup_elem(&capabilities, &key) || !asked_by_lsm(ctx))
		return 0;
	if (bpf_map_update_elem(&capabilities, &key, &one, BPF_ANY))
		LOST(capabilities);
	return 0;
}

#endif
