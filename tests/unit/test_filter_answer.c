/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interpreter of filters: each instruction that seccomp(2) takes and none that it refuses; what is
 * not known, both ways; and every number of three ABIs against profiles of random names.
 */
#include <errno.h>
#include <stdlib.h>

#include "policy/audit.h"
#include "random.h"
#include "tables/tables.h"
#include "test.h"
#include "util/util.h"

#define ALLOW  SECCOMP_RET_ALLOW
#define KILL   SECCOMP_RET_KILL_PROCESS
#define ARG(i) (16 + 8 * (i))

static const struct seccomp_data call = {.nr = 7,
					 .arch = 9,
					 .instruction_pointer = 0x500000004,
					 .args = {0x100000002, 3, 0, 0, 0, 60}};

static uint32_t answer(const struct sock_filter *code, size_t length)
{
	const struct filter filter = {(struct sock_filter *)code, (unsigned short)length};

	return filter_answer(&filter, &call);
}

/* What the instructions leave in the accumulator. */
#define LEAVES(want, words, ...)                                                                   \
	do {                                                                                       \
		const struct sock_filter code[] = {__VA_ARGS__, BPF_STMT(BPF_RET | BPF_A, 0)};     \
		EQ(answer(code, ARRAY_SIZE(code)), (want), "%s", words);                           \
	} while (0)
#define REFUSED(words, ...)                                                                        \
	do {                                                                                       \
		const struct sock_filter code[] = {__VA_ARGS__, BPF_STMT(BPF_RET | BPF_K, ALLOW)}; \
		EQ(answer(code, ARRAY_SIZE(code)), KILL, "not taken: %s", words);                  \
	} while (0)
#define A(k) BPF_STMT(BPF_LD | BPF_IMM, k)
#define X(k) BPF_STMT(BPF_LDX | BPF_IMM, k)

static void instructions(void)
{
	static const struct {
		uint16_t operation;
		uint32_t a, k, want;
		const char *words;
	} rows[] = {
		{BPF_ADD, 0xffffffff, 3, 2, "add"},
		{BPF_SUB, 2, 3, 0xffffffff, "sub"},
		{BPF_MUL, 0x10000, 0x10001, 0x10000, "mul"},
		{BPF_DIV, 17, 5, 3, "div"},
		{BPF_AND, 12, 10, 8, "and"},
		{BPF_OR, 12, 10, 14, "or"},
		{BPF_XOR, 12, 10, 6, "xor"},
		{BPF_LSH, 3, 31, 0x80000000, "lsh"},
		{BPF_RSH, 0x80000000, 31, 1, "rsh"},
	};
	static const struct {
		uint16_t operation;
		uint32_t a, k;
		bool want;
		const char *words;
	} jumps[] = {
		{BPF_JEQ, 5, 5, true, "jeq"},   {BPF_JEQ, 5, 6, false, "jeq, not"},
		{BPF_JGT, 6, 5, true, "jgt"},   {BPF_JGT, 5, 5, false, "jgt, not"},
		{BPF_JGE, 5, 5, true, "jge"},   {BPF_JGE, 4, 5, false, "jge, not"},
		{BPF_JSET, 6, 2, true, "jset"}, {BPF_JSET, 4, 2, false, "jset, not"},
	};

	LEAVES(7, "ld nr", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0));
	LEAVES(9, "ld arch", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4));
	LEAVES(5, "ld half of the pointer", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12));
	LEAVES(2, "ld half of an argument", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(0)));
	LEAVES(1, "... the other", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(0) + 4));
	LEAVES(60, "ld the last argument", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(5)));
	LEAVES(64, "ld len", BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0));
	LEAVES(64, "ldx len", BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0),
	       BPF_STMT(BPF_MISC | BPF_TXA, 0));
	LEAVES(3, "ld imm", A(3));
	LEAVES(4, "ldx imm, txa", X(4), BPF_STMT(BPF_MISC | BPF_TXA, 0));
	LEAVES(8, "tax", A(8), BPF_STMT(BPF_MISC | BPF_TAX, 0), A(0),
	       BPF_STMT(BPF_MISC | BPF_TXA, 0));
	LEAVES(6, "st, ld mem", A(6), BPF_STMT(BPF_ST, 15), A(0), BPF_STMT(BPF_LD | BPF_MEM, 15));
	LEAVES(6, "stx, ldx mem", X(6), BPF_STMT(BPF_STX, 0), X(0), BPF_STMT(BPF_LDX | BPF_MEM, 0),
	       BPF_STMT(BPF_MISC | BPF_TXA, 0));
	LEAVES(0xfffffffe, "neg", A(2), BPF_STMT(BPF_ALU | BPF_NEG, 0));
	LEAVES(1, "ja", A(1), BPF_STMT(BPF_JMP | BPF_JA, 1), A(2));
	LEAVES(0, "division by 0 ends it", A(2), X(0), BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	       A(9));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		LEAVES(rows[i].want, rows[i].words, A(rows[i].a),
		       BPF_STMT(BPF_ALU | rows[i].operation | BPF_K, rows[i].k));
		LEAVES(rows[i].want, rows[i].words, A(rows[i].a), X(rows[i].k),
		       BPF_STMT(BPF_ALU | rows[i].operation | BPF_X, 0));
	}
	for (size_t i = 0; i < ARRAY_SIZE(jumps); i++) {
		LEAVES(jumps[i].want, jumps[i].words, A(jumps[i].a),
		       BPF_JUMP(BPF_JMP | jumps[i].operation | BPF_K, jumps[i].k, 0, 2), A(1),
		       BPF_STMT(BPF_RET | BPF_A, 0), A(0));
		LEAVES(jumps[i].want, jumps[i].words, A(jumps[i].a), X(jumps[i].k),
		       BPF_JUMP(BPF_JMP | jumps[i].operation | BPF_X, 0, 0, 2), A(1),
		       BPF_STMT(BPF_RET | BPF_A, 0), A(0));
	}
}

