/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What lint says of filters that no mkdir shows (tests/containers/lint has the others): the filter
 * that libseccomp makes of the profile answers as lint says, and lint says it. What lint says of all
 * else is in tests/golden/lint.
 */
#include <seccomp.h>

#include "lint/lint.h"
#include "profile/filter_answer.h"
#include "test.h"

#define ALLOW_LIST "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
#define DENY_LIST  "{\"defaultAction\":\"SCMP_ACT_ALLOW\","
#define ALLOWS     "\"action\":\"SCMP_ACT_ALLOW\""
#define DENIES     "\"action\":\"SCMP_ACT_ERRNO\""
#define BIT_32     (UINT64_C(1) << 32)

static bool finds(const char *json, enum lint_id id)
{
	const struct lint_options options = {};
	struct lint lint;
	bool found;

	lint_profile(json, strlen(json), &options, &lint);
	found = lint.seen[id];
	lint_drop(&lint);
	return found;
}

/* Does the filter of the profile allow the call? */
static bool allows(const char *json, enum abi abi, const char *name, uint64_t arg0, uint64_t arg1)
{
	const struct filter_options options = {};
	struct seccomp_data data = {.arch = abi_scmp_token(abi), .args = {arg0, arg1}};
	struct filter filter;
	struct err err = {};
	uint32_t nr = 0;
	bool allowed;

	CHECK(syscall_number(abi, name, &nr), "%s has %s", abi_name(abi), name);
	data.nr = (int)nr;
	if (!EQ(filter_compile(json, strlen(json), &options, &filter, &err), 0, "it compiles %s",
		err.text))
		return false;
	allowed = filter_answer(&filter, &data) == SECCOMP_RET_ALLOW;
	filter_drop(&filter);
	return allowed;
}

static void arg_64_bit(void)
{
	static const char ne[] = ALLOW_LIST
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":[\"socket\"]"
		"," ALLOWS ",\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"}]}]}";
	static const char eq[] = DENY_LIST
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":[\"socket\"]"
		"," DENIES ",\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_EQ\"}]}]}";
	static const char masked[] = DENY_LIST
		"\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":[\"socket\"]"
		"," DENIES ",\"args\":[{\"index\":0,\"value\":4294967295,\"valueTwo\":40,"
		"\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";

	CHECK(finds(ne, LINT_ARG_64_BIT), "NE of 64 bits is found");
	CHECK(!allows(ne, ABI_X86_64, "socket", 40, 1), "NE: AF_VSOCK is denied");
	CHECK(allows(ne, ABI_X86_64, "socket", 40 | BIT_32, 1), "NE: not with bit 32");
	CHECK(finds(eq, LINT_ARG_64_BIT), "EQ that denies is found");
	CHECK(!allows(eq, ABI_X86_64, "socket", 40, 1), "EQ: AF_VSOCK is denied");
	CHECK(allows(eq, ABI_X86_64, "socket", 40 | BIT_32, 1), "EQ: not with bit 32");
	CHECK(!finds(masked, LINT_ARG_64_BIT), "what lint advises is not found");
	CHECK(!allows(masked, ABI_X86_64, "socket", 40 | BIT_32, 1), "and denies with bit 32");
}

static void socketcall(void)
{
	static const char json[] =
		ALLOW_LIST "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],"
			   "\"syscalls\":[{\"names\":[\"socket\"]," ALLOWS
			   ",\"args\":[{\"index\":0,\"value\":4294967295,\"valueTwo\":1,"
			   "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";

	CHECK(finds(json, LINT_SOCKETCALL), "socketcall is found");
	CHECK(!allows(json, ABI_I386, "socket", 2, 1), "i386's socket is restricted");
	CHECK(allows(json, ABI_I386, "socketcall", 1, 0), "its socketcall(SYS_SOCKET) is not");
	CHECK(!allows(json, ABI_I386, "socketcall", 2, 0), "bind stays denied");
}

static void arch_kills(void)
{
	static const char json[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":["
				   "\"SCMP_ARCH_X86_64\"],\"syscalls\":[]}";

	CHECK(finds(json, LINT_ARCH_KILLS), "what kills 32-bit programs is found");
	CHECK(!allows(json, ABI_I386, "read", 0, 0), "they do not get through");
}

static void default_log(void)
{
	static const char json[] = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";
	static const char refuses[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"execve\"],"
		"" DENIES "}]}";

	CHECK(!finds(json, LINT_CALL_MISSING) && !finds(json, LINT_NO_EXECVE) &&
		      !finds(json, LINT_ALWAYS_MISSING) && !finds(json, LINT_FLOOR),
	      "what is logged and let through is not missed");
	CHECK(finds(refuses, LINT_NO_EXECVE), "what is refused by name is");
}

static void clone3_open(void)
{
	static const char json[] =
		ALLOW_LIST "\"architectures\":[\"SCMP_ARCH_X86_64\"],\"syscalls\":[{\"names\":["
			   "\"clone3\"]," ALLOWS "},{\"names\":[\"clone\"]," ALLOWS
			   ",\"args\":[{\"index\":0,\"value\":2114060288,"
			   "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";

	CHECK(finds(json, LINT_CLONE3), "clone3 beside a restricted clone is found");
	CHECK(!allows(json, ABI_X86_64, "clone", 0x10000000, 0), "clone makes no user namespace");
	CHECK(allows(json, ABI_X86_64, "clone3", 0, 0), "clone3 may");
}

int main(void)
{
	if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
		SKIP("filters of x86-64: this machine is another one");
		return test_end();
	}
	arg_64_bit();
	socketcall();
	arch_kills();
	default_log();
	clone3_open();
	return test_end();
}
