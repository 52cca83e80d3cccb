/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A growing array that is sorted late: it is read only once all names are in. */
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "names.h"
#include "util/util.h"

#define LISTED_MAX 10

int name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void names_add(struct names *names, const char *name)
{
	if (names->count == names->room) {
		names->room = names->room ? names->room * 2 : 64;
		names->list = xrealloc(names->list, names->room, sizeof(*names->list));
	}
	names->list[names->count++] = name;
}

void names_settle(struct names *names)
{
	size_t used = 0, i;

	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), name_compare);
	for (i = 0; i < names->count; i++)
		if (!used || strcmp(names->list[used - 1], names->list[i]) != 0)
			names->list[used++] = names->list[i];
	names->count = used;
}

bool names_have(const struct names *names, const char *name)
{
	return names->count &&
	       bsearch(&name, names->list, names->count, sizeof(*names->list), name_compare);
}

struct names names_take(struct names *names)
{
	struct names taken = *names;

	*names = (struct names){};
	return taken;
}

void names_drop(struct names *names)
{
	free(names->list);
	*names = (struct names){};
}

char *names_shown(const char *const *list, size_t count)
{
	char *text = NULL, *name;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return xstrdup("");
	for (i = 0; i < count && i < LISTED_MAX; i++) {
		name = text_printable(list[i]);
		fprintf(out, "%s%.60s", i ? ", " : "", name);
		free(name);
	}
	if (count > i)
		fprintf(out, " and %zu more", count - i);
	fclose(out);
	return text;
}
