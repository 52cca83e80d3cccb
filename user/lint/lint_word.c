/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which word was probably meant. Knows words, and where the names of calls are. */
#include <strings.h>

#include "lint_internal.h"

#define WORD_MAX 40
/* No ABI has a number above it that a name belongs to. */
#define NUMBER_MAX 1024

/* Letters to insert, delete, exchange or swap, or `most` + 1 where it is more than that. */
static unsigned int distance(const char *a, const char *b, unsigned int most)
{
	size_t width = strlen(a), height = strlen(b), x, y;
	unsigned int rows[3][WORD_MAX + 1], best, *row, *above, *above2;

	if (width > WORD_MAX || height > WORD_MAX || width > height + most || height > width + most)
		return most + 1;
	for (x = 0; x <= width; x++)
		rows[0][x] = (unsigned int)x;
	for (y = 1; y <= height; y++) {
		row = rows[y % 3];
		above = rows[(y + 2) % 3];
		above2 = rows[(y + 1) % 3];
		row[0] = (unsigned int)y;
		for (x = 1; x <= width; x++) {
			best = above[x - 1] + (a[x - 1] != b[y - 1]);
			best = above[x] + 1 < best ? above[x] + 1 : best;
			best = row[x - 1] + 1 < best ? row[x - 1] + 1 : best;
			if (x > 1 && y > 1 && a[x - 1] == b[y - 2] && a[x - 2] == b[y - 1] &&
			    above2[x - 2] + 1 < best)
				best = above2[x - 2] + 1;
			row[x] = best;
		}
	}
	return rows[height % 3][width];
}

/* Two slips in a long word, one in a short one, none in two letters. */
static unsigned int slips(const char *word)
{
	size_t size = strlen(word);

	return size < 3 ? 0 : size < 6 ? 1 : 2;
}

const char *word_nearest(const char *word, const char *const *list, size_t count)
{
	unsigned int least = slips(word) + 1, found;
	const char *nearest = NULL;

	for (size_t i = 0; i < count; i++) {
		found = strcasecmp(word, list[i]) ? distance(word, list[i], least) : 0;
		if (found < least) {
			least = found;
			nearest = list[i];
		}
	}
	return nearest;
}

const char *profile_word_nearest(const char *word, const struct profile_word *words, size_t count)
{
	_cleanup_free_ const char **list = xcalloc(count, sizeof(*list));
	const char *end;
	size_t i;

	for (i = 0; i < count; i++)
		list[i] = words[i].text;
	/* "ALLOW", "allow" */
	for (i = 0; i < count; i++) {
		end = strchr(strchr(list[i], '_') + 1, '_') + 1;
		if (!strcasecmp(end, word))
			return list[i];
	}
	return word_nearest(word, list, count);
}

bool profile_word_value(const char *word, const struct profile_word *words, size_t count,
			uint32_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(words[i].text, word)) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

/* As C and the kernel's sources spell it. */
static const char *prefix_pass(const char *word)
{
	static const char *const prefixes[] = {"__NR_", "SYS_", "sys_", "__x64_sys_", "NR_"};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(word, prefixes[i], strlen(prefixes[i])))
			return word + strlen(prefixes[i]);
	return word;
}

const char *call_nearest(const char *word)
{
	const char *list[NUMBER_MAX], *name;
	size_t count = 0;
	uint32_t nr;
	int abi;

	word = prefix_pass(word);
	for (abi = 0; abi < ABI_COUNT; abi++) {
		for (count = 0, nr = 0; nr < NUMBER_MAX; nr++)
			if (syscall_name((enum abi)abi, nr))
				list[count++] = syscall_name((enum abi)abi, nr);
		name = word_nearest(word, list, count);
		if (name)
			return name;
	}
	return NULL;
}
