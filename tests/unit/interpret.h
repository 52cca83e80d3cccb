/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An interpreter of classic BPF, as far as seccomp(2) allows instructions: what a filter answers,
 * without loading it. Knows no profile.
 */
#ifndef LEASTCALL_INTERPRET_H
#define LEASTCALL_INTERPRET_H

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "profile/filter.h"

/* SECCOMP_RET_*; aborts where the program is none that the kernel would take. */
static inline uint32_t filter_answer(const struct filter *filter, const struct seccomp_data *data)
{
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = {};
	size_t pc;

	for (pc = 0; pc < filter->length; pc++) {
		const struct sock_filter *f = &filter->code[pc];
		uint32_t k = BPF_SRC(f->code) == BPF_X ? x : f->k;

		switch (f->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + f->k, 4);
			continue;
		case BPF_LD | BPF_MEM:
			a = mem[f->k % BPF_MEMWORDS];
			continue;
		case BPF_ST:
			mem[f->k % BPF_MEMWORDS] = a;
			continue;
		case BPF_RET | BPF_K:
			return f->k;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= f->k;
			continue;
		case BPF_MISC | BPF_TAX:
			x = a;
			continue;
		}
		if (BPF_CLASS(f->code) != BPF_JMP)
			abort();
		switch (BPF_OP(f->code)) {
		case BPF_JA:
			pc += f->k;
			break;
		case BPF_JEQ:
			pc += a == k ? f->jt : f->jf;
			break;
		case BPF_JGT:
			pc += a > k ? f->jt : f->jf;
			break;
		case BPF_JGE:
			pc += a >= k ? f->jt : f->jf;
			break;
		case BPF_JSET:
			pc += a & k ? f->jt : f->jf;
			break;
		}
	}
	abort();
}

#endif
