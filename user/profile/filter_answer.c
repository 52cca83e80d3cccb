/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An interpreter of classic BPF as seccomp(2) takes it: every instruction of it, and no other. Jumps go
 * forward only, so that every program ends.
 */
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "filter_answer.h"

/* No table of system calls is that long; x32's bit is above it. */
#define NUMBER_NOBODY_HAS 0x0fffffff

/* Paths through a program whose outcome is not known yet; seccomp's have some hundred steps. */
#define STEPS_MAX (1u << 20)

/* A number, or one that depends on what is not known. */
struct value {
	bool is_known;
	uint32_t number;
};

/* The machine, before the instruction at pc. */
struct machine {
	size_t pc;
	struct value a, x, mem[BPF_MEMWORDS];
	bool is_plain; /* x and mem are as they were at the start */
};

struct run {
	const struct filter *filter;
	const struct seccomp_data *data;
	unsigned int known;
	struct answers *answers;
	uint64_t seen[BPF_MAXINSNS / 64]; /* where it was plain, and the accumulator not known */
	unsigned int steps;
};

static const struct value nothing = {};

static struct value number(uint32_t number)
{
	return (struct value){true, number};
}

static void answer_add(struct run *run, struct value answer)
{
	struct answers *to = run->answers;

	for (size_t i = 0; i < to->count && answer.is_known; i++)
		if (to->list[i] == answer.number)
			return;
	if (!answer.is_known || to->count == ANSWERS_MAX)
		to->is_cut = true;
	else
		to->list[to->count++] = answer.number;
}

/* A word of struct seccomp_data. */
static struct value load(const struct run *run, uint32_t offset)
{
	uint32_t word, bit;

	if (offset >= offsetof(struct seccomp_data, args))
		bit = 1u << (offset - offsetof(struct seccomp_data, args)) / sizeof(uint64_t);
	else
		bit = offset >= offsetof(struct seccomp_data, instruction_pointer) ? KNOWN_POINTER
										   : 0;
	memcpy(&word, (const char *)run->data + offset, sizeof(word));
	return bit && !(run->known & bit) ? nothing : number(word);
}

static struct value compute(uint16_t operation, struct value a, struct value k)
{
	if (operation == BPF_NEG)
		return a.is_known ? number(-a.number) : nothing;
	if (!a.is_known || !k.is_known)
		return nothing;
	switch (operation) {
	case BPF_ADD:
		return number(a.number + k.number);
	case BPF_SUB:
		return number(a.number - k.number);
	case BPF_MUL:
		return number(a.number * k.number);
	case BPF_DIV:
		return k.number ? number(a.number / k.number) : nothing;
	case BPF_AND:
		return number(a.number & k.number);
	case BPF_OR:
		return number(a.number | k.number);
	case BPF_XOR:
		return number(a.number ^ k.number);
	case BPF_LSH:
		return number(a.number << k.number % 32);
	default: /* BPF_RSH: see is_valid() */
		return number(a.number >> k.number % 32);
	}
}

static bool holds(uint16_t operation, uint32_t a, uint32_t k)
{
	switch (operation) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default: /* BPF_JSET: see is_valid() */
		return a & k;
	}
}

/* What does not jump, and does not end. */
static void step(const struct run *run, const struct sock_filter *f, struct machine *m)
{
	struct value k = BPF_SRC(f->code) == BPF_X ? m->x : number(f->k);

	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		m->a = load(run, f->k);
		break;
	case BPF_LD | BPF_W | BPF_LEN:
		m->a = number(sizeof(*run->data));
		break;
	case BPF_LDX | BPF_W | BPF_LEN:
		m->x = number(sizeof(*run->data));
		break;
	case BPF_LD | BPF_IMM:
		m->a = number(f->k);
		break;
	case BPF_LDX | BPF_IMM:
		m->x = number(f->k);
		break;
	case BPF_LD | BPF_MEM:
		m->a = m->mem[f->k];
		break;
	case BPF_LDX | BPF_MEM:
		m->x = m->mem[f->k];
		break;
	case BPF_ST:
		m->mem[f->k] = m->a;
		break;
	case BPF_STX:
		m->mem[f->k] = m->x;
		break;
	case BPF_MISC | BPF_TAX:
		m->x = m->a;
		break;
	case BPF_MISC | BPF_TXA:
		m->a = m->x;
		break;
	default: /* BPF_ALU */
		m->a = compute(BPF_OP(f->code), m->a, k);
	}
	if (BPF_CLASS(f->code) == BPF_LDX || BPF_CLASS(f->code) == BPF_ST ||
	    BPF_CLASS(f->code) == BPF_STX || f->code == (BPF_MISC | BPF_TAX))
		m->is_plain = false;
}

/* Was it here before, in a state from which it goes on alike? */
static bool is_known_place(struct run *run, const struct machine *m)
{
	uint64_t bit = UINT64_C(1) << m->pc % 64;
	bool before = run->seen[m->pc / 64] & bit;

	if (m->a.is_known || !m->is_plain)
		return false;
	run->seen[m->pc / 64] |= bit;
	return before;
}

/* Both ways where it depends on what is not known. Calls itself as deep as there are such jumps on one
 * way. */
