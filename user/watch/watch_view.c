/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Columns are rows of two tables; the rest is what a table of any columns needs. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "model/text.h"
#include "watch_view.h"

#define NAME_WIDTH_MIN 12
#define DOTS           "..." /* in front of what is left of a path */

/* ---- cells ------------------------------------------------------------------------------- */

/* 1,234,567; from eight digits on in millions, and so on. */
static char *number_text(uint64_t number)
{
	static const char units[] = " MGTP";
	char digits[32], text[48];
	size_t unit = 0, length, at = 0;

	while (number > 9999999 && unit < sizeof(units) - 2) {
		number /= unit ? 1000 : 1000000;
		unit++;
	}
	length = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return unit ? xasprintf("%s%c", text, units[unit]) : xstrdup(text);
}

static char *name_cell(const struct view_row *row)
{
	return xstrdup(row->name);
}

static char *rate_cell(const struct view_row *row)
{
	return number_text((uint64_t)(row->rate + 0.5));
}

static char *calls_cell(const struct view_row *row)
{
	return number_text(row->calls);
}

static char *distinct_cell(const struct view_row *row)
{
	return number_text(row->distinct);
}

static char *recent_cell(const struct view_row *row)
{
	return number_text(row->recent);
}

static char *denied_cell(const struct view_row *row)
{
	return number_text(row->denied);
}

static char *tier_cell(const struct view_row *row)
{
	return xstrdup(row->tier == TIER_NONE ? "" : tier_name(row->tier));
}

static char *age_cell(const struct view_row *row)
{
	uint64_t seconds = row->age_ns / 1000000000;

	if (row->age_ns == VIEW_NO_AGE)
		return xstrdup("");
	if (seconds < 100)
		return xasprintf("%llu s", (unsigned long long)seconds);
	if (seconds < 100 * 60)
		return xasprintf("%llu min", (unsigned long long)seconds / 60);
	return xasprintf("%llu h", (unsigned long long)seconds / 3600);
}

static char *who_cell(const struct view_row *row)
{
	return xstrdup(row->who ? path_base(row->who) : "");
}

/* ---- orders ------------------------------------------------------------------------------ */

static int name_order(const struct view_row *a, const struct view_row *b)
{
	return strcmp(a->name, b->name);
}

static int rate_order(const struct view_row *a, const struct view_row *b)
{
	return (b->rate > a->rate) - (b->rate < a->rate);
}

static int calls_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(b->calls, a->calls);
}

static int distinct_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(b->distinct, a->distinct);
}

static int recent_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(b->recent, a->recent);
}

static int denied_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(b->denied, a->denied);
}

static int tier_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(b->tier, a->tier);
}

static int age_order(const struct view_row *a, const struct view_row *b)
{
	return number_compare(a->age_ns, b->age_ns);
}

static int who_order(const struct view_row *a, const struct view_row *b)
{
	return strcmp(a->who ?: "", b->who ?: "");
}

/* ---- columns ----------------------------------------------------------------------------- */

struct column {
	const char *title;
	int width; /* 0: what is left; negative: filled up on the left */
	char *(*cell)(const struct view_row *row);
	int (*order)(const struct view_row *a, const struct view_row *b);
};

static const struct column workload_columns[VIEW_COLUMNS] = {
	{"WORKLOAD", 0, name_cell, name_order},  {"CALLS/s", -9, rate_cell, rate_order},
	{"CALLS", -10, calls_cell, calls_order}, {"DISTINCT", -10, distinct_cell, distinct_order},
	{"NEW", -5, recent_cell, recent_order},  {"DENIED", -8, denied_cell, denied_order},
	{"LAST NEW", -10, age_cell, age_order},
};

static const struct column call_columns[VIEW_COLUMNS] = {
	{"CALL", 24, name_cell, name_order},     {"CALLS/s", -9, rate_cell, rate_order},
	{"CALLS", -10, calls_cell, calls_order}, {"RISK", -9, tier_cell, tier_order},
	{"NEW", -7, age_cell, age_order},        {"DENIED", -8, denied_cell, denied_order},
	{"BY", 0, who_cell, who_order},
};