/* kernel/seccomp.c seccomp_check_filter(), net/core/filter.c bpf_check_classic(). */
static void programs(void)
{
	const struct sock_filter open_end[] = {A(ALLOW)};

	REFUSED("a load behind the data", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64));
	REFUSED("one that is not aligned", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2));
	REFUSED("a byte", BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0));
	REFUSED("an index into a packet", BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0));
	REFUSED("a header's length", BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0));
	REFUSED("mod", BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 1));
	REFUSED("division by a constant 0", BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0));
	REFUSED("a shift by 32", BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32));
	REFUSED("memory that is not there", BPF_STMT(BPF_ST, 16));
	REFUSED("a jump behind the end", BPF_STMT(BPF_JMP | BPF_JA, 1));
	REFUSED("a branch behind the end", BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0));
	REFUSED("the other branch", BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
	REFUSED("no instruction", BPF_STMT(0xffff, 0));
	EQ(answer(open_end, 1), KILL, "not taken: no return at the end");
	EQ(answer(open_end, 0), KILL, "not taken: nothing");
}

/* What depends on arguments goes both ways, and is told once. */
static void unknown(void)
{
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(1)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 8, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const struct sock_filter divides[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(0)),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
		BPF_STMT(BPF_RET | BPF_K, ALLOW),
	};
	const struct sock_filter returns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(0)),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct filter filter = {(struct sock_filter *)code, ARRAY_SIZE(code)};
	struct sock_filter *chain = xcalloc(BPF_MAXINSNS, sizeof(*chain));
	struct answers got;
	uint32_t strictest;

	filter_answers(&filter, &call, 0, &got);
	EQ(got.count, 2, "an argument that is not known: two answers");
	CHECK(got.count == 2 && got.list[0] != got.list[1] && !got.is_cut, "... and no third one");
	filter_answers(&filter, &call, 1u << 1, &got);
	EQ(got.count, 1, "one that is known: one");
	EQ(got.list[0], ALLOW, "... the right one");
	EQ(audit_judge(&filter, 1, ABI_X86_64, 7, NULL, &strictest), JUDGED_DEPENDS, "it depends");
	EQ(strictest, SECCOMP_RET_ERRNO | EPERM, "... at worst on that");
	filter = (struct filter){(struct sock_filter *)divides, ARRAY_SIZE(divides)};
	filter_answers(&filter, &call, 0, &got);
	EQ(got.count, 2, "a divisor that is not known may be 0");
	filter = (struct filter){(struct sock_filter *)returns, ARRAY_SIZE(returns)};
	filter_answers(&filter, &call, 0, &got);
	CHECK(got.is_cut, "an answer that is not known is said");

	/* 2,000 tests that come together again: as many ways as there are atoms in more than a universe */
	for (size_t i = 0; i < 2000; i++) {
		chain[2 * i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARG(i % 6));
		chain[2 * i + 1] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)i, 0, 0);
	}
	chain[4000] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, ALLOW);
	filter = (struct filter){chain, 4001};
	filter_answers(&filter, &call, 0, &got);
	CHECK(got.count == 1 && !got.is_cut, "ways that come together are walked once");
	free(chain);
}

