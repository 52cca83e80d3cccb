/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that were made in one way, and the pattern that they come to. Which bytes of them vary is
 * apparmor_holes.c's to say.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_date.h"
#include "apparmor_holes.h"
#include "util/util.h"

/* That many more bytes in common, in several runs, are no chance. */
#define PREFIX_MORE 3
/* So many bytes in common tell two makers apart where both have a good part of the names. */
#define FAMILY_PREFIX 2
#define FAMILY_SHARE  4

void patterns_add(struct patterns *patterns, struct cells cells)
{
	if (patterns->count == patterns->room) {
		patterns->room = patterns->room ? patterns->room * 2 : 8;
		patterns->list = xrealloc(patterns->list, patterns->room, sizeof(*patterns->list));
	}
	patterns->list[patterns->count++] = cells;
}

/* A star stands behind the first digit of a number, and for its others alone. */
bool pattern_fits(const struct cells *pattern, const uint16_t *name, size_t size)
{
	size_t at = 0, i;

	for (i = 0; i < pattern->count; i++) {
		if (i && pattern->list[i] == CELL_STAR) {
			while (at < size &&
			       cell_holds(pattern->list[i - 1], (unsigned char)name[at]))
				at++;
			continue;
		}
		if (at == size || (pattern->list[i] != name[at] &&
				   !cell_holds(pattern->list[i], (unsigned char)name[at])))
			return false;
		at++;
	}
	return at == size;
}

bool samples_apart(const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (strcmp(samples[i].run, samples[0].run) != 0)
			return true;
	return false;
}

static void pattern_make(struct patterns *patterns, const struct sample *samples, size_t count,
			 size_t size)
{
	_cleanup_free_ struct hole *holes = xcalloc(size + 1, sizeof(*holes));
	size_t used = holes_settle(samples, count, size, holes), i, k;
	const uint16_t *bytes = samples[0].cells;
	struct cells cells = {.list = xcalloc(size + 1, sizeof(*cells.list)), .count = size};
	const uint16_t star = CELL_STAR;

	memcpy(cells.list, bytes, size * sizeof(*cells.list));
	for (i = 0; i < used; i++)
		for (k = holes[i].from; k < holes[i].to; k++)
			cells.list[k] = holes[i].class;
	/* Who writes the date into a name that varies writes another one the next day. */
	for (k = 0; k < size; k++)
		if (isdigit(bytes[k]) && date_holds(bytes, size, k))
			cells.list[k] = CELL_DIGIT;
	/* From the end, as what was before stays where it is. */
	for (i = used; i-- > 0;) {
		if (!date_holds(bytes, size, holes[i].from) &&
		    hole_number(&holes[i], samples, count))
			cells_replace(&cells, holes[i].from + 1, holes[i].to, &star, 1);
	}
	if (used)
		patterns_add(patterns, cells);
	else
		cells_drop(&cells);
}

static int sample_order(const struct sample *a, const struct sample *b, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (a->cells[i] != b->cells[i])
			return a->cells[i] < b->cells[i] ? -1 : 1;
	return 0;
}

/* How much of their start sorted samples share. */
static size_t prefix_of(const struct sample *samples, size_t count, size_t size)
{
	size_t at = 0;

	while (at < size && samples[0].cells[at] == samples[count - 1].cells[at])
		at++;
	return at;
}

/* Without those from `first` up to `end`: were they seen in more than one run? */
static bool others_apart(const struct sample *samples, size_t count, size_t first, size_t end)
{
	const struct sample *one = first ? samples : samples + end;
	size_t i;

	for (i = 0; i < count && first + count > end; i++)
		if ((i < first || i >= end) && strcmp(samples[i].run, one->run) != 0)
			return true;
	return false;
}

