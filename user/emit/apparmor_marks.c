/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names are looked at one by one, with all paths that lead through them: what was written there makes
 * them worth a mark, for who only reads reads what others named. Knows no rules.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_date.h"
#include "apparmor_marks.h"
#include "apparmor_random.h"
#include "model/fact.h"
#include "util/util.h"

/* An id of 128 bits or more, in hexadecimal digits. */
#define ID_LEAST 32

/* One name on the way of a path. */
struct step {
	struct glob_path *path;
	size_t end; /* of the name */
};

static int step_compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	struct cells left = {x->path->cells.list, x->end};
	struct cells right = {y->path->cells.list, y->end};

	return cells_compare(&left, &right);
}

static bool has_date(const uint16_t *cells, size_t size)
{
	size_t at = 0;

	while (at < size && !date_holds(cells, size, at))
		at++;
	return at < size;
}

/* Hexadecimal digits, some decimal and some not, with dashes or without. */
static bool has_id(const uint16_t *cells, size_t size)
{
	size_t digits = 0, letters = 0, at;

	for (at = 0; at < size; at++) {
		if (isxdigit(cells[at])) {
			digits += isdigit(cells[at]) != 0;
			letters += !isdigit(cells[at]);
		} else if (cells[at] != '-') {
			digits = letters = 0;
		}
		if (digits && letters && digits + letters >= ID_LEAST)
			return true;
	}
	return false;
}

/* Where the system that runs gives names. */
static bool in_system(const struct glob_path *path)
{
	return cells_begin(&path->cells, "/sys/") || cells_begin(&path->cells, "/proc/") ||
	       cells_begin(&path->cells, "/run/") || cells_begin(&path->cells, "/var/run/");
}

/* The number of a user is no process's. */
static bool is_user(const struct glob_path *path, size_t at)
{
	static const char place[] = "/run/user/";

	return at == sizeof(place) - 1 && cells_begin(&path->cells, place);
}

/* Of one name, all the steps that end with it. */
static void steps_mark(const struct step *steps, size_t count)
{
	const char *run = steps[0].path->run;
	const uint16_t *name = steps[0].path->cells.list + steps[0].end;
	size_t size = 0, i;
	uint32_t perms = 0, marks;

	while (name[-1] != '/') {
		if (*--name >= CELL_DIGIT)
			return;
		size++;
	}
	for (i = 0; i < count; i++) {
		perms |= steps[i].path->perms;
		if (run && (!steps[i].path->run || strcmp(run, steps[i].path->run) != 0))
			run = NULL;
	}
	marks = in_system(steps[0].path) && has_id(name, size) ? MARK_ID : 0u;
	if (perms & (PERM_WRITE | PERM_APPEND | PERM_LINK)) {
		marks |= has_date(name, size) ? MARK_DATE : 0u;
		marks |= run && !is_user(steps[0].path, steps[0].end - size) &&
					 name_looks_random(name, size)
				 ? MARK_LONELY
				 : 0u;
	}
	for (i = 0; i < count; i++)
		steps[i].path->marks |= marks;
}

void marks_find(struct glob_path *paths, size_t count)
{
	_cleanup_free_ struct step *steps = NULL;
	size_t used = 0, first, end, i, at;

	for (i = 0; i < count; i++)
		used += paths[i].cells.count;
	steps = xcalloc(used + 1, sizeof(*steps));
	for (i = 0, used = 0; i < count; i++)
		for (at = 1; at <= paths[i].cells.count; at++)
			if ((at == paths[i].cells.count || paths[i].cells.list[at] == '/') &&
			    paths[i].cells.list[at - 1] != '/')
				steps[used++] = (struct step){&paths[i], at};
	if (used)
		qsort(steps, used, sizeof(*steps), step_compare);
	for (first = 0; first < used; first = end) {
		for (end = first + 1; end < used && !step_compare(&steps[end], &steps[first]);)
			end++;
		steps_mark(steps + first, end - first);
	}
}
