/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What Linux 5.17 has and kernels down to 5.10 have not, and what stands in for it there: all of this is
 * compiled twice, and KERNEL_5_10 is the older kernels'. The user side loads one of the two, whichever
 * this kernel takes. Knows nothing of what is recorded.
 *
 * Missing are: tasks and registers whose fields can be read as they are, state that the kernel keeps
 * with a task, loops by a helper (5.17), atomic operations that return something or are no addition
 * (5.12), global functions that are given pointers (5.13).
 */
#ifndef LEASTCALL_KERNEL_H
#define LEASTCALL_KERNEL_H

#ifndef KERNEL_5_10

#define KERNEL_IS_OLD false

/* A field of what the kernel has told, or of what a field of that points at. */
#define FIELD(from, field, ...) ((from)->field __VA_OPT__(->__VA_ARGS__))
#define BIT_FIELD(from, field)  BPF_CORE_READ_BITFIELD(from, field)

#define LOOP(times, step, context) bpf_loop(times, step, context, 0)

/* The verifier has seen that the number is below `limit`, a power of two. */
#define below(number, limit)

#define text_differs bpf_strncmp

#define vma_find(task, address, look, context) bpf_find_vma(task, address, look, context, 0)

static __always_inline struct task_struct *task_current(void)
{
	return bpf_get_current_task_btf();
}

static __always_inline struct pt_regs *task_registers(struct task_struct *task)
{
	return (struct pt_regs *)bpf_task_pt_regs(task);
}

static __always_inline bool is_waiting(struct task_struct *task)
{
	return task->__state;
}

