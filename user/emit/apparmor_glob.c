/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the root downwards: the names in one directory are compared, and what they turn out to have
 * in common is their name from there on, so that two directories with random names become one before
 * what is in them is looked at. What a random name is made of is apparmor_pattern.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor_glob.h"
#include "apparmor_known.h"
#include "apparmor_pattern.h"
#include "apparmor_siblings.h"
#include "model/fact.h"
#include "util/util.h"

/* One name in one directory, and the paths that are it or lead through it. */
struct name {
	struct glob_path **paths;
	size_t count, size; /* of its cells */
	const char *run;    /* NULL: several */
	uint32_t perms;     /* of the name itself */
	uint32_t all_perms; /* ... and of what is below it */
	bool directory, random;
};

static const uint16_t *name_cells(const struct name *name)
{
	return name->paths[0]->cells.list + name->paths[0]->at;
}

static size_t component_end(const struct glob_path *path)
{
	size_t end = path->at;

	while (end < path->cells.count && path->cells.list[end] != '/')
		end++;
	return end;
}

/* By what leads up to the end of the component, without a slash there. */
static int path_compare(const void *a, const void *b)
{
	const struct glob_path *x = *(struct glob_path *const *)a;
	const struct glob_path *y = *(struct glob_path *const *)b;
	struct cells left = {.list = x->cells.list, .count = component_end(x)};
	struct cells right = {.list = y->cells.list, .count = component_end(y)};

	return cells_compare(&left, &right);
}

static bool same_directory(const struct glob_path *a, const struct glob_path *b)
{
	struct cells left = {.list = a->cells.list, .count = a->at};
	struct cells right = {.list = b->cells.list, .count = b->at};

	return !cells_compare(&left, &right);
}

/* The name that the sorted paths begin with; moves *at behind its paths. */
static struct name name_next(struct glob_path **paths, size_t count, size_t *at)
{
	struct name name = {.paths = paths + *at, .run = paths[*at]->run, .random = true};
	size_t first = *at, end, i;

	name.size = component_end(paths[first]) - paths[first]->at;
	for (; *at < count && !path_compare(&paths[first], &paths[*at]); *at += 1) {
		const struct glob_path *path = paths[*at];

		end = component_end(path);
		name.directory |= end < path->cells.count;
		name.all_perms |= path->perms;
		if (end + 1 >= path->cells.count)
			name.perms |= path->perms;
		if (!name.run || !path->run || strcmp(name.run, path->run) != 0)
			name.run = NULL;
		name.count++;
	}
	for (i = 0; i < name.size; i++)
		name.random &= name_cells(&name)[i] < CELL_DIGIT;
	/* What stays as it is shows what there is, but is no sample. */
	for (i = 0; i < name.count && name.paths[i]->fixed; i++)
		;
	name.random = name.random && name.run && name.size && i < name.count;
	return name;
}

/* A directory or none, and with the same permissions. */
static int name_compare_use(const struct name *a, const struct name *b)
{
	if (a->random != b->random)
		return a->random ? -1 : 1;
	if (a->directory != b->directory)
		return a->directory ? 1 : -1;
	return number_compare(a->perms, b->perms);
}

/* Alike are those of one length, too. */
static int name_compare_kind(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = name_compare_use(x, y);

	return order ? order : number_compare(x->size, y->size);
}

/* Would a rule for it be one for something that must keep its name? */
static bool pattern_holds_kept(const struct name *name, const struct cells *pattern)
{
	size_t at = name->paths[0]->at;
	_cleanup_free_ uint16_t *list = xcalloc(at + pattern->count, sizeof(*list));

	memcpy(list, name->paths[0]->cells.list, at * sizeof(*list));
	memcpy(list + at, pattern->list, pattern->count * sizeof(*list));
	return cells_hold_kept(&(struct cells){list, at + pattern->count}, name->directory);
}

static bool name_matches(const struct name *name, const struct cells *pattern)
{
	return name->random && pattern_fits(pattern, name_cells(name), name->size);
}

static void name_replace(struct name *name, const struct cells *with)
{
	size_t i;

	for (i = 0; i < name->count; i++)
		if (!name->paths[i]->fixed)
			cells_replace(&name->paths[i]->cells, name->paths[i]->at,
				      name->paths[i]->at + name->size, with->list, with->count);
}

/* A pattern is for all names that it fits, whatever was done to them: it is who made them. */
static void patterns_apply(const struct patterns *patterns, struct name *names, size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < patterns->count; k++)
			if (name_matches(&names[i], &patterns->list[k]) &&
			    !pattern_holds_kept(&names[i], &patterns->list[k]))
				break;
		if (k < patterns->count)
			name_replace(&names[i], &patterns->list[k]);
	}
}

static void samples_make(const struct name *names, size_t count, struct sample *samples)
{
	size_t i;

	for (i = 0; i < count; i++)
		samples[i] = (struct sample){
			.cells = name_cells(&names[i]),
			.size = names[i].size,
			.run = names[i].run,
			.written = names[i].all_perms & (PERM_WRITE | PERM_LINK),
		};
}

/* By what they are, so that those that were made in one way come to the same elsewhere. */
static void patterns_keep(const struct patterns *patterns, const struct name *names, size_t count,
			  struct siblings *siblings)
{
	size_t i, k;

	for (i = 0; i < patterns->count; i++) {
		for (k = 0; k < count && !name_matches(&names[k], &patterns->list[i]);)
			k++;
		if (k < count)
			siblings_add(siblings, &names[k].paths[0]->cells, names[k].paths[0]->at,
				     &patterns->list[i], names[k].directory);
	}
}

