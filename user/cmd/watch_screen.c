/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Draws with ncurses, which sends the terminal only what has changed. What the lines say is
 * watch/watch_view.c's, what a key does watch_keys.c's.
 */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/clock.h"
#include "watch_screen_internal.h"

#define NEWS_HEIGHT   20                  /* from this height on there is room for news */
#define HEAD_LINES    4                   /* title, summary, message, head of the table */
#define DRAW_NS       UINT64_C(100000000) /* no oftener than a terminal far away likes it */
#define KEPT_SIZE_MAX (1 << 16)           /* of stderr */
#define ESCAPE_MS     25                  /* an escape key, and not the beginning of another one */

enum pair { PAIR_DENIED = 1, PAIR_NEW };

struct screen *screen_new(const struct watch *watch, const char *target, double *interval)
{
	struct screen *screen = xcalloc(1, sizeof(*screen));

	screen->watch = watch;
	screen->target = target;
	screen->interval = interval;
	screen->stderr_was = screen->kept = -1;
	screen->view.column = 1; /* the busiest first */
	screen->is_dirty = true;
	return screen;
}

/* ---- stderr ------------------------------------------------------------------------------ */

static void stderr_keep(struct screen *screen)
{
	int kept = memfd_create("stderr", MFD_CLOEXEC);

	if (kept < 0)
		return;
	fcntl(kept, F_SETFL, O_APPEND);
	screen->stderr_was = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (screen->stderr_was < 0 || dup2(kept, STDERR_FILENO) < 0) {
		if (screen->stderr_was >= 0)
			close(screen->stderr_was);
		screen->stderr_was = -1;
		close(kept);
		return;
	}
	screen->kept = kept;
}

/* The end of what was kept, with a NUL; to be freed. */
static char *stderr_read(const struct screen *screen)
{
	char *text = xcalloc(1, KEPT_SIZE_MAX + 1);
	off_t size = screen->kept < 0 ? 0 : lseek(screen->kept, 0, SEEK_END);
	off_t from = size > KEPT_SIZE_MAX ? size - KEPT_SIZE_MAX : 0;

	if (size > 0 && pread(screen->kept, text, KEPT_SIZE_MAX, from) < 0)
		text[0] = '\0';
	return text;
}

static void stderr_give_back(struct screen *screen)
{
	_cleanup_free_ char *text = stderr_read(screen);

	if (screen->kept < 0)
		return;
	dup2(screen->stderr_was, STDERR_FILENO);
	close(screen->stderr_was);
	close(screen->kept);
	screen->kept = -1;
	fputs(text, stderr);
}

/* ---- beginning and end ------------------------------------------------------------------- */

