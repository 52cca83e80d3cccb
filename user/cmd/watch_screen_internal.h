/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What watch_screen.c (drawing) and watch_keys.c share; nobody else includes it. */
#ifndef LEASTCALL_WATCH_SCREEN_INTERNAL_H
#define LEASTCALL_WATCH_SCREEN_INTERNAL_H

#include <curses.h>

#include "watch/watch_view.h"
#include "watch_screen.h"

#define NEWS_LINES 6 /* the last ones, where there is room */

enum asking { ASKS_NOTHING, ASKS_FILTER, ASKS_INTERVAL, SHOWS_HELP };

struct screen {
	const struct watch *watch;
	const char *target;
	double *interval;
	SCREEN *terminal; /* NULL: it is not taken */
	struct view view;
	char *selected; /* the name in the line where the cursor is; NULL: the first */
	size_t top;     /* the table's first line that is seen */
	size_t page;    /* how many of them are */
	char *news[NEWS_LINES];
	size_t news_next;
	enum asking asking;
	char input[64];
	bool is_dirty;
	uint64_t began_ns, drawn_ns;
	int stderr_was, kept; /* -1: it is not kept */
};

/* The line of the selected name; 0 where it has gone. */
size_t screen_selected(const struct screen *screen, const struct view_rows *rows);
/* False: the user has enough. */
bool screen_key(struct screen *screen, int key);

#endif
