/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the container runtimes need behind their own filter. It knows no application. */
#include <string.h>

#include "tables/tables.h"
#include "util/util.h"

#define START FLOOR_START
#define EXEC  FLOOR_EXEC
#define BOTH  (FLOOR_START | FLOOR_EXEC)

const struct floor_row floor_rows[] = {
#include "tables/floor.inc"
};
const size_t floor_count = ARRAY_SIZE(floor_rows);

static const char *const runtime_names[RUNTIMES] = {
	[RUNTIME_AUTO] = "auto", [RUNTIME_NONE] = "none", [RUNTIME_ANY] = "any",
	[RUNTIME_RUNC] = "runc", [RUNTIME_CRUN] = "crun", [RUNTIME_YOUKI] = "youki",
};

const char *runtime_name(enum runtime runtime)
{
	return (size_t)runtime < RUNTIMES ? runtime_names[runtime] : NULL;
}

bool runtime_from_name(const char *name, enum runtime *ret)
{
	for (size_t i = 0; i < RUNTIMES; i++) {
		if (strcmp(runtime_names[i], name) == 0) {
			*ret = (enum runtime)i;
			return true;
		}
	}
	return false;
}

bool floor_row_counts(const struct floor_row *row, enum runtime runtime, bool no_new_privs)
{
	if (runtime != RUNTIME_ANY && runtime != row->runtime)
		return false;
	return row->with_no_new_privs || !no_new_privs;
}