int screen_begin(struct screen *screen, struct err *err)
{
	const char *type = getenv("TERM");

	setlocale(LC_CTYPE, "");
	screen->terminal = newterm(NULL, stdout, stdin);
	if (!screen->terminal)
		return err_set(err, -ENOTTY, "the terminal (TERM=%s) is not known here",
			       type ?: "");
	if (!tigetstr("cup")) {
		endwin();
		delscreen(take(screen->terminal));
		return err_set(err, -ENOTTY, "the terminal (TERM=%s) cannot move its cursor", type);
	}
	stderr_keep(screen);
	set_escdelay(ESCAPE_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	if (has_colors() && !getenv("NO_COLOR")) {
		start_color();
		use_default_colors();
		init_pair(PAIR_DENIED, COLOR_RED, -1);
		init_pair(PAIR_NEW, COLOR_GREEN, -1);
	}
	screen->began_ns = monotonic_ns();
	return 0;
}

void screen_free(struct screen *screen)
{
	if (!screen)
		return;
	if (screen->terminal) {
		endwin();
		delscreen(screen->terminal);
	}
	stderr_give_back(screen);
	for (size_t i = 0; i < NEWS_LINES; i++)
		free(screen->news[i]);
	view_drop(&screen->view);
	free(screen->selected);
	free(screen);
}

void screen_news(struct screen *screen, const char *words)
{
	char **place = &screen->news[screen->news_next++ % NEWS_LINES];

	free(*place);
	*place = xstrdup(words);
	screen->is_dirty = true;
}

/* ---- drawing ----------------------------------------------------------------------------- */

static void line_draw(int y, attr_t attributes, const char *text)
{
	_cleanup_free_ char *line = view_fit(text, COLS);

	attrset(attributes);
	mvaddstr(y, 0, line);
	attrset(A_NORMAL);
}

static attr_t row_attributes(const struct view_row *row, bool is_selected)
{
	bool is_new = row->age_ns < WATCH_NEW_NS;
	attr_t attributes = is_selected ? A_REVERSE : A_NORMAL;

	if (row->denied)
		return attributes | A_BOLD | COLOR_PAIR(PAIR_DENIED);
	return is_new ? attributes | COLOR_PAIR(PAIR_NEW) : attributes;
}

size_t screen_selected(const struct screen *screen, const struct view_rows *rows)
{
	for (size_t i = 0; screen->selected && i < rows->count; i++)
		if (!strcmp(rows->list[i].name, screen->selected))
			return i;
	return 0;
}

static void table_draw(struct screen *screen, int height, uint64_t now_ns)
{
	_cleanup_view_rows_ struct view_rows rows = {};
	_cleanup_free_ char *head = view_head(&screen->view, COLS);
	size_t selected;

	line_draw(HEAD_LINES - 1, A_REVERSE, head);
	view_rows_make(&screen->view, screen->watch, now_ns, &rows);
	screen->page = height > 0 ? (size_t)height : 1;
	selected = screen_selected(screen, &rows);
	if (screen->top > selected)
		screen->top = selected;
	if (selected >= screen->top + screen->page)
		screen->top = selected - screen->page + 1;
	for (size_t i = screen->top; i < rows.count && i < screen->top + screen->page; i++) {
		_cleanup_free_ char *line = view_line(&screen->view, &rows.list[i], COLS);

		line_draw(HEAD_LINES + (int)(i - screen->top),
			  row_attributes(&rows.list[i], i == selected), line);
	}
}

static void news_draw(const struct screen *screen, int y)
{
	_cleanup_free_ char *title = view_fit("LATEST NEWS", COLS);

	line_draw(y, A_REVERSE, title);
	for (size_t i = 0; i < NEWS_LINES; i++) {
		size_t at = (screen->news_next + i) % NEWS_LINES;

		line_draw(y + 1 + (int)i, A_NORMAL, screen->news[at] ?: "");
	}
}

/* What is asked for, or the last line that went to stderr, or what is filtered. */
static char *message(const struct screen *screen)
{
	_cleanup_free_ char *kept = stderr_read(screen);
	char *last;

	if (screen->asking == ASKS_FILTER)
		return xasprintf("filter: %s_", screen->input);
	if (screen->asking == ASKS_INTERVAL)
		return xasprintf("seconds between two counts (%g): %s_", *screen->interval,
				 screen->input);
	if (screen->view.filter)
		return xasprintf("filter: %s (= clears it)", screen->view.filter);
	while (strlen(kept) && kept[strlen(kept) - 1] == '\n')
		kept[strlen(kept) - 1] = '\0';
	last = strrchr(kept, '\n');
	if (!*kept && !watch_workloads(screen->watch, &(const struct watch_workload *){0}))
		return xstrdup("waiting: nothing of it has made a call yet");
	return xstrdup(last ? last + 1 : kept);
}

static void help_draw(void)
{
	static const char *const lines[] = {
		"Enter, Right     the calls of the selected workload",
		"Esc, Left        back to all workloads",
		"Up Down j k      the line above, below; PgUp PgDn Home End",
		"< >              sort by the column on the left, on the right",
		"N P T D          sort by name, calls a second, calls, denied calls",
		"R                the other way round",
		"o /              only what has this in its name; = all again",
		"d s              seconds between two counts",
		"h ?              this text",
		"q                quit",
		"",
		"What was denied comes first and bold. NEW is what came in the last minute; with",
		"--against only what was not to be expected.",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		line_draw(HEAD_LINES + (int)i, A_NORMAL, lines[i]);
}

static void draw(struct screen *screen, uint64_t now_ns)
{
	_cleanup_free_ char *summary = view_summary(screen->watch, now_ns);
	_cleanup_free_ char *words = message(screen);
	_cleanup_free_ char *title = NULL, *of = NULL, *line = NULL;
	uint64_t seconds = (now_ns - screen->began_ns) / 1000000000;
	bool has_news = LINES >= NEWS_HEIGHT && screen->asking != SHOWS_HELP;
	int foot = has_news ? NEWS_LINES + 2 : 1;

	title = xasprintf("leastcall watch - up %llu:%02llu:%02llu - %s",
			  (unsigned long long)seconds / 3600, (unsigned long long)seconds / 60 % 60,
			  (unsigned long long)seconds % 60,
			  screen->view.workload ? "calls of " : "");
	of = view_fit(screen->view.workload ?: screen->target, COLS - (int)strlen(title));
	line = xasprintf("%s%s", title, of);
	erase();
	line_draw(0, A_BOLD, line);
	line_draw(1, A_NORMAL, summary);
	line_draw(2, A_BOLD, words);
	if (screen->asking == SHOWS_HELP)
		help_draw();
	else
		table_draw(screen, LINES - HEAD_LINES - foot, now_ns);
	if (has_news)
		news_draw(screen, LINES - foot);
	line_draw(LINES - 1, A_NORMAL,
		  screen->view.workload
			  ? "q quit  h help  Esc back  < > sort  R reverse  / filter"
			  : "q quit  h help  Enter calls  < > sort  R reverse  / filter");
	refresh();
	screen->is_dirty = false;
	screen->drawn_ns = now_ns;
}

/* ---- looking ----------------------------------------------------------------------------- */

/* Whoever sat at it has gone. */
static bool terminal_has_gone(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&in, 1, 0) > 0 && in.revents & (POLLHUP | POLLERR | POLLNVAL);
}

bool screen_look(struct screen *screen, bool was_counted, uint64_t now_ns)
{
	int key;

	if (terminal_has_gone())
		return false;
	while ((key = getch()) != ERR)
		if (!screen_key(screen, key))
			return false;
	screen->is_dirty = screen->is_dirty || was_counted;
	if (screen->is_dirty && now_ns - screen->drawn_ns >= DRAW_NS)
		draw(screen, now_ns);
	return true;
}