static void run_from(struct run *run, struct machine m)
{
	for (;; m.pc++) {
		const struct sock_filter *f = &run->filter->code[m.pc];
		struct value k = BPF_SRC(f->code) == BPF_X ? m.x : number(f->k);

		if (run->steps++ == STEPS_MAX)
			run->answers->is_cut = true;
		if (run->steps > STEPS_MAX || is_known_place(run, &m))
			return;
		if (BPF_CLASS(f->code) == BPF_RET) {
			answer_add(run, BPF_RVAL(f->code) == BPF_A ? m.a : number(f->k));
			return;
		}
		if (f->code == (BPF_ALU | BPF_DIV | BPF_X) && !(k.is_known && k.number)) {
			answer_add(run, number(0)); /* where it divides by 0, it ends */
			if (k.is_known)
				return;
		}
		if (BPF_CLASS(f->code) != BPF_JMP) {
			step(run, f, &m);
		} else if (BPF_OP(f->code) == BPF_JA) {
			m.pc += f->k;
		} else if (m.a.is_known && k.is_known) {
			m.pc += holds(BPF_OP(f->code), m.a.number, k.number) ? f->jt : f->jf;
		} else {
			struct machine other = m;

			other.pc += 1 + f->jt;
			run_from(run, other);
			m.pc += f->jf;
		}
	}
}

/* Is the operation one of those that seccomp_check_filter() of the kernel's kernel/seccomp.c takes? */
static bool is_code(uint16_t code)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS,
		BPF_LD | BPF_W | BPF_LEN,
		BPF_LDX | BPF_W | BPF_LEN,
		BPF_RET | BPF_K,
		BPF_RET | BPF_A,
		BPF_ALU | BPF_ADD | BPF_K,
		BPF_ALU | BPF_ADD | BPF_X,
		BPF_ALU | BPF_SUB | BPF_K,
		BPF_ALU | BPF_SUB | BPF_X,
		BPF_ALU | BPF_MUL | BPF_K,
		BPF_ALU | BPF_MUL | BPF_X,
		BPF_ALU | BPF_DIV | BPF_K,
		BPF_ALU | BPF_DIV | BPF_X,
		BPF_ALU | BPF_AND | BPF_K,
		BPF_ALU | BPF_AND | BPF_X,
		BPF_ALU | BPF_OR | BPF_K,
		BPF_ALU | BPF_OR | BPF_X,
		BPF_ALU | BPF_XOR | BPF_K,
		BPF_ALU | BPF_XOR | BPF_X,
		BPF_ALU | BPF_LSH | BPF_K,
		BPF_ALU | BPF_LSH | BPF_X,
		BPF_ALU | BPF_RSH | BPF_K,
		BPF_ALU | BPF_RSH | BPF_X,
		BPF_ALU | BPF_NEG,
		BPF_LD | BPF_IMM,
		BPF_LDX | BPF_IMM,
		BPF_MISC | BPF_TAX,
		BPF_MISC | BPF_TXA,
		BPF_LD | BPF_MEM,
		BPF_LDX | BPF_MEM,
		BPF_ST,
		BPF_STX,
		BPF_JMP | BPF_JA,
		BPF_JMP | BPF_JEQ | BPF_K,
		BPF_JMP | BPF_JEQ | BPF_X,
		BPF_JMP | BPF_JGE | BPF_K,
		BPF_JMP | BPF_JGE | BPF_X,
		BPF_JMP | BPF_JGT | BPF_K,
		BPF_JMP | BPF_JGT | BPF_X,
		BPF_JMP | BPF_JSET | BPF_K,
		BPF_JMP | BPF_JSET | BPF_X,
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* As bpf_check_classic() and seccomp_check_filter() have it: every jump and index is within. */
static bool is_valid_at(const struct filter *filter, size_t pc)
{
	const struct sock_filter *f = &filter->code[pc];
	size_t left = filter->length - pc - 1;

	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return f->k < sizeof(struct seccomp_data) && f->k % sizeof(uint32_t) == 0;
	case BPF_ALU | BPF_DIV | BPF_K:
		return f->k != 0;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		return f->k < 32;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return f->k < BPF_MEMWORDS;
	case BPF_JMP | BPF_JA:
		return f->k < left;
	}
	if (BPF_CLASS(f->code) == BPF_JMP && (f->jt >= left || f->jf >= left))
		return false;
	return is_code(f->code);
}

static bool is_valid(const struct filter *filter)
{
	if (!filter->length || filter->length > BPF_MAXINSNS ||
	    BPF_CLASS(filter->code[filter->length - 1].code) != BPF_RET)
		return false;
	for (size_t pc = 0; pc < filter->length; pc++)
		if (!is_valid_at(filter, pc))
			return false;
	return true;
}

void filter_answers(const struct filter *filter, const struct seccomp_data *data,
		    unsigned int known, struct answers *ret)
{
	struct run run = {.filter = filter, .data = data, .known = known, .answers = ret};
	struct machine start = {.a = {true, 0}, .x = {true, 0}, .is_plain = true};

	*ret = (struct answers){};
	if (!is_valid(filter)) {
		answer_add(&run, number(SECCOMP_RET_KILL_PROCESS));
		return;
	}
	for (size_t i = 0; i < BPF_MEMWORDS; i++)
		start.mem[i] =
			number(0); /* none is read before it was written: the kernel sees to it */
	run_from(&run, start);
}

uint32_t filter_answer(const struct filter *filter, const struct seccomp_data *data)
{
	struct answers answers;

	filter_answers(filter, data, KNOWN_ALL, &answers);
	return answers.count ? answers.list[0] : SECCOMP_RET_KILL_PROCESS;
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
