/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The shape of a table that names numbers, and how it is searched. It knows no table; only the
 * files beside it and their test include it.
 */
#ifndef LEASTCALL_ROW_H
#define LEASTCALL_ROW_H

#include <stddef.h>
#include <stdint.h>

struct number_row {
	uint32_t number;
	const char *name;
};

/* Rows sorted by number, each number once. NULL where there is none. */
const char *row_name(const struct number_row *rows, size_t count, uint32_t number);

#endif
