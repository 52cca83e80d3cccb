/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows of args.inc and args_more.inc: which arguments are looked at, and which are always in. */
#include <string.h>

#include "tables.h"

const struct args_row args_rows[] = {
#include "args.inc"
};
const size_t args_count = sizeof(args_rows) / sizeof(*args_rows);

const struct args_more_row args_more_rows[] = {
#include "args_more.inc"
};
const size_t args_more_count = sizeof(args_more_rows) / sizeof(*args_more_rows);

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

static const char *const level_names[ARGS_LEVELS] = {
	[ARGS_NONE] = "none",
	[ARGS_SAFE] = "safe",
	[ARGS_ALL] = "all",
};

const char *args_level_name(enum args_level level)
{
	return level_names[level];
}

bool args_level_from_name(const char *name, enum args_level *ret)
{
	size_t i;

	for (i = 0; i < ARGS_LEVELS; i++) {
		if (!strcmp(level_names[i], name)) {
			*ret = i;
			return true;
		}
	}
	return false;
}
