/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What of a watch is looked at, in which order, and as which lines: a table of workloads, or of one
 * workload's calls. Knows no terminal but for how wide a line may be.
 */
#ifndef LEASTCALL_WATCH_VIEW_H
#define LEASTCALL_WATCH_VIEW_H

#include "watch.h"

#define VIEW_COLUMNS 7

struct view {
	char *workload;      /* whose calls; NULL: all workloads. Owned, as filter */
	unsigned int column; /* by which it is sorted, below VIEW_COLUMNS */
	bool reverse;        /* the other way round than the column has it */
	char *filter;        /* a part of the name; NULL: all */
};
void view_drop(struct view *view);
/* To this workload's calls, or with NULL back to all workloads, unfiltered; the column stays. */
void view_turn(struct view *view, const char *workload);

/* One line of it. What it points to is the watch's, until the watch is told more. */
#define VIEW_NO_AGE UINT64_MAX
struct view_row {
	const char *name, *who;
	uint64_t calls, denied;
	uint64_t age_ns; /* of what is new; VIEW_NO_AGE: nothing is */
	double rate;
	size_t distinct, recent;
	enum tier tier;
};
struct view_rows {
	struct view_row *list;
	size_t count;
};
/* Whatever it is sorted by, what was denied comes first. The caller drops *ret. */
void view_rows_make(const struct view *view, const struct watch *watch, uint64_t now_ns,
		    struct view_rows *ret);
void view_rows_drop(struct view_rows *rows);
#define _cleanup_view_rows_ __attribute__((cleanup(view_rows_drop)))

/* Lines of exactly `width` columns, printable in the locale's encoding. The caller frees them. */
char *view_head(const struct view *view, int width);
char *view_line(const struct view *view, const struct view_row *row, int width);
/* "3 workloads, 1,234 calls/s, 12 new, 1 denied" of all of them. */
char *view_summary(const struct watch *watch, uint64_t now_ns);
/* Any text from outside, cut or filled up to the width. */
char *view_fit(const char *text, int width);

#endif
