/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How risky a call is, by its name. It knows no arguments and no profile. */
#include <string.h>

#include "tables/tables.h"
#include "util/util.h"

const struct tier_row tier_rows[] = {
#include "tables/tier.inc"
};
const size_t tier_count = ARRAY_SIZE(tier_rows);

static const char *const tier_names[TIERS] = {
	[TIER_NONE] = "none",     [TIER_INFO] = "info", [TIER_OBSOLETE] = "obsolete",
	[TIER_MEDIUM] = "medium", [TIER_HIGH] = "high", [TIER_CRITICAL] = "critical",
};

const struct tier_row *tier_row(const char *name)
{
	for (size_t i = 0; i < tier_count; i++)
		if (!strcmp(tier_rows[i].name, name))
			return &tier_rows[i];
	return NULL;
}

enum tier tier_of(const char *name)
{
	const struct tier_row *row = tier_row(name);

	return row ? row->tier : TIER_NONE;
}

const char *tier_name(enum tier tier)
{
	return (size_t)tier < TIERS ? tier_names[tier] : NULL;
}

bool tier_from_name(const char *name, enum tier *ret)
{
	for (size_t i = 0; i < TIERS; i++) {
		if (!strcmp(tier_names[i], name)) {
			*ret = (enum tier)i;
			return true;
		}
	}
	return false;
}
