/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Each pattern twice: by the directory that its own is in, and by the name of its own. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_pattern.h"
#include "apparmor_random.h"
#include "apparmor_siblings.h"
#include "util/util.h"

/* So many patterns of one key are enough to try. */
#define PATTERNS_MAX 64
/* So many bytes that are known tell whose pattern it is. */
#define KNOWN_LEAST 3

struct sibling {
	bool by_name, directories;
	struct cells key; /* its own */
	struct cells pattern;
};

static int key_compare(const struct sibling *x, const struct sibling *y)
{
	int order = number_compare(x->by_name, y->by_name);

	if (!order)
		order = number_compare(x->directories, y->directories);
	return order ? order : cells_compare(&x->key, &y->key);
}

static int sibling_compare(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;
	int order = key_compare(x, y);

	return order ? order : pattern_compare(&x->pattern, &y->pattern);
}

/* What a directory is found by; borrows the cells. False for the root, which is nobody's sibling. */
static bool key_make(struct sibling *ret, const struct cells *path, size_t at)
{
	size_t name = at - 1;

	if (at <= 1)
		return false;
	while (path->list[name - 1] != '/')
		name--;
	ret->key = ret->by_name ? (struct cells){path->list + name, at - name}
				: (struct cells){path->list, name};
	return true;
}

static struct cells cells_copy(const struct cells *cells)
{
	struct cells copy = {xcalloc(cells->count + 1, sizeof(*copy.list)), cells->count};

	memcpy(copy.list, cells->list, cells->count * sizeof(*copy.list));
	return copy;
}

void siblings_add(struct siblings *siblings, const struct cells *path, size_t at,
		  const struct cells *pattern, bool directories)
{
	struct sibling one = {.directories = directories};
	unsigned int by_name;

	for (by_name = 0; by_name < 2; by_name++) {
		one.by_name = by_name;
		if (!key_make(&one, path, at))
			return;
		if (siblings->count == siblings->room) {
			siblings->room = siblings->room ? siblings->room * 2 : 16;
			siblings->list =
				xrealloc(siblings->list, siblings->room, sizeof(*siblings->list));
		}
		one.key = cells_copy(&one.key);
		one.pattern = cells_copy(pattern);
		siblings->list[siblings->count++] = one;
	}
}

static void sibling_drop(struct sibling *sibling)
{
	cells_drop(&sibling->key);
	cells_drop(&sibling->pattern);
}

void siblings_sort(struct siblings *siblings)
{
	struct sibling *list = siblings->list;
	size_t used = 0, i;

	if (siblings->count)
		qsort(list, siblings->count, sizeof(*list), sibling_compare);
	for (i = 0; i < siblings->count; i++) {
		if (used && !sibling_compare(&list[used - 1], &list[i]))
			sibling_drop(&list[i]);
		else
			list[used++] = list[i];
	}
	siblings->count = used;
}

/* Is what fits the pattern by its bytes likely to be of the same maker? */
static bool pattern_tells(const struct cells *pattern, const uint16_t *name, size_t size)
{
	size_t known = 0, numbers = 0, i;

	for (i = 0; i < pattern->count; i++) {
		known += pattern->list[i] < CELL_DIGIT;
		numbers += cell_is_number(pattern->list[i]);
	}
	return known >= KNOWN_LEAST || numbers + known == pattern->count ||
	       name_looks_random(name, size);
}

static const struct cells *key_find(const struct siblings *siblings, const struct sibling *key,
				    const uint16_t *name, size_t size)
{
	size_t low = 0, high = siblings->count, i;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key_compare(&siblings->list[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low; i < siblings->count && i - low < PATTERNS_MAX; i++) {
		const struct sibling *one = &siblings->list[i];

		if (key_compare(one, key) != 0)
			break;
		if (pattern_fits(&one->pattern, name, size) &&
		    pattern_tells(&one->pattern, name, size))
			return &one->pattern;
	}
	return NULL;
}

const struct cells *siblings_find(const struct siblings *siblings, const struct cells *path,
				  size_t at, size_t end, bool directories)
{
	struct sibling key = {.directories = directories};
	const struct cells *found = NULL;
	unsigned int by_name;

	for (by_name = 0; by_name < 2 && !found; by_name++) {
		key.by_name = by_name;
		if (key_make(&key, path, at))
			found = key_find(siblings, &key, path->list + at, end - at);
	}
	return found;
}

void siblings_drop(struct siblings *siblings)
{
	size_t i;

	for (i = 0; i < siblings->count; i++)
		sibling_drop(&siblings->list[i]);
	free(siblings->list);
}
