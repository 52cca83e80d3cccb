/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Years of this century and the last, months, days; knows no calendar beyond that. */
#include <ctype.h>
#include <stdbool.h>

#include "apparmor_date.h"

/* The bytes of 2026-11-22T21:58:07. */
#define DATE_MAX 19

/* The number of `digits` digits at *at, which moves behind them; false where it is not `least` to `most`. */
static bool number_take(const uint16_t *cells, size_t size, size_t *at, size_t digits, int least,
			int most)
{
	size_t i;
	int value = 0;

	if (*at + digits > size)
		return false;
	for (i = 0; i < digits; i++) {
		if (!isdigit(cells[*at + i]))
			return false;
		value = value * 10 + cells[*at + i] - '0';
	}
	*at += digits;
	return value >= least && value <= most;
}

static bool byte_take(const uint16_t *cells, size_t size, size_t *at, const char *bytes)
{
	for (; *at < size && *bytes; bytes++) {
		if (cells[*at] == (unsigned char)*bytes) {
			*at += 1;
			return true;
		}
	}
	return false;
}

static bool digit_at(const uint16_t *cells, size_t size, size_t at)
{
	return at < size && isdigit(cells[at]);
}

/* Hours, minutes, and perhaps seconds: where the time of day that begins at `at` ends, else `at`. */
static size_t time_end(const uint16_t *cells, size_t size, size_t at)
{
	size_t end = at;
	bool divided;

	if (!byte_take(cells, size, &end, "T_- ") || !number_take(cells, size, &end, 2, 0, 23))
		return at;
	divided = byte_take(cells, size, &end, ":_-.");
	if (!number_take(cells, size, &end, 2, 0, 59))
		return at;
	if (divided == byte_take(cells, size, &end, ":_-.")) {
		size_t seconds = end;

		if (number_take(cells, size, &seconds, 2, 0, 60) && !digit_at(cells, size, seconds))
			return seconds;
		end -= divided;
	}
	/* Four digits are any number. */
	return divided && !digit_at(cells, size, end) ? end : at;
}

/* How many cells from `at` on are a date; 0: none. */
static size_t date_size(const uint16_t *cells, size_t size, size_t at)
{
	size_t end = at;
	bool divided;

	if ((at && digit_at(cells, size, at - 1)) || !number_take(cells, size, &end, 4, 1980, 2099))
		return 0;
	divided = byte_take(cells, size, &end, "-_.");
	if (!number_take(cells, size, &end, 2, 1, 12))
		return 0;
	if (divided && (end == size || cells[end++] != cells[at + 4]))
		return 0;
	if (!number_take(cells, size, &end, 2, 1, 31))
		return 0;
	end = time_end(cells, size, end);
	return digit_at(cells, size, end) ? 0 : end - at;
}

bool date_holds(const uint16_t *cells, size_t size, size_t at)
{
	size_t first = at < DATE_MAX ? 0 : at - DATE_MAX;

	for (; first <= at; first++)
		if (first + date_size(cells, size, first) > at)
			return true;
	return false;
}
