/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tables of system calls against witnesses that are not the tables: the installed kernel
 * headers and libseccomp. It knows no row by heart but a few anchors.
 */
#include <linux/audit.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>

#include "tables/row.h"
#include "tables/tables.h"
#include "event.h"
#include "test.h"
#include "witness.h"

static const struct number_row x86_64[] = {
#include "tables/syscall_x86_64.inc"
};
static const struct number_row i386[] = {
#include "tables/syscall_i386.inc"
};
static const struct number_row x32[] = {
#include "tables/syscall_x32.inc"
};
static const struct number_row aarch64[] = {
#include "tables/syscall_aarch64.inc"
};
static const struct number_row arm[] = {
#include "tables/syscall_arm.inc"
};
static const struct number_row riscv64[] = {
#include "tables/syscall_riscv64.inc"
};

#define X86 "-I/usr/include/x86_64-linux-gnu"
#define ARM "-I/usr/include/arm-linux-gnueabihf", "-I/usr/arm-linux-gnueabihf/include"
/*
 * asm-generic/unistd.h is what the headers of arm64 and riscv are made of, so that it is a witness
 * where theirs are not installed; the flags are those that their asm/unistd.h set.
 */
#define GENERIC                                                                                    \
	"-D__ARCH_WANT_NEW_STAT", "-D__ARCH_WANT_SET_GET_RLIMIT", "-D__ARCH_WANT_MEMFD_SECRET"

static const struct {
	const struct number_row *rows;
	size_t count;
	const char *header;
	const char *flags[4];
} abis[ABI_COUNT] = {
	[ABI_X86_64] = {x86_64, ARRAY_SIZE(x86_64), "asm/unistd_64.h", {X86}},
	[ABI_I386] = {i386, ARRAY_SIZE(i386), "asm/unistd_32.h", {X86}},
	[ABI_X32] = {x32, ARRAY_SIZE(x32), "asm/unistd_x32.h", {X86}},
	[ABI_AARCH64] = {aarch64,
			 ARRAY_SIZE(aarch64),
			 "asm-generic/unistd.h",
			 {GENERIC, "-D__ARCH_WANT_RENAMEAT"}},
	[ABI_ARM] = {arm, ARRAY_SIZE(arm), "asm/unistd-eabi.h", {ARM}},
	[ABI_RISCV64] = {riscv64, ARRAY_SIZE(riscv64), "asm-generic/unistd.h", {GENERIC}},
};

static bool is_call(const char *macro)
{
	return strncmp(macro, "__NR_", 5) == 0 && !isupper((unsigned char)macro[5]) &&
	       strcmp(macro, "__NR_syscalls") != 0 &&
	       strcmp(macro, "__NR_arch_specific_syscall") != 0;
}

/* Every call of the installed header is in the table: that number has that name, both ways. */
static void test_header(enum abi abi)
{
	struct tally tally = {0};
	struct macros macros = {0};

	if (!macros_read(abis[abi].header, abis[abi].flags, &macros)) {
		SKIP("%s: %s is not installed", abi_name(abi), abis[abi].header);
		return;
	}
	for (size_t i = 0; i < macros.count; i++) {
		const char *name = macros.rows[i].name + strlen("__NR_");
		uint32_t nr = 0, ours = 0;
		bool known;

		if (!is_call(macros.rows[i].name))
			continue;
		known = macros_number(&macros, macros.rows[i].value, &nr);
		AGREE(&tally, known ? syscall_name(abi, nr) : NULL, name, "%s %u", abi_name(abi),
		      nr);
		known = known && syscall_number(abi, name, &ours) && ours == nr;
		AGREE(&tally, known ? name : NULL, name, "%s: number of %s", abi_name(abi), name);
	}
	ALL_AGREE(&tally, 600, "%s: every call of %s is in the table", abi_name(abi),
		  abis[abi].header);
	macros_free(&macros);
}

