/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a table that names numbers is searched. It knows no table. */
#include "tables/row.h"

const char *row_name(const struct number_row *rows, size_t count, uint32_t number)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows[middle].number == number)
			return rows[middle].name;
		if (rows[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
