/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A path in which some bytes stand for others: one cell a byte, a class of bytes, or a variable.
 * Knows neither why a byte may vary nor how a profile spells it.
 */
#ifndef LEASTCALL_APPARMOR_CELLS_H
#define LEASTCALL_APPARMOR_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a cell is beside a byte, 0 to 255. Of the classes an earlier one never holds a later one; those
 * of numbers come first.
 */
enum cell {
	CELL_DIGIT = 256, /* [0-9] */
	CELL_HEX,         /* [0-9a-f] */
	CELL_UPPER_HEX,   /* [0-9A-F] */
	CELL_LOWER,       /* [a-z0-9] */
	CELL_LOWER_BAR,   /* [a-z0-9_] */
	CELL_ALNUM,       /* [a-zA-Z0-9] */
	CELL_WORD,        /* [a-zA-Z0-9_] */
	CELL_STAR,        /* any bytes but slashes, or none */
	CELL_PID,         /* the number of a process */
	CELL_TID,         /* ... of a thread */
	CELL_END,
};

struct cells {
	uint16_t *list;
	size_t count;
};

/* The bytes as they are. Freed with cells_drop(). */
void cells_make(struct cells *cells, const char *bytes);
/* Replaces the cells from `from` up to `to` by others. */
void cells_replace(struct cells *cells, size_t from, size_t to, const uint16_t *with, size_t count);
void cells_drop(struct cells *cells);
/* Any order, but a total one. */
int cells_compare(const struct cells *a, const struct cells *b);
/* Does one of them stand for more than one path, a process's number aside? */
bool cells_are_glob(const struct cells *cells);
/* Is the text one of those that the cells stand for? */
bool cells_match(const uint16_t *cells, size_t count, const char *text);
bool cells_begin(const struct cells *cells, const char *text);

/* "[0-9]", "*", "@{pid}": of what is no byte. */
const char *cell_text(uint16_t cell);
bool cell_holds(uint16_t cell, unsigned char byte);
/* Is it a class of decimal or hexadecimal digits? */
bool cell_is_number(uint16_t cell);
/* The first class that holds all that `cell`, a class, does, and the byte, too; 0 where none does. */
uint16_t cell_widen(uint16_t cell, unsigned char byte);
/* The first class that holds all that both classes do. */
uint16_t cell_join(uint16_t a, uint16_t b);

#endif
