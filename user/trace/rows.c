/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A tree of tsearch(3): the C library's own balanced one. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "rows.h"
#include "util/util.h"

static int row_compare(const void *a, const void *b)
{
	const struct row_key *x = a, *y = b;
	int order = text_compare(x->workload, y->workload);

	if (!order)
		order = text_compare(x->exe, y->exe);
	if (!order)
		order = (x->phase > y->phase) - (x->phase < y->phase);
	if (!order)
		order = (x->abi > y->abi) - (x->abi < y->abi);
	if (!order)
		order = (x->nr > y->nr) - (x->nr < y->nr);
	if (!order)
		order = (x->sub > y->sub) - (x->sub < y->sub);
	return order;
}

struct row *row_get(struct rows *rows, const struct row_key *key)
{
	struct row **found = tfind(key, &rows->root, row_compare);
	struct row *row;

	if (found)
		return *found;
	row = xcalloc(1, sizeof(*row));
	row->key = *key;
	if (!tsearch(row, &rows->root, row_compare))
		abort();
	return row;
}

struct fact row_fact(const struct row *row, enum fact_kind kind)
{
	return (struct fact){.kind = kind,
			     .workload = row->key.workload,
			     .exe = row->key.exe,
			     .phase = row->key.phase};
}

void row_add_cell(struct row *row, const struct cell *cell)
{
	if (!cell->count)
		return;
	row->count += cell->count;
	if (!row->first_ns || cell->first_ns < row->first_ns)
		row->first_ns = cell->first_ns;
}

void row_add_error(struct row *row, uint16_t errnum, bool denied, uint64_t count)
{
	for (size_t i = 0; i < row->errors_count; i++) {
		if (row->errors[i].errnum == errnum && row->errors[i].denied == denied) {
			row->errors[i].count += count;
			return;
		}
	}
	row->errors = xrealloc(row->errors, row->errors_count + 1, sizeof(*row->errors));
	row->errors[row->errors_count++] = (struct row_error){errnum, denied, count};
}

void row_add_arguments(struct row *row, const struct arguments_key *key, uint64_t count)
{
	struct row_arguments *added;

	for (size_t i = 0; i < row->arguments_count; i++) {
		added = &row->arguments[i];
		if (added->known == key->known &&
		    !memcmp(added->values, key->values, sizeof(key->values))) {
			added->count += count;
			return;
		}
	}
	row->arguments =
		xrealloc(row->arguments, row->arguments_count + 1, sizeof(*row->arguments));
	added = &row->arguments[row->arguments_count++];
	*added = (struct row_arguments){.known = key->known, .count = count};
	memcpy(added->values, key->values, sizeof(key->values));
}

struct walk {
	void (*each)(struct row *row, void *ctx);
	void *ctx;
};

static void walk_step(const void *node, VISIT visit, void *ctx)
{
	struct walk *walk = ctx;

	if (visit == postorder || visit == leaf)
		walk->each(*(struct row **)node, walk->ctx);
}

void rows_each(struct rows *rows, void (*each)(struct row *row, void *ctx), void *ctx)
{
	struct walk walk = {each, ctx};

	twalk_r(rows->root, walk_step, &walk);
}

static void row_free(void *ptr)
{
	struct row *row = ptr;

	free(row->errors);
	free(row->arguments);
	free(row);
}

void rows_free(struct rows *rows)
{
	tdestroy(rows->root, row_free);
	rows->root = NULL;
}