static const struct column *columns_of(const struct view *view)
{
	return view->workload ? call_columns : workload_columns;
}

void view_drop(struct view *view)
{
	free(view->workload);
	free(view->filter);
	*view = (struct view){};
}

void view_turn(struct view *view, const char *workload)
{
	char *given = workload ? xstrdup(workload) : NULL;

	free(view->workload);
	free(view->filter);
	*view = (struct view){.workload = given, .column = view->column};
}

/* ---- rows -------------------------------------------------------------------------------- */

/* tolower() knows no UTF-8; names of calls and containers are ASCII nearly always. */
static bool is_wanted(const struct view *view, const char *name)
{
	return !view->filter || strcasestr(name, view->filter);
}

/* News may be younger than the moment that is looked at. */
static uint64_t age(uint64_t new_ns, uint64_t now_ns)
{
	if (!new_ns)
		return VIEW_NO_AGE;
	return now_ns > new_ns ? now_ns - new_ns : 0;
}

static void workload_rows(const struct view *view, const struct watch *watch, uint64_t now_ns,
			  struct view_rows *ret)
{
	const struct watch_workload *list;
	size_t count = watch_workloads(watch, &list);

	ret->list = xcalloc(count + 1, sizeof(*ret->list));
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(view, list[i].name))
			continue;
		ret->list[ret->count++] = (struct view_row){
			.name = list[i].name,
			.rate = list[i].rate,
			.calls = list[i].total,
			.denied = list[i].denied,
			.distinct = watch_distinct(&list[i]),
			.recent = watch_recent(&list[i], now_ns),
			.age_ns = age(list[i].new_ns, now_ns),
		};
	}
}

static void call_rows(const struct view *view, const struct watch *watch, uint64_t now_ns,
		      struct view_rows *ret)
{
	const struct watch_workload *workload = watch_find(watch, view->workload);

	ret->list = xcalloc(workload ? workload->count + 1 : 1, sizeof(*ret->list));
	for (size_t i = 0; workload && i < workload->count; i++) {
		const struct watch_call *call = &workload->calls[i];

		if (!is_wanted(view, call->name) || (!call->calls && !call->denied))
			continue;
		ret->list[ret->count++] = (struct view_row){
			.name = call->name,
			.who = call->exe,
			.rate = call->rate,
			.calls = call->calls,
			.denied = call->denied,
			.tier = call->tier,
			.age_ns = age(call->new_ns, now_ns),
		};
	}
}

static int row_order(const void *a, const void *b, void *ctx)
{
	const struct view *view = ctx;
	const struct view_row *one = a, *other = b;
	int order = number_compare(!one->denied, !other->denied);

	if (!order)
		order = columns_of(view)[view->column].order(one, other) * (view->reverse ? -1 : 1);
	return order ?: name_order(one, other);
}

void view_rows_make(const struct view *view, const struct watch *watch, uint64_t now_ns,
		    struct view_rows *ret)
{
	*ret = (struct view_rows){};
	if (view->workload)
		call_rows(view, watch, now_ns, ret);
	else
		workload_rows(view, watch, now_ns, ret);
	qsort_r(ret->list, ret->count, sizeof(*ret->list), row_order, (void *)view);
}

void view_rows_drop(struct view_rows *rows)
{
	free(rows->list);
	*rows = (struct view_rows){};
}

/* ---- lines ------------------------------------------------------------------------------- */

/* How many bytes of the text take no more than `width` columns; *ret: how many they take. What the locale
 * can't read counts as one and is written as a question mark. */
