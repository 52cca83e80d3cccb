/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows of args.inc: which arguments are looked at. Knows no value of any argument. */
#include <string.h>

#include "tables.h"

const struct args_row args_rows[] = {
#include "args.inc"
};
const size_t args_count = sizeof(args_rows) / sizeof(*args_rows);

const struct args_row *args_row(const char *name)
{
	size_t i;

	for (i = 0; i < args_count; i++)
		if (!strcmp(args_rows[i].name, name))
			return &args_rows[i];
	return NULL;
}

const struct args_row *args_row_of(enum abi abi, uint32_t nr)
{
	const char *name = abi == ABI_X32 ? NULL : syscall_name(abi, nr);

	/* arch/x86/kernel/sys_ia32.c ia32_mmap takes one pointer; mmap2 is what C libraries call */
	if (!name || (abi == ABI_I386 && !strcmp(name, "mmap")))
		return NULL;
	return args_row(name);
}

bool args_level_from_name(const char *name, enum args_level *ret)
{
	static const char *const names[] = {
		[ARGS_NONE] = "none", [ARGS_SAFE] = "safe", [ARGS_ALL] = "all"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i], name)) {
			*ret = i;
			return true;
		}
	}
	return false;
}