/* Several filters: seccomp(2), the first in its list of actions counts. */
static void together(void)
{
	static const uint32_t order[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
					 SECCOMP_RET_TRAP,         SECCOMP_RET_ERRNO | EPERM,
					 SECCOMP_RET_USER_NOTIF,   SECCOMP_RET_TRACE,
					 SECCOMP_RET_LOG,          SECCOMP_RET_ALLOW};

	for (size_t i = 0; i + 1 < ARRAY_SIZE(order); i++) {
		struct sock_filter a = BPF_STMT(BPF_RET | BPF_K, order[i]);
		struct sock_filter b = BPF_STMT(BPF_RET | BPF_K, order[i + 1]);
		const struct filter filters[] = {{&b, 1}, {&a, 1}};
		uint32_t got;

		audit_judge(filters, 2, ABI_X86_64, 0, NULL, &got);
		EQ(got, order[i], "%#x beats %#x", order[i], order[i + 1]);
	}
}

/* Of two that are as strict, the newest filter's data counts. */
static void together_alike(void)
{
	struct sock_filter older = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	struct sock_filter newer = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	const struct filter filters[] = {{&older, 1}, {&newer, 1}};
	uint32_t got;

	audit_judge(filters, 2, ABI_X86_64, 0, NULL, &got);
	EQ(got, SECCOMP_RET_ERRNO | EPERM, "the newest filter's error is the answer");
}

/* Compiled by libseccomp: what each number of each ABI gets is what the names say. */
static void profiles(void)
{
	static const enum abi abis[] = {ABI_X86_64, ABI_I386, ABI_X32};
	char text[65536];

	for (unsigned int round = 0; round < 30; round++) {
		bool in[1024] = {};
		struct filter filter = {};
		struct err err = {};
		size_t wrong = 0, used;
		const char *comma = "";
		uint32_t got, nr;

		random_seed(round);
		used = (size_t)snprintf(text, sizeof(text),
					"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":["
					"\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],"
					"\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[");
		for (nr = 0; nr < 440; nr++) {
			in[nr] = syscall_name(ABI_X86_64, nr) && random_below(3) == 0;
			if (!in[nr])
				continue;
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s\"%s\"",
						 comma, syscall_name(ABI_X86_64, nr));
			comma = ",";
		}
		snprintf(text + used, sizeof(text) - used, "]}]}");
		if (filter_compile(text, strlen(text), &(struct filter_options){}, &filter, &err)) {
			CHECK(false, "profile %u: %s", round, err.text);
			continue;
		}
		for (size_t i = 0; i < ARRAY_SIZE(abis); i++) {
			for (nr = 0; nr < 1024; nr++) {
				const char *name = syscall_name(abis[i], nr);
				uint32_t own;
				/* libseccomp 2.5 gives x32 no rule for uretprobe and uprobe */
				bool is_known = abis[i] != ABI_X32 || (nr != 335 && nr != 336);
				bool want = is_known && name &&
					    syscall_number(ABI_X86_64, name, &own) && own < 440 &&
					    in[own];

				wrong += (audit_judge(&filter, 1, abis[i], nr, NULL, &got) ==
					  JUDGED_ALLOWED) != want;
			}
		}
		EQ(wrong, 0, "profile %u: every number of three ABIs", round);
		filter_drop(&filter);
	}
}

int main(void)
{
	instructions();
	programs();
	unknown();
	together();
	together_alike();
	profiles();
	return test_end();
}
