/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which bytes of a name vary, and over what. A name is looked at in parts, divided by the bytes that
 * are no letters or digits and that all samples share.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_date.h"
#include "apparmor_pattern.h"
#include "apparmor_random.h"
#include "util/util.h"

/* That many more bytes in common, in several runs, are no chance. */
#define PREFIX_MORE 3
/* Fewer bytes that vary are the end of something longer that does. */
#define VARIES_LEAST 4
/* Bytes of a number that all samples may share by chance. */
#define CHANCE_MAX 2
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

static bool divides(const struct sample *samples, size_t count, size_t at)
{
	return !isalnum(samples[0].cells[at]) && samples_share(samples, count, at);
}

/* What varies, or one number of it, in one part. */
struct hole {
	size_t from, to;   /* the cells that vary */
	size_t start, end; /* the part */
	uint16_t class;
};

static bool is_digit(const struct sample *samples, size_t at)
{
	return isdigit(samples[0].cells[at]);
}

/*
 * Do the samples of this part differ in decimal numbers alone, which stand at the same places, with the same
 * letters beside them? Between the letters of a hexadecimal number that is soon so by chance: there the
 * last digits alone may vary.
 */
static bool part_is_decimal(const struct sample *samples, size_t count, size_t start, size_t end)
{
	bool hexadecimal = true, varies = false, behind = false;
	size_t at, i;

	for (at = start; at < end; at++) {
		bool shared = samples_share(samples, count, at);

		for (i = 0; i < count; i++)
			if (!isdigit(samples[i].cells[at]) != !is_digit(samples, at))
				return false;
		if (!is_digit(samples, at)) {
			if (!shared)
				return false;
			hexadecimal &= isxdigit(samples[0].cells[at]) != 0;
			behind |= varies;
		}
		varies |= !shared;
	}
	return varies && !(hexadecimal && behind);
}

/* Each number that varies, all of its digits; how many there are. */
static size_t decimals_find(const struct sample *samples, size_t count, size_t start, size_t end,
			    struct hole *holes)
{
	size_t used = 0, at, to;
	bool varies;

	for (at = start; at < end; at = to + 1) {
		for (to = at, varies = false; to < end && is_digit(samples, to); to++)
			varies |= !samples_share(samples, count, to);
		if (varies)
			holes[used++] = (struct hole){at, to, start, end, CELL_DIGIT};
	}
	return used;
}

/*
 * What was shared by chance belongs to what varies. Of a hexadecimal number that are its own digits: all
 * of the part, what is behind 0x, or the few that make the number of its digits even. Of others it is one
 * byte at the start of a part, and all of it where little varies.
 */
static void hole_stretch(struct hole *hole, const struct sample *samples, size_t count)
{
	const uint16_t *first = samples[0].cells;
	size_t size = hole->to - hole->from, least = hole->from;

	while (least > hole->start && cell_holds(hole->class, (unsigned char)first[least - 1]))
		least--;
	if (cell_is_number(hole->class) && least > hole->start && size >= VARIES_LEAST) {
		if (least > hole->start + 1 && first[least - 1] == 'x' && first[least - 2] == '0')
			hole->from = least;
		while (hole->from > least && hole->to - hole->from < size + CHANCE_MAX &&
		       (isdigit(first[hole->from - 1]) || (hole->to - hole->from) % 2))
			hole->from--;
		return;
	}
	if (size < VARIES_LEAST || cell_is_number(hole->class) || hole->from == hole->start + 1)
		hole->from = hole->start;
	hole->class = samples_class(samples, count, hole->from, hole->to);
}

/* All that varies, part by part. */
static size_t holes_find(const struct sample *samples, size_t count, size_t size,
			 struct hole *holes)
{
	size_t used = 0, start, end, from;

	for (start = 0; start < size; start = end + 1) {
		for (end = start; end < size && !divides(samples, count, end); end++)
			;
		for (from = start; from < end && samples_share(samples, count, from); from++)
			;
		if (from == end)
			continue;
		if (part_is_decimal(samples, count, start, end)) {
			used += decimals_find(samples, count, start, end, holes + used);
			continue;
		}
		holes[used] = (struct hole){from, end, start, end,
					    samples_class(samples, count, from, end)};
		if (!holes[used].class)
			return 0;
		hole_stretch(&holes[used++], samples, count);
	}
	return used;
}