/* Have the samples from `first` up to `end` a maker of their own, who begins his names with more? */
static bool is_family(const struct sample *samples, size_t count, size_t first, size_t end,
		      size_t size)
{
	size_t all = prefix_of(samples, count, size);
	size_t own = prefix_of(samples + first, end - first, size);

	return samples_apart(samples + first, end - first) &&
	       (own >= all + PREFIX_MORE ||
		(own >= all + FAMILY_PREFIX && (end - first) * FAMILY_SHARE >= count &&
		 others_apart(samples, count, first, end)));
}

/* Sorted samples: those with a longer prefix of their own apart, and the others together. */
static void samples_split(struct patterns *patterns, const struct sample *samples, size_t count,
			  size_t size)
{
	_cleanup_free_ struct sample *rest = xcalloc(count, sizeof(*rest));
	size_t prefix, first, end, same, used = 0;

	if (count < 2 || !samples_apart(samples, count))
		return;
	prefix = prefix_of(samples, count, size);
	same = prefix + FAMILY_PREFIX < size ? prefix + FAMILY_PREFIX : size;
	for (first = 0; first < count; first = end) {
		for (end = first + 1;
		     end < count && !sample_order(&samples[end], &samples[first], same);)
			end++;
		if (is_family(samples, count, first, end, size)) {
			samples_split(patterns, samples + first, end - first, size);
			continue;
		}
		memcpy(rest + used, samples + first, (end - first) * sizeof(*rest));
		used += end - first;
	}
	if (used > 1 && samples_apart(rest, used))
		pattern_make(patterns, rest, used, size);
}

static int sample_compare(const void *a, const void *b, void *size)
{
	return sample_order(a, b, *(size_t *)size);
}

void patterns_find(struct patterns *patterns, struct sample *samples, size_t count, size_t size)
{
	qsort_r(samples, count, sizeof(*samples), sample_compare, &size);
	samples_split(patterns, samples, count, size);
}

/* The same bytes at the same places. */
static bool pattern_joins(const struct cells *a, const struct cells *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->list[i] != b->list[i] &&
		    (a->list[i] < CELL_DIGIT || b->list[i] < CELL_DIGIT ||
		     a->list[i] == CELL_STAR || b->list[i] == CELL_STAR))
			return false;
	return true;
}

int pattern_compare(const void *x, const void *y)
{
	const struct cells *a = x, *b = y;
	size_t i, holes[2] = {}, classes[2] = {};

	for (i = 0; i < a->count; i++) {
		holes[0] += a->list[i] >= CELL_DIGIT;
		classes[0] += a->list[i] >= CELL_DIGIT ? a->list[i] : 0u;
	}
	for (i = 0; i < b->count; i++) {
		holes[1] += b->list[i] >= CELL_DIGIT;
		classes[1] += b->list[i] >= CELL_DIGIT ? b->list[i] : 0u;
	}
	if (holes[0] != holes[1])
		return holes[0] < holes[1] ? -1 : 1;
	if (classes[0] != classes[1])
		return classes[0] < classes[1] ? -1 : 1;
	return cells_compare(a, b);
}

void patterns_settle(struct patterns *patterns)
{
	size_t used = 0, i, k, cell;

	for (i = 0; i < patterns->count; i++) {
		struct cells *one = &patterns->list[i];

		for (k = 0; k < used && !pattern_joins(&patterns->list[k], one); k++)
			;
		if (k == used) {
			patterns->list[used++] = *one;
			continue;
		}
		for (cell = 0; cell < one->count; cell++)
			if (one->list[cell] >= CELL_DIGIT)
				patterns->list[k].list[cell] =
					cell_join(patterns->list[k].list[cell], one->list[cell]);
		cells_drop(one);
	}
	patterns->count = used;
	if (used)
		qsort(patterns->list, used, sizeof(*patterns->list), pattern_compare);
}

void patterns_drop(struct patterns *patterns)
{
	size_t i;

	for (i = 0; i < patterns->count; i++)
		cells_drop(&patterns->list[i]);
	free(patterns->list);
	*patterns = (struct patterns){};
}
