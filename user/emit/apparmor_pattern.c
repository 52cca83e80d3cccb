/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which bytes of a name vary, and over what. A name is looked at in parts, divided by the bytes that
 * are no letters or digits and that all samples share.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_pattern.h"
#include "apparmor_random.h"
#include "util/util.h"

/* That many more bytes in common, in several runs, are no chance. */
#define PREFIX_MORE 3
/* Fewer bytes that vary are the end of something longer that does. */
#define VARIES_LEAST 4

void patterns_add(struct patterns *patterns, struct cells cells)
{
	if (patterns->count == patterns->room) {
		patterns->room = patterns->room ? patterns->room * 2 : 8;
		patterns->list = xrealloc(patterns->list, patterns->room, sizeof(*patterns->list));
	}
	patterns->list[patterns->count++] = cells;
}

bool samples_apart(const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (strcmp(samples[i].run, samples[0].run) != 0)
			return true;
	return false;
}

static bool divides(const struct sample *samples, size_t count, size_t at)
{
	return !isalnum(samples[0].cells[at]) && samples_share(samples, count, at);
}

/* What varies of one part. */
struct hole {
	size_t from, to; /* the cells that vary; `to` is where the part ends */
	size_t start;    /* where it begins */
	uint16_t class;
};

/*
 * A number begins with its first digit, and a hexadecimal one with its part. What was shared by
 * chance belongs to what varies: one byte at the start of a part, and all of it where little varies.
 */
static void hole_stretch(struct hole *hole, const struct sample *samples, size_t count)
{
	const uint16_t *first = samples[0].cells;

	while (hole->class == CELL_DIGIT && hole->from > hole->start &&
	       cell_holds(CELL_DIGIT, (unsigned char)first[hole->from - 1]))
		hole->from--;
	if (hole->class != CELL_DIGIT && hole->to - hole->from < VARIES_LEAST)
		hole->from = hole->start;
	if (hole->class != CELL_DIGIT && hole->from == hole->start + 1)
		hole->from = hole->start;
	if (hole->class == CELL_HEX &&
	    samples_class(samples, count, hole->start, hole->to) <= CELL_HEX &&
	    samples_class(samples, count, hole->start, hole->to))
		hole->from = hole->start;
	hole->class = samples_class(samples, count, hole->from, hole->to);
}

/* Finds what varies in the part that begins at `start`; true where there is anything. */
static bool hole_find(const struct sample *samples, size_t count, size_t start, size_t size,
		      struct hole *ret)
{
	size_t end = start, from;

	while (end < size && !divides(samples, count, end))
		end++;
	for (from = start; from < end && samples_share(samples, count, from); from++)
		;
	*ret = (struct hole){.start = start, .from = from, .to = end};
	return from < end;
}

/* All that varies, part by part. */
static size_t holes_find(const struct sample *samples, size_t count, size_t size,
			 struct hole *holes)
{
	size_t used = 0, start;

	for (start = 0; start < size; start = holes[used++].to + 1) {
		while (start < size && !hole_find(samples, count, start, size, &holes[used]))
			start = holes[used].to + 1;
		if (start >= size)
			break;
		holes[used].class = samples_class(samples, count, holes[used].from, holes[used].to);
		if (!holes[used].class)
			return 0;
		hole_stretch(&holes[used], samples, count);
	}
	return used;
}

/*
 * The class of all parts, for they are of one maker; 0: it is nothing random. A part of a
 * hexadecimal number may have letters alone.
 */
static uint16_t holes_class(const struct hole *holes, size_t used, const struct sample *samples,
			    size_t count)
{
	uint16_t class = CELL_DIGIT;
	size_t i, random = 0;

	for (i = 0; i < used; i++) {
		class = cell_join(class, holes[i].class);
		random +=
			samples_random(samples, count,
				       &(struct drawn){holes[i].from, holes[i].to, holes[i].class});
	}
	return !random || (random<used &&class> CELL_HEX) ? 0 : class;
}

/* A number that is not filled up with zeros, such as that of a process, has other lengths elsewhere. */
static bool hole_number(const struct hole *hole, const struct sample *samples, size_t count)
{
	size_t i;

	if (hole->class != CELL_DIGIT)
		return false;
	for (i = 0; i < count; i++)
		if (samples[i].cells[hole->from] == '0')
			return false;
	return true;
}

/* 1.2.3: beside a dot and another number stands no number of a process. */
static bool hole_version(const struct hole *hole, const struct sample *samples, size_t size)
{
	const uint16_t *cells = samples[0].cells;

	return hole->class == CELL_DIGIT &&
	       ((hole->from > 1 && cells[hole->from - 1] == '.' &&
		 isdigit(cells[hole->from - 2])) ||
		(hole->to + 1 < size && cells[hole->to] == '.' && isdigit(cells[hole->to + 1])));
}

static void pattern_make(struct patterns *patterns, const struct sample *samples, size_t count,
			 size_t size)
{
	_cleanup_free_ struct hole *holes = xcalloc(size + 1, sizeof(*holes));
	size_t used = holes_find(samples, count, size, holes), i, k;
	uint16_t class = used ? holes_class(holes, used, samples, count) : 0;
	struct cells cells = {.list = xcalloc(size + 1, sizeof(*cells.list)), .count = size};
	const uint16_t star = CELL_STAR;
	struct drawn drawn;

	for (i = 0; class == CELL_DIGIT && i < used; i++)
		if (hole_version(&holes[i], samples, size))
			class = 0;
	if (samples_maker(samples, count, size, &drawn)) {
		class = drawn.class;
		holes[0] = (struct hole){.from = drawn.from, .to = drawn.to, .class = class};
		used = 1;
	}
	memcpy(cells.list, samples[0].cells, size * sizeof(*cells.list));
	/* From the end, as what was before stays where it is. */
	for (i = used; class && i-- > 0;) {
		for (k = holes[i].from; k < holes[i].to; k++)
			cells.list[k] = class;
		if (class <= CELL_HEX && hole_number(&holes[i], samples, count))
			cells_replace(&cells, holes[i].from + 1, holes[i].to, &star, 1);
	}
	if (class)
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

/* Sorted samples: those with a longer prefix of their own apart, and the others together. */
static void samples_split(struct patterns *patterns, struct sample *samples, size_t count,
			  size_t size)
{
	size_t prefix, first, end, rest = 0;

	if (count < 2 || !samples_apart(samples, count))
		return;
	prefix = prefix_of(samples, count, size);
	for (first = 0; first < count; first = end) {
		for (end = first + 1;
		     end < count && samples[end].cells[prefix] == samples[first].cells[prefix];)
			end++;
		if (samples_apart(samples + first, end - first) &&
		    prefix_of(samples + first, end - first, size) >= prefix + PREFIX_MORE) {
			samples_split(patterns, samples + first, end - first, size);
			continue;
		}
		memmove(samples + rest, samples + first, (end - first) * sizeof(*samples));
		rest += end - first;
	}
	if (rest > 1 && samples_apart(samples, rest))
		pattern_make(patterns, samples, rest, size);
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

/* Those of which most bytes are known, then those of the smaller classes. */
static int pattern_compare(const void *x, const void *y)
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
