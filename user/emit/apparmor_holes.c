/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A name is looked at in parts, divided by the bytes that are no letters or digits and that all samples
 * share; each has a class of its own.
 */
#include <ctype.h>
#include <string.h>

#include "apparmor_holes.h"
#include "apparmor_random.h"
#include "util/util.h"

/* Fewer bytes that vary are the end of something longer that does. */
#define VARIES_LEAST 4
/* Bytes of a number that all samples may share by chance. */
#define CHANCE_MAX 2

static bool divides(const struct sample *samples, size_t count, size_t at)
{
	return !isalnum(samples[0].cells[at]) && samples_share(samples, count, at);
}

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

bool hole_number(const struct hole *hole, const struct sample *samples, size_t count)
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

size_t holes_settle(const struct sample *samples, size_t count, size_t size, struct hole *holes)
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
