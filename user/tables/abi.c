/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ABIs' names: ours, the runtime-spec's, libseccomp's and uname(2)'s. It knows no calls. */
#include <seccomp.h>
#include <string.h>

#include "tables/tables.h"

struct abi_row {
	const char *name;
	const char *scmp_name;
	uint32_t scmp_token;
};

static const struct abi_row abi_rows[ABI_COUNT] = {
#include "tables/abi.inc"
};

const char *abi_name(enum abi abi)
{
	return (size_t)abi < ABI_COUNT ? abi_rows[abi].name : NULL;
}

const char *abi_scmp_name(enum abi abi)
{
	return (size_t)abi < ABI_COUNT ? abi_rows[abi].scmp_name : NULL;
}

uint32_t abi_scmp_token(enum abi abi)
{
	return (size_t)abi < ABI_COUNT ? abi_rows[abi].scmp_token : 0;
}

bool abi_from_name(const char *name, enum abi *ret)
{
	for (size_t i = 0; i < ABI_COUNT; i++) {
		if (strcmp(abi_rows[i].name, name) == 0) {
			*ret = (enum abi)i;
			return true;
		}
	}
	return false;
}

/*
 * uname(2)'s words: i386 to i686, and armv6l, armv7l, armv8l, where the last letter is the byte
 * order (armv7b and aarch64_be are other ABIs). x32 programs run where uname says x86_64.
 */
bool abi_from_machine(const char *utsname_machine, enum abi *ret)
{
	const char *machine = utsname_machine;
	size_t length = strlen(machine);

	if (length == 4 && machine[0] == 'i' && machine[1] >= '3' && machine[1] <= '6' &&
	    strcmp(machine + 2, "86") == 0)
		*ret = ABI_I386;
	else if (strncmp(machine, "armv", 4) == 0 && machine[length - 1] == 'l')
		*ret = ABI_ARM;
	else if (strcmp(machine, "x86_64") == 0)
		*ret = ABI_X86_64;
	else if (strcmp(machine, "aarch64") == 0)
		*ret = ABI_AARCH64;
	else if (strcmp(machine, "riscv64") == 0)
		*ret = ABI_RISCV64;
	else
		return false;
	return true;
}
