/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The collector's tally: one row for each (workload, executable, phase, call), whatever slots the
 * kernel side counted it under. Two slots may have one path (an executable that was replaced), and
 * their numbers belong together.
 */
#ifndef LEASTCALL_ROWS_H
#define LEASTCALL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "model/fact.h"

struct row_key {
	const char *workload; /* borrowed, as exe; kept as long as the row */
	const char *exe;      /* NULL: not known */
	enum phase phase;
	uint32_t nr;
	uint16_t abi;
	uint16_t sub;
};

struct row_error {
	uint16_t errnum;
	bool denied;
	uint64_t count;
};

struct row_arguments {
	uint32_t known; /* as in struct arguments_key */
	uint64_t values[CALL_ARGUMENTS];
	uint64_t count;
};

struct row {
	struct row_key key;
	uint64_t count;
	uint64_t first_ns; /* CLOCK_MONOTONIC; 0: only seen on the way out */
	bool told;         /* the sink has had it */
	bool has_stack;    /* ... of its first time */
	struct row_error *errors;
	size_t errors_count;
	struct row_arguments *arguments;
	size_t arguments_count;
};

struct rows {
	void *root;
	size_t told_count;
};

struct row *row_get(struct rows *rows, const struct row_key *key); /* made where it is new */
/* A fact of whose row it is; what it tells is for the caller to fill in. */
struct fact row_fact(const struct row *row, enum fact_kind kind);
void row_add_cell(struct row *row, const struct cell *cell);
void row_add_error(struct row *row, uint16_t errnum, bool denied, uint64_t count);
void row_add_arguments(struct row *row, const struct arguments_key *key, uint64_t count);
void rows_each(struct rows *rows, void (*each)(struct row *row, void *ctx), void *ctx);
void rows_free(struct rows *rows);

#endif
