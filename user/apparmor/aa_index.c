/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which rules for files can match a path at all: those of that very path, and those with a pattern. A
 * profile of many files is asked for each of many. And what may be spent on asking.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"

static void entry_add(struct aa_file *file, const struct aa_rule *rule, const struct aa_glob *glob)
{
	struct aa_entry entry = {.profile = rule->profile, .rule = rule};

	entry.path = glob ? aa_glob_literal(glob) : NULL;
	entry.glob = entry.path ? NULL : glob;
	if (!(file->entry_count & (file->entry_count - 1)))
		file->entries =
			xrealloc(file->entries, file->entry_count ? file->entry_count * 2 : 1,
				 sizeof(*file->entries));
	file->entries[file->entry_count++] = entry;
}

static int path_order(size_t profile, const char *path, const struct aa_entry *entry)
{
	if (profile != entry->profile)
		return number_compare(profile, entry->profile);
	if (!path || !entry->path)
		return (path != NULL) - (entry->path != NULL);
	return strcmp(path, entry->path);
}

static int entry_order(const void *a, const void *b)
{
	const struct aa_entry *x = a, *y = b;
	int order = path_order(x->profile, x->path, y);

	return order ? order : number_compare((uintptr_t)x->rule, (uintptr_t)y->rule);
}

void aa_entries_make(struct aa_file *file)
{
	size_t i, k;

	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];
		bool of_files = rule->class == AA_FILE || rule->class == AA_LINK;

		if (rule->trouble || (!of_files && rule->class != AA_ALL))
			continue;
		if (!of_files || !rule->path)
			entry_add(file, rule, NULL);
		for (k = 0; of_files && k < rule->glob_count; k++)
			entry_add(file, rule, rule->globs[k]);
	}
	if (file->entry_count)
		qsort(file->entries, file->entry_count, sizeof(*file->entries), entry_order);
}

/* How many entries are in front of those, or of what follows them. */
static size_t entries_before(const struct aa_file *file, size_t profile, const char *path,
			     bool behind)
{
	size_t low = 0, high = file->entry_count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = path_order(profile, path, &file->entries[middle]);
		if (order > 0 || (behind && !order))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct aa_entry *aa_entries_find(const struct aa_file *file, size_t profile, const char *path,
				       size_t *ret)
{
	size_t first = entries_before(file, profile, path, false);

	*ret = entries_before(file, profile, path, true) - first;
	return file->entries ? file->entries + first : NULL;
}

bool aa_work_take(struct aa_work *work, const struct aa_rule *rule, uint64_t steps)
{
	bool enough = aa_steps_take(&work->left, steps);

	if (!enough && !work->last)
		work->last = rule;
	return enough;
}

int aa_file_decided(const struct aa_file *file, struct err *err)
{
	const struct aa_rule *last = file->work->last;

	if (file->work->left)
		return 0;
	return err_set(
		err, -E2BIG,
		"%s:%u: what is asked of this profile takes more than %u million steps: what "
		"it allows is not decided",
		last && last->source ? last->source : file->name, last ? last->line : 1,
		(unsigned int)(AA_STEPS_MAX / 1000000));
}