/* Sorted, each number and each name once, and the search finds each row. */
static void test_rows(const char *table, const struct number_row *rows, size_t count)
{
	size_t unsorted = 0, twice = 0, lost = 0;

	for (size_t i = 0; i < count; i++) {
		unsorted += i > 0 && rows[i - 1].number >= rows[i].number;
		lost += row_name(rows, count, rows[i].number) != rows[i].name;
		for (size_t j = 0; j < i; j++)
			twice += strcmp(rows[i].name, rows[j].name) == 0;
	}
	EQ(unsorted + twice + lost, 0, "%s: sorted by number, each name once, all found", table);
}

static void test_round_trip(enum abi abi)
{
	struct tally tally = {0};
	uint32_t nr;

	for (size_t i = 0; i < abis[abi].count; i++) {
		const struct number_row *row = &abis[abi].rows[i];

		AGREE(&tally, syscall_name(abi, row->number), row->name, "%s %u", abi_name(abi),
		      row->number);
		nr = UINT32_MAX;
		if (!syscall_number(abi, row->name, &nr) || nr != row->number)
			AGREE(&tally, NULL, row->name, "%s: number of it", abi_name(abi));
	}
	ALL_AGREE(&tally, 300, "%s: number to name to number", abi_name(abi));
}

/*
 * libseccomp agrees wherever it knows the call. It does not know one that is newer than itself: no
 * name for the number, and no number (a negative one: another ABI's) for the name. For what i386
 * multiplexes it gives the pseudo numbers -101 to -120 and -201 to -224 first (test_sub).
 */
static void test_libseccomp(enum abi abi)
{
	uint32_t token = abi_scmp_token(abi), bit = abi == ABI_X32 ? 0x40000000 : 0;
	struct tally tally = {0};

	for (size_t i = 0; i < abis[abi].count; i++) {
		const struct number_row *row = &abis[abi].rows[i];
		int number = seccomp_syscall_resolve_name_arch(token, row->name);
		_cleanup_free_ char *name =
			seccomp_syscall_resolve_num_arch(token, (int)(row->number | bit));

		if (!name && number < 0)
			continue;
		AGREE(&tally, name, row->name, "%s %u", abi_name(abi), row->number);
		if (abi == ABI_I386 && number < -100 && number > -300)
			continue;
		if (number != (int)(row->number | bit))
			AGREE(&tally, NULL, row->name, "%s: libseccomp's number %d, ours %u",
			      abi_name(abi), number, row->number);
	}
	for (uint32_t nr = 0; nr < 0xf0010; nr = nr == 1023 ? 0xf0000 : nr + 1) {
		_cleanup_free_ char *name =
			seccomp_syscall_resolve_num_arch(token, (int)(nr | bit));

		if (name)
			AGREE(&tally, syscall_name(abi, nr), name, "%s %u", abi_name(abi), nr);
	}
	ALL_AGREE(&tally, 600, "%s: libseccomp agrees, both ways", abi_name(abi));
}

/* Since Linux 5.1 a new call has one number for all, from 424 on; 512 to 547 are x32's own. */
static void test_shared_numbers(void)
{
	struct tally tally = {0};

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		for (uint32_t nr = 424; nr < 512; nr++)
			if (syscall_name(abi, nr))
				AGREE(&tally, syscall_name(abi, nr), syscall_name(ABI_X86_64, nr),
				      "%s %u", abi_name(abi), nr);
	ALL_AGREE(&tally, ABI_COUNT * 45, "from 424 on a number is the same call everywhere");
}

/* libseccomp's pseudo numbers: -100 less socketcall(2)'s call, -200 less ipc(2)'s. */
static void test_sub(const char *call, int base)
{
	struct tally tally = {0};
	uint32_t nr = 0;

	syscall_number(ABI_I386, call, &nr);
	for (uint32_t sub = 0; sub < 100; sub++) {
		_cleanup_free_ char *name =
			seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86, base - (int)sub);

		AGREE(&tally, syscall_sub_name(ABI_I386, nr, sub), name, "%s %u", call, sub);
	}
	ALL_AGREE(&tally, 100, "libseccomp agrees on what %s multiplexes", call);
	CHECK(!syscall_sub_name(ABI_X86_64, nr, 1), "%s's number multiplexes on i386 only", call);
}