static __always_inline struct task_state *state_of(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

static __always_inline struct task_state *state_create(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

static __always_inline void state_forget(struct task_struct *task)
{
	bpf_task_storage_delete(&tasks, task);
}

/* The next number after those that are used; `limit` or more where there is none. */
static __always_inline __u32 number_next(__u32 *used, enum claim kind, __u32 limit)
{
	return __sync_fetch_and_add(used, 1) + 1;
}

static __always_inline __u32 workload_swap(struct task_struct *task, struct task_state *state,
					   __u32 workload)
{
	return __sync_lock_test_and_set(&state->workload, workload);
}

/* Where it is 0 it becomes `value`, and that is true for one only. */
static __always_inline bool word_claim(__u32 *word, __u32 value, enum claim kind, __u32 which)
{
	return __sync_val_compare_and_swap(word, 0, value) == 0;
}

static __always_inline void word_release(__u32 *word, enum claim kind, __u32 which)
{
	*word = 0;
}

#define bits_add(word, bits) __sync_fetch_and_or(word, bits)

#else

#define KERNEL_IS_OLD true

#define FIELD(from, ...)       BPF_CORE_READ(from, __VA_ARGS__)
#define BIT_FIELD(from, field) BPF_CORE_READ_BITFIELD_PROBED(from, field)

#define LOOP(times, step, context)                                                                 \
	({                                                                                         \
		for (__u32 at_ = 0; at_ < (times); at_++) {                                        \
			if (step(at_, context))                                                    \
				break;                                                             \
		}                                                                                  \
	})

/* It has not, where the number was compared as one of 32 bits. */
#define below(number, limit)                                                                       \
	({                                                                                         \
		barrier_var(number);                                                               \
		number &= (limit)-1;                                                               \
	})

#define CLAIM_TRIES 32 /* for what other CPUs are after at the same time */

/* 0 where the text is the constant one, which stays in its section: one skeleton does for both. */
#define text_differs(text, size, constant)                                                         \
	({                                                                                         \
		bool differs_ = false;                                                             \
		_Pragma("unroll") for (unsigned int at_ = 0; at_ < sizeof(constant); at_++)        \
			differs_ |= (text)[at_] != ((const volatile char *)(constant))[at_];       \
		differs_;                                                                          \
	})

static __always_inline struct task_struct *task_current(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __always_inline struct pt_regs *task_registers(struct task_struct *task)
{
	return BPF_CORE_READ(task, stack) + config.registers;
}

static __always_inline bool is_waiting(struct task_struct *task)
{
	struct task_struct___before_5_14 *before = (void *)task;

	return bpf_core_field_exists(before->state) ? BPF_CORE_READ(before, state) != 0
						    : BPF_CORE_READ(task, __state) != 0;
}

/* Kept until the task is freed: see on_task_free(). */
static __always_inline struct task_state *state_of(struct task_struct *task)
{
	__u64 key = (__u64)task;

	return bpf_map_lookup_elem(&tasks, &key);
}

static __always_inline struct task_state *state_create(struct task_struct *task)
{
	struct task_state none = {};
	__u64 key = (__u64)task;

	bpf_map_update_elem(&tasks, &key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tasks, &key);
}

static __always_inline void state_forget(struct task_struct *task)
{
	__u64 key = (__u64)task;

	bpf_map_delete_elem(&tasks, &key);
}

#define VMA_LEVELS 40 /* of a tree of 65,530 mappings, vm.max_map_count, twice over */

/* As find_vma() does, but unlocked: 0 where there is none, or another thread is changing what there
 * is. */
static __always_inline struct vm_area_struct *vma_of(struct task_struct *task, __u64 address)
{
	struct mm_struct___before_6_1 *mm = (void *)BPF_CORE_READ(task, mm);
	struct rb_node *node = BPF_CORE_READ(mm, mm_rb.rb_node);

	for (int i = 0; i < VMA_LEVELS && node; i++) {
		struct vm_area_struct___before_6_1 *vma =
			(void *)node -
			bpf_core_field_offset(struct vm_area_struct___before_6_1, vm_rb);

		if (BPF_CORE_READ(vma, vm_end) <= address)
			node = BPF_CORE_READ(node, rb_right);
		else if (BPF_CORE_READ(vma, vm_start) > address)
			node = BPF_CORE_READ(node, rb_left);
		else
			return (void *)vma;
	}
	return 0;
}

#define vma_find(task, address, look, context)                                                     \
	({                                                                                         \
		struct vm_area_struct *vma_ = vma_of(task, address);                               \
		vma_ ? look(task, vma_, context) : -1;                                             \
	})

static __always_inline bool claim(enum claim kind, __u64 which)
{
	struct claim_key key = {.kind = kind, .which = which};
	__u8 one = 1;

	return bpf_map_update_elem(&claims, &key, &one, BPF_NOEXIST) == 0;
}

static __always_inline void claim_drop(enum claim kind, __u64 which)
{
	struct claim_key key = {.kind = kind, .which = which};

	bpf_map_delete_elem(&claims, &key);
}

/* Whoever counts up first may come second here: all that is counted is given. */
static __noinline __u32 number_claim(enum claim kind, __u32 first, __u32 limit)
{
	for (__u32 i = 0; i < CLAIM_TRIES; i++) {
		if (first + i >= limit)
			break;
		if (claim(kind, first + i))
			return first + i;
	}
	return limit;
}

static __always_inline __u32 number_next(__u32 *used, enum claim kind, __u32 limit)
{
	__u32 first = *(volatile __u32 *)used + 1;

	__sync_fetch_and_add(used, 1);
	return number_claim(kind, first, limit);
}

/* look_again() and the task itself may be at it; neither is for long. */
static __noinline bool task_claim(__u64 task)
{
	for (int i = 0; i < CLAIM_TRIES; i++) {
		if (claim(CLAIM_TASK, task))
			return true;
	}
	LOST(tasks);
	return false;
}

static __always_inline __u32 workload_swap(struct task_struct *task, struct task_state *state,
					   __u32 workload)
{
	__u32 had = state->workload;
	bool mine;

	if (had == workload)
		return had;
	mine = task_claim((__u64)task);
	had = *(volatile __u32 *)&state->workload;
	state->workload = workload;
	if (mine)
		claim_drop(CLAIM_TASK, (__u64)task);
	return had;
}

static __always_inline bool word_claim(__u32 *word, __u32 value, enum claim kind, __u32 which)
{
	if (*word || !claim(kind, which))
		return false;
	*word = value;
	return true;
}

static __always_inline void word_release(__u32 *word, enum claim kind, __u32 which)
{
	*word = 0;
	claim_drop(kind, which);
}

/* Two CPUs may be at it: only for what is known without it, too. */
#define bits_add(word, bits) (*(volatile __u32 *)(word) |= (bits))

#endif
#endif
