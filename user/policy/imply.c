/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Conditions by what they let through: all numbers of 64 bits are either an interval or a value under
 * a mask. Between two of a kind the answer is exact; of intervals and masks it is as good as bounds
 * can be.
 */
#include "imply.h"

/* The least and the greatest number that meets it; false where none does. COMPARE_NE has none. */
static bool bounds(const struct condition *condition, uint64_t *ret_low, uint64_t *ret_high)
{
	*ret_low = 0;
	*ret_high = UINT64_MAX;
	switch (condition->compare) {
	case COMPARE_MASKED:
		*ret_low = condition->value;
		*ret_high = condition->value | ~condition->mask;
		return !(condition->value & ~condition->mask);
	case COMPARE_LT:
		*ret_high = condition->value - 1;
		return condition->value > 0;
	case COMPARE_LE:
		*ret_high = condition->value;
		return true;
	case COMPARE_GT:
		*ret_low = condition->value + 1;
		return condition->value < UINT64_MAX;
	case COMPARE_GE:
		*ret_low = condition->value;
		return true;
	case COMPARE_NE:
		return true;
	}
	return true;
}

static bool meets(uint64_t number, const struct condition *condition)
{
	uint64_t low, high;

	if (condition->compare == COMPARE_NE)
		return number != condition->value;
	if (condition->compare == COMPARE_MASKED)
		return (number & condition->mask) == condition->value;
	return bounds(condition, &low, &high) && number >= low && number <= high;
}

static bool condition_excludes(const struct condition *a, const struct condition *b)
{
	uint64_t low_a, high_a, low_b, high_b, common = a->mask & b->mask;

	if (!bounds(a, &low_a, &high_a) || !bounds(b, &low_b, &high_b))
		return true;
	/* One number only, of either side. */
	if (low_a == high_a && a->compare != COMPARE_NE)
		return !meets(low_a, b);
	if (low_b == high_b && b->compare != COMPARE_NE)
		return !meets(low_b, a);
	if (a->compare == COMPARE_NE || b->compare == COMPARE_NE)
		return false;
	if (a->compare == COMPARE_MASKED && b->compare == COMPARE_MASKED)
		return (a->value & common) != (b->value & common);
	return high_a < low_b || high_b < low_a;
}

static bool condition_implies(const struct condition *narrow, const struct condition *wide)
{
	struct condition only = {.compare = COMPARE_MASKED, .mask = UINT64_MAX};
	uint64_t low, high, low_wide, high_wide;

	if (!bounds(narrow, &low, &high))
		return true;
	if (wide->compare == COMPARE_NE) {
		only.value = wide->value;
		return narrow->compare == COMPARE_NE ? narrow->value == wide->value
						     : condition_excludes(narrow, &only);
	}
	if (low == high && narrow->compare != COMPARE_NE)
		return meets(low, wide);
	if (wide->compare == COMPARE_MASKED)
		return !wide->mask || (narrow->compare == COMPARE_MASKED &&
				       (wide->mask & narrow->mask) == wide->mask &&
				       (narrow->value & wide->mask) == wide->value);
	return narrow->compare != COMPARE_NE && bounds(wide, &low_wide, &high_wide) &&
	       low_wide <= low && high <= high_wide;
}

static const struct condition *condition_of(const struct alternative *alternative,
					    unsigned int index)
{
	unsigned int i;

	for (i = 0; i < alternative->count; i++)
		if (alternative->list[i].index == index)
			return &alternative->list[i];
	return NULL;
}

bool alternative_implies(const struct alternative *narrow, const struct alternative *wide)
{
	static const struct condition any = {.compare = COMPARE_MASKED};
	const struct condition *other;
	unsigned int i;

	for (i = 0; i < wide->count; i++) {
		other = condition_of(narrow, wide->list[i].index);
		if (!condition_implies(other ? other : &any, &wide->list[i]))
			return false;
	}
	return true;
}

bool alternatives_exclude(const struct alternative *a, const struct alternative *b)
{
	const struct condition *other;
	unsigned int i;

	for (i = 0; i < a->count; i++) {
		other = condition_of(b, a->list[i].index);
		if (other && condition_excludes(&a->list[i], other))
			return true;
	}
	return false;
}

/* Each of `narrow` is within one of `wide`. */
static bool lists_imply(const struct grant *narrow, const struct grant *wide)
{
	size_t i, k;

	for (i = 0; i < narrow->count; i++) {
		for (k = 0; k < wide->count; k++)
			if (alternative_implies(&narrow->list[i], &wide->list[k]))
				break;
		if (k == wide->count)
			return false;
	}
	return true;
}

static bool lists_exclude(const struct grant *a, const struct grant *b)
{
	size_t i, k;

	for (i = 0; i < a->count; i++)
		for (k = 0; k < b->count; k++)
			if (!alternatives_exclude(&a->list[i], &b->list[k]))
				return false;
	return true;
}

bool grant_implies(const struct grant *narrow, const struct grant *wide)
{
	if (narrow->kind == GRANT_NONE || wide->kind == GRANT_ALL)
		return true;
	if (narrow->kind == GRANT_ALL || wide->kind == GRANT_NONE)
		return false;
	if (wide->kind == GRANT_SOME)
		return narrow->kind == GRANT_SOME && lists_imply(narrow, wide);
	if (narrow->kind == GRANT_SOME)
		return lists_exclude(narrow, wide);
	return lists_imply(wide, narrow);
}