static void test_sub_upper_half(void)
{
	uint32_t nr = 0;

	CHECK(syscall_number(ABI_I386, "ipc", &nr), "i386 has ipc");
	EQ_STR(syscall_sub_name(ABI_I386, nr, 0x10001), "semop",
	       "ipc(2)'s version is not its call");
	CHECK(syscall_number(ABI_I386, "socketcall", &nr), "i386 has socketcall");
	CHECK(!syscall_sub_name(ABI_I386, nr, 0x10001), "socketcall(2) has no version");
}

static void test_abis(void)
{
	static const uint32_t audit[ABI_COUNT] = {
		[ABI_X86_64] = AUDIT_ARCH_X86_64,
		[ABI_I386] = AUDIT_ARCH_I386,
		[ABI_X32] = EM_X86_64 | __AUDIT_ARCH_LE,
		[ABI_AARCH64] = AUDIT_ARCH_AARCH64,
		[ABI_ARM] = AUDIT_ARCH_ARM,
		[ABI_RISCV64] = AUDIT_ARCH_RISCV64,
	};
	enum abi found;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		const char *scmp = abi_scmp_name(abi);
		char word[32] = "";

		found = ABI_COUNT;
		CHECK(abi_from_name(abi_name(abi), &found) && found == abi, "ABI %s by its name",
		      abi_name(abi));
		/* seccomp_arch_resolve_name(3) takes the name in lower case, without SCMP_ARCH_. */
		for (size_t i = 0; i + 1 < sizeof(word) && scmp[i + 10]; i++)
			word[i] = (char)tolower((unsigned char)scmp[i + 10]);
		EQ(abi_scmp_token(abi), seccomp_arch_resolve_name(word), "libseccomp's token of %s",
		   scmp);
		EQ(abi_scmp_token(abi), audit[abi], "linux/audit.h's token of %s", abi_name(abi));
	}
	found = ABI_ARM;
	CHECK(!abi_from_name("x86", &found) && found == ABI_ARM, "x86 is not one of our names");
	CHECK(!abi_name(ABI_COUNT) && !abi_scmp_name(ABI_COUNT) && !abi_scmp_token(ABI_COUNT) &&
		      !syscall_name(ABI_COUNT, 0) &&
		      !syscall_number(ABI_COUNT, "read", &(uint32_t){0}),
	      "past the last ABI there is nothing");
}

