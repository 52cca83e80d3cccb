/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cells of a path: what each holds, and which paths they stand for. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_cells.h"
#include "util/util.h"

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const struct {
	const char *text, *bytes; /* bytes: NULL for what is no class of one byte */
} rows[] = {
	[CELL_DIGIT - CELL_DIGIT] = {"[0-9]", DIGITS},
	[CELL_HEX - CELL_DIGIT] = {"[0-9a-f]", DIGITS "abcdef"},
	[CELL_UPPER_HEX - CELL_DIGIT] = {"[0-9A-F]", DIGITS "ABCDEF"},
	[CELL_LOWER - CELL_DIGIT] = {"[a-z0-9]", DIGITS LOWER},
	[CELL_LOWER_BAR - CELL_DIGIT] = {"[a-z0-9_]", DIGITS LOWER "_"},
	[CELL_ALNUM - CELL_DIGIT] = {"[a-zA-Z0-9]", DIGITS LOWER UPPER},
	[CELL_WORD - CELL_DIGIT] = {"[a-zA-Z0-9_]", DIGITS LOWER UPPER "_"},
	[CELL_STAR - CELL_DIGIT] = {"*", NULL},
	[CELL_PID - CELL_DIGIT] = {"@{pid}", NULL},
	[CELL_TID - CELL_DIGIT] = {"@{tid}", NULL},
};

void cells_make(struct cells *cells, const char *bytes)
{
	size_t i;

	cells->count = strlen(bytes);
	cells->list = xcalloc(cells->count + 1, sizeof(*cells->list));
	for (i = 0; i < cells->count; i++)
		cells->list[i] = (unsigned char)bytes[i];
}

void cells_replace(struct cells *cells, size_t from, size_t to, const uint16_t *with, size_t count)
{
	size_t rest = cells->count - to, all = from + count + rest;

	if (all > cells->count)
		cells->list = xrealloc(cells->list, all + 1, sizeof(*cells->list));
	memmove(cells->list + from + count, cells->list + to, rest * sizeof(*cells->list));
	memcpy(cells->list + from, with, count * sizeof(*cells->list));
	cells->count = all;
}

void cells_drop(struct cells *cells)
{
	free(cells->list);
	*cells = (struct cells){};
}

int cells_compare(const struct cells *a, const struct cells *b)
{
	size_t least = a->count < b->count ? a->count : b->count;
	int order = least ? memcmp(a->list, b->list, least * sizeof(*a->list)) : 0;

	return order ? order : number_compare(a->count, b->count);
}

bool cells_are_glob(const struct cells *cells)
{
	size_t i;

	for (i = 0; i < cells->count; i++)
		if (cells->list[i] >= CELL_DIGIT && cells->list[i] <= CELL_STAR)
			return true;
	return false;
}

bool cell_holds(uint16_t cell, unsigned char byte)
{
	const char *bytes = cell < CELL_DIGIT ? NULL : rows[cell - CELL_DIGIT].bytes;

	return cell == byte || (bytes && byte && strchr(bytes, byte));
}

bool cell_is_number(uint16_t cell)
{
	return cell >= CELL_DIGIT && cell <= CELL_UPPER_HEX;
}

/* How many bytes at the start of text one cell takes at most; a star takes up to the next slash. */
static size_t cell_reach(uint16_t cell, const char *text)
{
	if (cell == CELL_STAR)
		return strcspn(text, "/");
	if (cell == CELL_PID || cell == CELL_TID)
		return strspn(text, DIGITS);
	return *text && cell_holds(cell, (unsigned char)*text) ? 1 : 0;
}

/*
 * Backtracks to the last star alone: what an earlier one could still take, the last one can, too,
 * for neither takes a slash and what stands between them was found already.
 */
bool cells_match(const uint16_t *cells, size_t count, const char *text)
{
	const char *star_text = NULL;
	size_t at = 0, star = 0, reach;

	while (at < count || *text) {
		if (at < count && cells[at] == CELL_STAR) {
			star = ++at;
			star_text = text;
			continue;
		}
		reach = at < count ? cell_reach(cells[at], text) : 0;
		if (reach) {
			text += reach;
			at++;
			continue;
		}
		if (!star_text || !*star_text || *star_text == '/')
			return false;
		at = star;
		text = ++star_text;
	}
	return true;
}

bool cells_begin(const struct cells *cells, const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (i == cells->count || cells->list[i] != (unsigned char)text[i])
			return false;
	return true;
}

const char *cell_text(uint16_t cell)
{
	return rows[cell - CELL_DIGIT].text;
}

uint16_t cell_widen(uint16_t cell, unsigned char byte)
{
	uint16_t wider;

	for (wider = cell; wider <= CELL_WORD; wider++)
		if (cell_holds(wider, byte) && cell_join(cell, wider) == wider)
			return wider;
	return 0;
}

static bool cell_contains(uint16_t cell, uint16_t other)
{
	const char *byte = rows[other - CELL_DIGIT].bytes;

	while (*byte && cell_holds(cell, (unsigned char)*byte))
		byte++;
	return !*byte;
}

uint16_t cell_join(uint16_t a, uint16_t b)
{
	uint16_t cell = a > b ? a : b;

	while (cell < CELL_WORD && !(cell_contains(cell, a) && cell_contains(cell, b)))
		cell++;
	return cell;
}