/* All names in one directory. */
static void directory_find(struct name *names, size_t count, struct siblings *siblings)
{
	_cleanup_free_ struct sample *samples = xcalloc(count, sizeof(*samples));
	struct patterns patterns = {};
	size_t first, end, last;

	qsort(names, count, sizeof(*names), name_compare_kind);
	for (first = 0; first < count && names[first].random; first = end) {
		for (end = first; end < count && !name_compare_kind(&names[end], &names[first]);
		     end++)
			;
		samples_make(names + first, end - first, samples);
		patterns_find(&patterns, samples, end - first, names[first].size);
	}
	last = first;
	for (first = 0; first < last; first = end) {
		for (end = first; end < last && !name_compare_use(&names[end], &names[first]);
		     end++)
			;
		samples_make(names + first, end - first, samples);
		patterns_find_numbers(&patterns, samples, end - first);
	}
	patterns_settle(&patterns);
	patterns_keep(&patterns, names, last, siblings);
	patterns_apply(&patterns, names, last);
	patterns_drop(&patterns);
}

/* What only one run has, where another directory tells how such names are made. */
static void directory_adopt(struct name *names, size_t count, struct siblings *siblings)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct glob_path *path = names[i].paths[0];
		const struct cells *pattern =
			names[i].random
				? siblings_find(siblings, &path->cells, path->at,
						path->at + names[i].size, names[i].directory)
				: NULL;

		if (pattern && !pattern_holds_kept(&names[i], pattern))
			name_replace(&names[i], pattern);
	}
}

/* The directories of one depth, one after the other. */
static void depth_look(struct glob_path **paths, size_t count, struct siblings *siblings,
		       void (*look)(struct name *names, size_t count, struct siblings *siblings))
{
	_cleanup_free_ struct name *names = xcalloc(count, sizeof(*names));
	size_t at = 0, used = 0, first;

	qsort(paths, count, sizeof(*paths), path_compare);
	while (at < count) {
		first = at;
		for (used = 0; at < count && same_directory(paths[first], paths[at]); used++)
			names[used] = name_next(paths, count, &at);
		look(names, used, siblings);
	}
}

static void depth_find(struct glob_path **paths, size_t count)
{
	struct siblings siblings = {};

	depth_look(paths, count, &siblings, directory_find);
	siblings_sort(&siblings);
	if (siblings.count)
		depth_look(paths, count, &siblings, directory_adopt);
	siblings_drop(&siblings);
}

void globs_find(struct glob_path *paths, size_t count)
{
	_cleanup_free_ struct glob_path **list = xcalloc(count, sizeof(struct glob_path *));
	size_t used = 0, left, i;

	for (i = 0; i < count; i++) {
		paths[i].at = 1;
		if (paths[i].cells.count > 1)
			list[used++] = &paths[i];
	}
	while (used) {
		depth_find(list, used);
		for (i = 0, left = 0; i < used; i++) {
			list[i]->at = component_end(list[i]) + 1;
			if (list[i]->at < list[i]->cells.count)
				list[left++] = list[i];
		}
		used = left;
	}
}

/* Where the suffix of a file's name begins: its last dot, but for one in front; or the end. */
static size_t suffix_at(const struct glob_path *path)
{
	size_t at = path->cells.count;

	while (at > path->at && path->cells.list[at - 1] != '.')
		at--;
	return at > path->at + 1 ? at - 1 : path->cells.count;
}

/* By directory, suffix and permissions. */
static int sibling_compare(const void *a, const void *b)
{
	const struct glob_path *x = *(struct glob_path *const *)a;
	const struct glob_path *y = *(struct glob_path *const *)b;
	size_t left_at = suffix_at(x), right_at = suffix_at(y);
	struct cells left = {.list = x->cells.list, .count = x->at};
	struct cells right = {.list = y->cells.list, .count = y->at};
	int order = cells_compare(&left, &right);

	left = (struct cells){x->cells.list + left_at, x->cells.count - left_at};
	right = (struct cells){y->cells.list + right_at, y->cells.count - right_at};
	if (!order)
		order = cells_compare(&left, &right);
	return order ? order : number_compare(x->perms, y->perms);
}

/* A file that was written, where a star is not out of the question. */
static bool sibling(struct glob_path *path)
{
	if (path->fixed || !(path->perms & PERM_WRITE) || path->perms & PERM_MAP ||
	    cells_begin(&path->cells, "/proc/") || cells_begin(&path->cells, "/sys/"))
		return false;
	for (path->at = path->cells.count; path->at && path->cells.list[path->at - 1] != '/';)
		path->at--;
	return path->at && path->at < path->cells.count;
}

static void sibling_replace(struct glob_path *path)
{
	const uint16_t star = CELL_STAR;
	size_t suffix = suffix_at(path), size = path->cells.count - suffix;
	_cleanup_free_ uint16_t *list = xcalloc(path->at + 1 + size, sizeof(*list));

	memcpy(list, path->cells.list, path->at * sizeof(*list));
	list[path->at] = star;
	memcpy(list + path->at + 1, path->cells.list + suffix, size * sizeof(*list));
	if (!cells_hold_kept(&(struct cells){list, path->at + 1 + size}, false))
		cells_replace(&path->cells, path->at, suffix, &star, 1);
}

void globs_find_siblings(struct glob_path *paths, size_t count, uint64_t least)
{
	_cleanup_free_ struct glob_path **list = xcalloc(count, sizeof(struct glob_path *));
	size_t used = 0, first, end, i;

	for (i = 0; i < count; i++)
		if (sibling(&paths[i]))
			list[used++] = &paths[i];
	if (used)
		qsort(list, used, sizeof(struct glob_path *), sibling_compare);
	for (first = 0; first < used; first = end) {
		for (end = first; end < used && !sibling_compare(&list[end], &list[first]); end++)
			;
		for (i = first; i < end && end - first >= least; i++)
			sibling_replace(list[i]);
	}
}