static void test_machines(void)
{
	static const struct {
		const char *machine;
		enum abi abi;
	} rows[] = {
		{"x86_64", ABI_X86_64},
		{"i386", ABI_I386},
		{"i686", ABI_I386},
		{"armv7l", ABI_ARM},
		{"armv8l", ABI_ARM},
		{"aarch64", ABI_AARCH64},
		{"riscv64", ABI_RISCV64},
		/* What has no ABI here: nothing is set. */
		{"armv7b", ABI_COUNT},
		{"aarch64_be", ABI_COUNT},
		{"i786", ABI_COUNT},
		{"riscv32", ABI_COUNT},
		{"", ABI_COUNT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum abi found = ABI_COUNT;
		bool known = abi_from_machine(rows[i].machine, &found);

		CHECK(found == rows[i].abi && known == (found != ABI_COUNT), "uname says \"%s\"",
		      rows[i].machine);
	}
}

/* What no header of an older system knows: the newest rows, the private ones, and the holes. */
static void test_anchors(void)
{
	static const struct {
		enum abi abi;
		uint32_t nr;
		const char *name;
	} rows[] = {
		{ABI_X86_64, 462, "mseal"},
		{ABI_X86_64, 466, "removexattrat"},
		{ABI_X86_64, 467, "open_tree_attr"},
		{ABI_X86_64, 469, "file_setattr"},
		{ABI_X86_64, 335, "uretprobe"},
		{ABI_ARM, 0xf0002, "cacheflush"},
		{ABI_ARM, 0xf0005, "set_tls"},
		{ABI_RISCV64, 258, "riscv_hwprobe"},
		{ABI_X32, 520, "execve"},
		{ABI_X32, 0x40000000, NULL},
		{ABI_X86_64, 337, NULL},
		{ABI_X86_64, UINT32_MAX, NULL},
		{ABI_AARCH64, 2000, NULL},
		{ABI_ARM, 0xf0000, NULL},
	};
	uint32_t nr = 7;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EQ_STR(syscall_name(rows[i].abi, rows[i].nr), rows[i].name, "%s %u is %s",
		       abi_name(rows[i].abi), rows[i].nr, rows[i].name ? rows[i].name : "no call");
	CHECK(!syscall_number(ABI_AARCH64, "open", &nr) && nr == 7, "aarch64 has no open");
}

static void test_set(const char *set, enum abi abi, const struct name_row *rows, size_t count)
{
	struct tally tally = {0};
	size_t unsorted = 0;
	uint32_t nr;

	for (size_t i = 0; i < count; i++) {
		unsorted += i > 0 && strcmp(rows[i - 1].name, rows[i].name) >= 0;
		AGREE(&tally, syscall_number(abi, rows[i].name, &nr) ? rows[i].name : NULL,
		      rows[i].name, "%s: %s is a call", set, rows[i].name);
	}
	EQ(unsorted, 0, "%s: sorted, each once", set);
	ALL_AGREE(&tally, (int)count, "%s: each is a call of %s", set, abi_name(abi));
}

static void test_reasons(const char *set, const struct name_row *rows, size_t count)
{
	size_t without = 0;

	for (size_t i = 0; i < count; i++)
		without += !rows[i].reason || strlen(rows[i].reason) < 10;
	EQ(without, 0, "%s: each has a reason", set);
}

static bool set_has(const struct name_row *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return true;
	return false;
}

static void test_sets(void)
{
	/* Blocked by the profile's own words: other capabilities, or in no rule. */
	static const char *const blocked[] = {"bpf", "mount", "clone3", "io_uring_setup", "keyctl"};
	static const char *const allowed[] = {"clone", "socket", "personality", "chroot", "ptrace"};
	struct name_row *docker = xcalloc(docker_default_count, sizeof(*docker));

	test_set("always", ABI_X86_64, always_rows, always_count);
	test_set("fallback", ABI_X86_64, fallback_rows, fallback_count);
	test_set("always on i386", ABI_I386, always_i386_rows, always_i386_count);
	test_reasons("always", always_rows, always_count);
	test_reasons("fallback", fallback_rows, fallback_count);
	test_reasons("always on i386", always_i386_rows, always_i386_count);
	CHECK(set_has(always_rows, always_count, "rt_sigreturn") &&
		      set_has(always_rows, always_count, "restart_syscall") &&
		      set_has(always_rows, always_count, "exit_group") &&
		      set_has(always_i386_rows, always_i386_count, "sigreturn"),
	      "always: what a signal and an end need");

	for (size_t i = 0; i < docker_default_count; i++)
		docker[i] = (struct name_row){docker_default_names[i], NULL};
	test_set("docker's default", ABI_X86_64, docker, docker_default_count);
	EQ(docker_default_count, 306 + 3, "docker's default: as many as were counted elsewhere");
	for (size_t i = 0; i < ARRAY_SIZE(blocked); i++)
		CHECK(!set_has(docker, docker_default_count, blocked[i]),
		      "docker's default blocks %s", blocked[i]);
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
		CHECK(set_has(docker, docker_default_count, allowed[i]),
		      "docker's default allows %s", allowed[i]);
	free(docker);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_abis();
	test_machines();
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		test_rows(abi_name(abi), abis[abi].rows, abis[abi].count);
		test_round_trip(abi);
		test_header(abi);
		test_libseccomp(abi);
	}
	test_shared_numbers();
	test_anchors();
	test_sub("socketcall", -100);
	test_sub("ipc", -200);
	test_sub_upper_half();
	test_sets();
	CHECK(args_count < ARGUMENT_CLASSES, "the kernel side has room for the rows of args.inc");
	return test_end();
}
