/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that are the same but for decimal numbers, which got longer from one run to the other: those of
 * processes, counters. Numbers of one length are apparmor_pattern.c's, as are those with letters.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_date.h"
#include "apparmor_pattern.h"
#include "util/util.h"

static size_t digits_at(const struct sample *sample, size_t at)
{
	size_t size = 0;

	while (at + size < sample->size && isdigit(sample->cells[at + size]))
		size++;
	return size;
}

/* Whatever their numbers are, which both have at the same places. */
static int frame_compare(const void *x, const void *y)
{
	const struct sample *a = x, *b = y;
	size_t i = 0, k = 0, numbers[2];

	while (i < a->size && k < b->size) {
		numbers[0] = digits_at(a, i);
		numbers[1] = digits_at(b, k);
		if ((!numbers[0] || !numbers[1]) && a->cells[i] != b->cells[k])
			return a->cells[i] < b->cells[k] ? -1 : 1;
		i += numbers[0] ? numbers[0] : 1;
		k += numbers[1] ? numbers[1] : 1;
	}
	return number_compare(i < a->size, k < b->size);
}

/* Filled up with zeros, or of a version: 1.2, v1. Such numbers are no process's. */
static bool is_special(const struct sample *sample, size_t at, size_t size)
{
	const uint16_t *cells = sample->cells;
	size_t end = at + size;

	if ((cells[at] == '0' && size > 1) ||
	    (at > 1 && cells[at - 1] == '.' && isdigit(cells[at - 2])) ||
	    (end + 1 < sample->size && cells[end] == '.' && isdigit(cells[end + 1])))
		return true;
	return at && tolower(cells[at - 1]) == 'v' && (at == 1 || !isalnum(cells[at - 2]));
}

/* Is the number that each sample has at its place in `at` the same in all? False in *ret_plain where
 * one of them is special. */
static bool number_shared(const struct sample *samples, size_t count, const size_t *at,
			  bool *ret_plain)
{
	size_t size = digits_at(&samples[0], at[0]), other, i;
	bool same = true;

	*ret_plain = true;
	for (i = 0; i < count; i++) {
		other = digits_at(&samples[i], at[i]);
		*ret_plain &= !is_special(&samples[i], at[i], other);
		same &= other == size && !memcmp(samples[i].cells + at[i], samples[0].cells + at[0],
						 size * sizeof(uint16_t));
	}
	return same;
}

/* Samples of one frame. */
static void frame_make(struct patterns *patterns, const struct sample *samples, size_t count)
{
	_cleanup_free_ size_t *at = xcalloc(count, sizeof(*at));
	struct cells cells = {.list = xcalloc(2 * samples[0].size + 1, sizeof(*cells.list))};
	size_t size, i;
	bool plain;

	while (at[0] < samples[0].size) {
		const uint16_t *from = samples[0].cells + at[0];

		size = digits_at(&samples[0], at[0]);
		if (!size || number_shared(samples, count, at, &plain)) {
			size = size ? size : 1;
			for (i = 0; i < size; i++)
				cells.list[cells.count++] =
					isdigit(from[i]) && date_holds(samples[0].cells,
								       samples[0].size, at[0] + i)
						? CELL_DIGIT
						: from[i];
		} else if (plain) {
			cells.list[cells.count++] = CELL_DIGIT;
			cells.list[cells.count++] = CELL_STAR;
		} else {
			cells_drop(&cells);
			return;
		}
		for (i = 0; i < count; i++) {
			size = digits_at(&samples[i], at[i]);
			at[i] += size ? size : 1;
		}
	}
	patterns_add(patterns, cells);
}

void patterns_find_numbers(struct patterns *patterns, struct sample *samples, size_t count)
{
	size_t first, end, sizes;

	if (count)
		qsort(samples, count, sizeof(*samples), frame_compare);
	for (first = 0; first < count; first = end) {
		sizes = 0;
		for (end = first; end < count && !frame_compare(&samples[end], &samples[first]);
		     end++)
			sizes += samples[end].size != samples[first].size;
		if (sizes && samples_apart(samples + first, end - first))
			frame_make(patterns, samples + first, end - first);
	}
}
