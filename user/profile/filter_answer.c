/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An interpreter of classic BPF, as far as seccomp(2) allows instructions and libseccomp writes them.
 * Jumps go forward only, so that every program ends.
 */
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "filter_answer.h"

/* No table of system calls is that long; x32's bit is above it. */
#define NUMBER_NOBODY_HAS 0x0fffffff

static size_t jump(const struct sock_filter *f, uint32_t a, uint32_t x)
{
	uint32_t k = BPF_SRC(f->code) == BPF_X ? x : f->k;

	switch (BPF_OP(f->code)) {
	case BPF_JA:
		return f->k;
	case BPF_JEQ:
		return a == k ? f->jt : f->jf;
	case BPF_JGT:
		return a > k ? f->jt : f->jf;
	case BPF_JGE:
		return a >= k ? f->jt : f->jf;
	default: /* BPF_JSET: there is no other */
		return a & k ? f->jt : f->jf;
	}
}

uint32_t filter_answer(const struct filter *filter, const struct seccomp_data *data)
{
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = {};
	size_t pc;

	for (pc = 0; pc < filter->length; pc++) {
		const struct sock_filter *f = &filter->code[pc];

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (f->k > sizeof(*data) - sizeof(a))
				return SECCOMP_RET_KILL_PROCESS;
			memcpy(&a, (const char *)data + f->k, sizeof(a));
			break;
		case BPF_LD | BPF_MEM:
			a = mem[f->k % BPF_MEMWORDS];
			break;
		case BPF_ST:
			mem[f->k % BPF_MEMWORDS] = a;
			break;
		case BPF_RET | BPF_K:
			return f->k;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			break;
		case BPF_MISC | BPF_TAX:
			x = a;
			break;
		default:
			if (BPF_CLASS(f->code) != BPF_JMP)
				return SECCOMP_RET_KILL_PROCESS;
			pc += jump(f, a, x);
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

uint32_t filter_answer_default(const struct filter *filter)
{
	struct seccomp_data data = {.nr = NUMBER_NOBODY_HAS, .arch = seccomp_arch_native()};

	return filter_answer(filter, &data);
}

void filter_notify(const struct filter *filter, bool logged, struct filter *ret)
{
	size_t i;

	ret->length = filter->length;
	ret->code = xcalloc(filter->length, sizeof(*ret->code));
	for (i = 0; i < filter->length; i++) {
		struct sock_filter *f = &ret->code[i];
		uint32_t action;

		*f = filter->code[i];
		action = f->k & SECCOMP_RET_ACTION_FULL;
		if (f->code == (BPF_RET | BPF_K) &&
		    (action == SECCOMP_RET_ERRNO || (logged && action == SECCOMP_RET_LOG)))
			f->k = SECCOMP_RET_USER_NOTIF;
	}
}
