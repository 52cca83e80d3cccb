/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which calls stand in for which. It knows no profile. */
#include <string.h>

#include "tables/tables.h"
#include "util/util.h"

#define L FAMILIES_LIBC
#define F FAMILIES_FULL
#define N FAMILIES_NONE

const struct equivalent_row equivalent_rows[] = {
#include "tables/equivalent.inc"
};
const size_t equivalent_count = ARRAY_SIZE(equivalent_rows);

static const char *const families_names[FAMILIES] = {
	[FAMILIES_AUTO] = "auto",
	[FAMILIES_NONE] = "none",
	[FAMILIES_LIBC] = "libc",
	[FAMILIES_FULL] = "full",
};

const char *families_name(enum families families)
{
	return (size_t)families < FAMILIES ? families_names[families] : NULL;
}

bool families_from_name(const char *name, enum families *ret)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		if (!strcmp(families_names[i], name)) {
			*ret = (enum families)i;
			return true;
		}
	}
	return false;
}

static bool group_asks(const char *group, const char *name)
{
	for (size_t i = 0; i < equivalent_count; i++)
		if (equivalent_rows[i].asks && !strcmp(equivalent_rows[i].group, group) &&
		    !strcmp(equivalent_rows[i].name, name))
			return true;
	return false;
}

const struct equivalent_row *equivalent_row(const char *asks, const char *name, enum families level)
{
	for (size_t i = 0; i < equivalent_count; i++) {
		const struct equivalent_row *row = &equivalent_rows[i];

		if (row->level != FAMILIES_NONE && row->level <= level &&
		    !strcmp(row->name, name) && strcmp(asks, name) != 0 &&
		    group_asks(row->group, asks))
			return row;
	}
	return NULL;
}