static size_t text_measure(char *text, int width, int *ret)
{
	size_t at = 0, left = strlen(text);
	mbstate_t state = {};
	int columns = 0;

	while (at < left) {
		wchar_t character;
		size_t size = mbrtowc(&character, text + at, left - at, &state);
		int one = 1;

		if (size == 0 || size > left - at) {
			text[at] = '?';
			state = (mbstate_t){};
			size = 1;
		} else if ((one = wcwidth(character)) < 0) {
			memset(text + at, '?', size);
			one = (int)size;
		}
		if (columns + one > width)
			break;
		columns += one;
		at += size;
	}
	*ret = columns;
	return at;
}

/* What a path ends with tells more than what it begins with. */
static char *path_cut(char *path, int width)
{
	int columns, dots = (int)strlen(DOTS);
	uint32_t character;

	text_measure(path, INT_MAX, &columns);
	while (columns > width - dots && *path) {
		path += text_character(path, strlen(path), &character) ?: 1;
		text_measure(path, INT_MAX, &columns);
	}
	return xasprintf("%s%s", DOTS, path);
}

/* `width` negative: filled up on the left. */
static void cell_print(const char *text, int width, FILE *out)
{
	_cleanup_free_ char *whole = text_printable(text), *cut = NULL;
	int columns, wide = abs(width);
	char *shown = whole;
	size_t size = text_measure(shown, wide, &columns);

	if (*shown == '/' && shown[size] && wide > (int)strlen(DOTS)) {
		shown = cut = path_cut(shown, wide);
		size = text_measure(shown, wide, &columns);
	}
	if (width < 0)
		fprintf(out, "%*s", wide - columns, "");
	fwrite(shown, 1, size, out);
	if (width > 0)
		fprintf(out, "%*s", wide - columns, "");
}

char *view_fit(const char *text, int width)
{
	size_t size;
	char *line;
	FILE *out = xmemstream(&line, &size);

	if (width > 0)
		cell_print(text, width, out);
	fclose(out);
	return line;
}

static char *line_make(const struct view *view, const struct view_row *row, int width)
{
	const struct column *columns = columns_of(view);
	_cleanup_free_ char *line = NULL;
	int rest = width;
	size_t size;
	FILE *out = xmemstream(&line, &size);

	for (size_t i = 0; i < VIEW_COLUMNS; i++)
		rest -= abs(columns[i].width);
	if (rest < NAME_WIDTH_MIN) /* then the right end goes */
		rest = NAME_WIDTH_MIN;
	for (size_t i = 0; i < VIEW_COLUMNS; i++) {
		_cleanup_free_ char *cell = row ? columns[i].cell(row) : NULL;
		_cleanup_free_ char *title = NULL;
		bool is_wide = columns[i].width == 0;

		if (!row) /* top(1) marks the sort column; here a sign does it, without colours */
			title = xasprintf("%s%s", columns[i].title,
					  i != view->column ? ""
					  : view->reverse   ? "^"
							    : "*");
		if (is_wide && i)
			fputc(' ', out);
		cell_print(cell ?: title, is_wide ? rest - !!i : columns[i].width, out);
	}
	fclose(out);
	return view_fit(line, width);
}

char *view_head(const struct view *view, int width)
{
	return line_make(view, NULL, width);
}

char *view_line(const struct view *view, const struct view_row *row, int width)
{
	return line_make(view, row, width);
}

char *view_summary(const struct watch *watch, uint64_t now_ns)
{
	const struct watch_workload *list;
	size_t count = watch_workloads(watch, &list), recent = 0;
	_cleanup_free_ char *rate_text = NULL, *denied_text = NULL;
	uint64_t denied = 0;
	double rate = 0;

	for (size_t i = 0; i < count; i++) {
		rate += list[i].rate;
		denied += list[i].denied;
		recent += watch_recent(&list[i], now_ns);
	}
	rate_text = number_text((uint64_t)(rate + 0.5));
	denied_text = number_text(denied);
	return xasprintf("%zu workload%s, %s calls/s, %zu new in the last minute, %s denied", count,
			 count == 1 ? "" : "s", rate_text, recent, denied_text);
}
