/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System calls by number and by name, an ABI at a time. It knows the kernel's words only: what
 * libseccomp calls them, and what they are good for, is said elsewhere.
 */
#include <string.h>

#include "tables/row.h"
#include "tables/tables.h"
#include "util/util.h"

static const struct number_row x86_64_rows[] = {
#include "tables/syscall_x86_64.inc"
};
static const struct number_row i386_rows[] = {
#include "tables/syscall_i386.inc"
};
static const struct number_row x32_rows[] = {
#include "tables/syscall_x32.inc"
};
static const struct number_row aarch64_rows[] = {
#include "tables/syscall_aarch64.inc"
};
static const struct number_row arm_rows[] = {
#include "tables/syscall_arm.inc"
};
static const struct number_row riscv64_rows[] = {
#include "tables/syscall_riscv64.inc"
};

static const struct {
	const struct number_row *rows;
	size_t count;
} calls[ABI_COUNT] = {
	[ABI_X86_64] = {x86_64_rows, ARRAY_SIZE(x86_64_rows)},
	[ABI_I386] = {i386_rows, ARRAY_SIZE(i386_rows)},
	[ABI_X32] = {x32_rows, ARRAY_SIZE(x32_rows)},
	[ABI_AARCH64] = {aarch64_rows, ARRAY_SIZE(aarch64_rows)},
	[ABI_ARM] = {arm_rows, ARRAY_SIZE(arm_rows)},
	[ABI_RISCV64] = {riscv64_rows, ARRAY_SIZE(riscv64_rows)},
};

static const struct number_row socketcall_rows[] = {
#include "tables/socketcall.inc"
};
static const struct number_row ipc_rows[] = {
#include "tables/ipc.inc"
};

const char *syscall_name(enum abi abi, uint32_t nr)
{
	if ((size_t)abi >= ABI_COUNT)
		return NULL;
	return row_name(calls[abi].rows, calls[abi].count, nr);
}

bool syscall_number(enum abi abi, const char *name, uint32_t *ret)
{
	if ((size_t)abi >= ABI_COUNT)
		return false;
	for (size_t i = 0; i < calls[abi].count; i++) {
		if (strcmp(calls[abi].rows[i].name, name) == 0) {
			*ret = calls[abi].rows[i].number;
			return true;
		}
	}
	return false;
}

bool syscall_is_known(const char *name)
{
	uint32_t number;
	int abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (syscall_number((enum abi)abi, name, &number))
			return true;
	return false;
}

const char *syscall_sub_name(enum abi abi, uint32_t nr, uint32_t sub)
{
	const char *name = syscall_name(abi, nr);

	if (!name)
		return NULL;
	if (strcmp(name, "socketcall") == 0)
		return row_name(socketcall_rows, ARRAY_SIZE(socketcall_rows), sub);
	/* ipc(2)'s upper half is a version of the argument's layout (ksys_ipc() in ipc/syscall.c). */
	if (strcmp(name, "ipc") == 0)
		return row_name(ipc_rows, ARRAY_SIZE(ipc_rows), sub & 0xffff);
	return NULL;
}