/* Does the part that begins at `start` belong to a UUID? */
static bool in_uuid(const uint16_t *cells, size_t size, size_t start)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	static const size_t parts[] = {0, 9, 14, 19, 24};
	size_t i, k, from;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		from = start - parts[i];
		if (start < parts[i] || from + strlen(shape) > size)
			continue;
		for (k = 0; shape[k] && (shape[k] == '-' ? cells[from + k] == '-'
							 : isxdigit(cells[from + k]) != 0);)
			k++;
		if (!shape[k])
			return true;
	}
	return false;
}

/* Is `next` as long as `hole`, with one byte between them? */
static bool hole_continues(const struct hole *hole, const struct hole *next)
{
	return hole->to == hole->end && next->from == next->start && next->from == hole->to + 1 &&
	       next->to == next->end && next->to - next->from == hole->to - hole->from;
}

/*
 * Parts of one length in a row are of one maker: three, or two of more than digits. A part of a UUID may
 * have decimal digits alone by chance.
 */
static void holes_join(struct hole *holes, size_t used, const struct sample *samples, size_t size)
{
	size_t first, end, i;

	for (first = 0; first < used; first = end) {
		uint16_t class = holes[first].class;
		bool numbers = cell_is_number(class);

		for (end = first + 1; end < used && hole_continues(&holes[end - 1], &holes[end]);
		     end++) {
			class = cell_join(class, holes[end].class);
			numbers |= cell_is_number(holes[end].class);
		}
		for (i = first; i < end && end - first > 1u + numbers; i++)
			holes[i].class = class;
	}
	for (i = 0; i < used; i++)
		if (holes[i].class == CELL_DIGIT && in_uuid(samples[0].cells, size, holes[i].start))
			holes[i].class = CELL_HEX;
}

/* False: it is nothing random. A part of a hexadecimal number may have letters alone. */
static bool holes_random(const struct hole *holes, size_t used, const struct sample *samples,
			 size_t count)
{
	size_t i, random = 0;
	bool numbers = true;

	for (i = 0; i < used; i++) {
		numbers &= cell_is_number(holes[i].class);
		random +=
			samples_random(samples, count,
				       &(struct drawn){holes[i].from, holes[i].to, holes[i].class});
	}
	return random && (random == used || numbers);
}

static bool holes_decimal(const struct hole *holes, size_t used)
{
	size_t i;

	for (i = 0; i < used && holes[i].class == CELL_DIGIT; i++)
		;
	return used && i == used;
}

/* A number that is not filled up with zeros, such as that of a process, has other lengths elsewhere. */
static bool hole_number(const struct hole *hole, const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (samples[i].cells[hole->from] == '0')
			return false;
	return hole->class == CELL_DIGIT;
}

/* 1.2.3: beside a dot and another number stands no number of a process. */
static bool hole_version(const struct hole *hole, const struct sample *samples, size_t size)
{
	const uint16_t *cells = samples[0].cells;

	return (hole->from > 1 && cells[hole->from - 1] == '.' && isdigit(cells[hole->from - 2])) ||
	       (hole->to + 1 < size && cells[hole->to] == '.' && isdigit(cells[hole->to + 1]));
}

/* What varies, with its classes; 0 where there is nothing random. */
static size_t holes_settle(const struct sample *samples, size_t count, size_t size,
			   struct hole *holes)
{
	size_t used = holes_find(samples, count, size, holes), i;
	bool decimal = holes_decimal(holes, used);
	struct drawn drawn;

	holes_join(holes, used, samples, size);
	for (i = 0; decimal && i < used; i++)
		if (hole_version(&holes[i], samples, size))
			return 0;
	/* Of decimal numbers there are other makers. */
	if (!decimal && samples_maker(samples, count, size, &drawn)) {
		holes[0] = (struct hole){drawn.from, drawn.to, drawn.from, drawn.to, drawn.class};
		return 1;
	}
	return holes_random(holes, used, samples, count) ? used : 0;
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
