/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The arguments of the few calls for which argument_classes has a row, told apart and counted. What
 * they mean is the user side's.
 */
#ifndef LEASTCALL_ARGUMENTS_H
#define LEASTCALL_ARGUMENTS_H

static __always_inline __u32 arguments_class(const struct cell_key *key)
{
	if (key->abi > CALL_I386 || key->nr >= HOT_CALLS)
		return 0;
	return argument_class[key->abi & 1][key->nr & (HOT_CALLS - 1)];
}

/* One more kind of this call: false where it has enough. Two CPUs may let one too many in. */
static __always_inline bool arguments_admit(const struct cell_key *call)
{
	__u32 *used = bpf_map_lookup_elem(&arguments_used, call), none = 0;

	if (!used) {
		bpf_map_update_elem(&arguments_used, call, &none, BPF_NOEXIST);
		used = bpf_map_lookup_elem(&arguments_used, call);
	}
	if (!used || *used >= ARGUMENTS_CALL)
		return false;
	__sync_fetch_and_add(used, 1);
	return true;
}

static __always_inline void arguments_add(const struct arguments_key *key)
{
	__u64 *count = bpf_map_lookup_elem(&arguments, key), none = 0;

	if (!count) {
		bpf_map_update_elem(&arguments, key, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&arguments, key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		LOST(arguments);
}

static __noinline void arguments_count(const struct cell_key *call, __u32 class)
{
	const volatile struct argument_class *row = &argument_classes[class % ARGUMENT_CLASSES];
	struct task_struct *task = task_current();
	struct pt_regs *regs = task_registers(task);
	struct arguments_key key = {.call = *call, .known = row->known};
	__u64 pointed = 0;

#pragma unroll
	for (int i = 0; i < CALL_ARGUMENTS; i++)
		key.values[i] = call_arg(regs, call->abi, i) & row->masks[i];
	if (row->pointer) {
		/* not there for us: then it is not known what was asked for */
		if (bpf_probe_read_user(&pointed, sizeof(pointed),
					(void *)call_arg(regs, call->abi, 0)) < 0)
			key.known = 0;
		key.values[0] = pointed & row->masks[0];
	}
	if (key.known && (bpf_map_lookup_elem(&arguments, &key) || arguments_admit(call))) {
		arguments_add(&key);
		return;
	}
	key.known = 0;
#pragma unroll
	for (int i = 0; i < CALL_ARGUMENTS; i++)
		key.values[i] = 0;
	arguments_add(&key);
}

#endif
