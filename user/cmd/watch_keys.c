/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a key does to the live view of leastcall watch: as in top(1) where that has it. Draws nothing. */
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"
#include "watch_screen_internal.h"

#define KEY_ESCAPE 27
#define KEY_REDRAW ('L' - '@') /* Ctrl-L */

/* `by` lines down, or up; the ends stop it. False where there is no line. */
static bool select_move(struct screen *screen, long by)
{
	_cleanup_view_rows_ struct view_rows rows = {};
	long line;

	view_rows_make(&screen->view, screen->watch, monotonic_ns(), &rows);
	if (!rows.count)
		return false;
	line = (long)screen_selected(screen, &rows) + by;
	if (line < 0)
		line = 0;
	if (line >= (long)rows.count)
		line = (long)rows.count - 1;
	free(screen->selected);
	screen->selected = xstrdup(rows.list[line].name);
	return true;
}

/* To the calls of the selected workload, or back to it. */
static void turn(struct screen *screen, bool to_calls)
{
	char *from;

	if (to_calls == !!screen->view.workload || (to_calls && !select_move(screen, 0)))
		return;
	from = screen->view.workload ? xstrdup(screen->view.workload) : NULL;
	view_turn(&screen->view, to_calls ? screen->selected : NULL);
	free(screen->selected);
	screen->selected = from;
	screen->top = 0;
}

static void filter_set(struct screen *screen, const char *text)
{
	free(screen->view.filter);
	screen->view.filter = text && *text ? xstrdup(text) : NULL;
	screen->top = 0;
}

static void answer_take(struct screen *screen)
{
	char *end;
	double value = strtod(screen->input, &end);

	if (screen->asking == ASKS_FILTER)
		filter_set(screen, screen->input);
	else if (end != screen->input && !*end && value >= 0.1 && value <= 3600)
		*screen->interval = value;
	screen->asking = ASKS_NOTHING;
}

static void answer_key(struct screen *screen, int key)
{
	size_t size = strlen(screen->input);

	if (key == KEY_ESCAPE) {
		screen->asking = ASKS_NOTHING;
	} else if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		answer_take(screen);
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (size)
			screen->input[size - 1] = '\0';
	} else if (key >= ' ' && key < 256 && size + 1 < sizeof(screen->input)) {
		screen->input[size] = (char)key;
		screen->input[size + 1] = '\0';
	}
}

static void ask(struct screen *screen, enum asking what)
{
	screen->asking = what;
	screen->input[0] = '\0';
}

static void sort_by(struct screen *screen, unsigned int column)
{
	screen->view.column = column % VIEW_COLUMNS;
	screen->top = 0;
}

static void sort_key(struct screen *screen, int key)
{
	static const struct {
		int key;
		unsigned int column;
	} rows[] = {{'N', 0}, {'P', 1}, {'T', 2}, {'D', 5}};

	if (key == '<')
		sort_by(screen, screen->view.column + VIEW_COLUMNS - 1);
	else if (key == '>')
		sort_by(screen, screen->view.column + 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].key == key)
			sort_by(screen, rows[i].column);
}

static void move_key(struct screen *screen, int key)
{
	long page = (long)screen->page, all = INT32_MAX;

	switch (key) {
	case KEY_UP:
	case 'k':
		select_move(screen, -1);
		break;
	case KEY_DOWN:
	case 'j':
		select_move(screen, 1);
		break;
	case KEY_PPAGE:
		select_move(screen, -page);
		break;
	case KEY_NPAGE:
		select_move(screen, page);
		break;
	case KEY_HOME:
		select_move(screen, -all);
		break;
	case KEY_END:
		select_move(screen, all);
		break;
	}
}

bool screen_key(struct screen *screen, int key)
{
	screen->is_dirty = true;
	screen->drawn_ns = 0;
	if (screen->asking == ASKS_FILTER || screen->asking == ASKS_INTERVAL) {
		answer_key(screen, key);
		return true;
	}
	if (screen->asking == SHOWS_HELP) { /* any key ends it, and what it means is done */
		screen->asking = ASKS_NOTHING;
		if (key == 'h' || key == '?' || key == KEY_ESCAPE)
			return true;
	}
	switch (key) {
	case 'q':
		return false;
	case 'h':
	case '?':
		screen->asking = SHOWS_HELP;
		break;
	case '/':
	case 'o':
		ask(screen, ASKS_FILTER);
		break;
	case '=':
		filter_set(screen, NULL);
		break;
	case 'd':
	case 's':
		ask(screen, ASKS_INTERVAL);
		break;
	case 'R':
		screen->view.reverse = !screen->view.reverse;
		break;
	case '\n':
	case '\r':
	case KEY_ENTER:
	case KEY_RIGHT:
		turn(screen, true);
		break;
	case KEY_ESCAPE:
	case KEY_LEFT:
	case KEY_BACKSPACE:
		turn(screen, false);
		break;
	case KEY_REDRAW:
		clearok(curscr, TRUE);
		break;
	default:
		sort_key(screen, key);
		move_key(screen, key);
	}
	return true;
}
