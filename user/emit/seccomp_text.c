/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A seccomp profile's text, changed in places. It knows strings and brackets, and nothing of rules. */
#include <stdlib.h>
#include <string.h>

#include "seccomp_text.h"
#include "util/util.h"

/* Behind the string that begins at text[i]; the text's end where it has none. */
static size_t string_skip(const char *text, size_t i)
{
	for (i++; text[i] && text[i] != '"'; i++)
		if (text[i] == '\\' && text[i + 1])
			i++;
	return text[i] ? i + 1 : i;
}

/* The brackets of the object's member `key`, a list, if it has one. */
static bool list_find(const char *object, const char *key, size_t *ret_open, size_t *ret_close)
{
	bool is_next = false, is_found = false;
	size_t depth = 0, i = 0, end;

	while (object[i]) {
		if (object[i] == '"') {
			end = string_skip(object, i);
			if (depth == 1)
				is_next = end - i == strlen(key) &&
					  !strncmp(object + i, key, strlen(key));
			i = end;
			continue;
		}
		if (strchr("[{", object[i]) && ++depth == 2 && is_next && object[i] == '[') {
			is_found = true;
			*ret_open = i;
		} else if (strchr("]}", object[i])) {
			*ret_close = i;
			if (--depth <= 1 && (is_found || !depth))
				return is_found;
		}
		i++;
	}
	return false;
}

static bool syscalls_find(const char *text, size_t *ret_open, size_t *ret_close)
{
	return list_find(text, "\"syscalls\"", ret_open, ret_close);
}

/* ---- entries that are put in ------------------------------------------------------------- */

/* The entries between the brackets, each on one line, with `between` them. Numbers stay as they are: some
 * have more digits than a double. */
static void entries_print(const char *text, size_t open, size_t close, const char *between,
			  FILE *out)
{
	size_t depth = 0, i = open + 1, end;

	while (i < close) {
		end = text[i] == '"' ? string_skip(text, i) : i + 1;
		if (strchr("[{", text[i]))
			depth++;
		else if (strchr("]}", text[i]))
			depth--;
		if (text[i] == ',' && !depth)
			fputs(between, out);
		else if (!strchr(" \t\r\n", text[i]))
			fwrite(text + i, 1, end - i, out);
		i = end;
	}
}

/* White space in front of the entries, "\n" first; " " where they are all on one line. */
static char *indentation(const char *text, size_t open, size_t close)
{
	const char *first = text + open + 1, *line = memchr(first, '\n', close - open);
	size_t blank = strspn(first, " \t\r\n"), last = close;

	if (!line)
		return xstrdup(" ");
	if (first[blank] != ']') {
		line = first + blank;
		while (line > first && line[-1] != '\n')
			line--;
		return xasprintf("\n%.*s", (int)strspn(line, " \t"), line);
	}
	while (text[last - 1] != '\n')
		last--;
	return xasprintf("\n%.*s\t", (int)(close - last), text + last);
}

char *seccomp_text_add(const char *text, const char *made)
{
	size_t open = 0, close = 0, from = 0, to = 0, end, size = 0;
	_cleanup_free_ char *indent = NULL, *between = NULL;
	char *ret = NULL;
	FILE *out;

	if (!syscalls_find(text, &open, &close) || !syscalls_find(made, &from, &to))
		return NULL;
	for (end = close; strchr(" \t\r\n", text[end - 1]);)
		end--;
	indent = indentation(text, open, close);
	between = xasprintf(",%s", indent);
	out = xmemstream(&ret, &size);
	fwrite(text, 1, end, out);
	if (end - 1 != open)
		fputs(between, out);
	else if (*indent == '\n')
		fputs(indent, out);
	entries_print(made, from, to, between, out);
	fputs(text + end, out);
	fclose(out);
	return ret;
}

/* ---- names that are taken out ------------------------------------------------------------ */

/* What stays of an element; NULL: it goes. The caller frees it. */
typedef char *(*element_fn)(const char *element, const struct names *names);

/* The next element at or behind *at, which is moved behind it. */
static bool element_next(const char *text, size_t *at, size_t close, size_t *ret_from,
			 size_t *ret_to)
{
	size_t i = *at + strspn(text + *at, " \t\r\n,"), depth = 0, end;

	if (i >= close)
		return false;
	*ret_from = i;
	for (; i < close && (depth || text[i] != ','); i = end) {
		end = text[i] == '"' ? string_skip(text, i) : i + 1;
		if (strchr("[{", text[i]))
			depth++;
		else if (strchr("]}", text[i]))
			depth--;
		if (!strchr(" \t\r\n", text[i]))
			*ret_to = end;
	}
	*at = i;
	return true;
}

/* Of an element that goes, what stood in front of it goes, too; of the first one, what is behind it.
 * Returns how many stay. */
static size_t elements_print(const char *text, size_t open, size_t close, element_fn change,
			     const struct names *names, FILE *out)
{
	size_t first = open + 1, at = first, end = first, kept = 0, from = 0, to = 0;

	while (element_next(text, &at, close, &from, &to)) {
		_cleanup_free_ char *element = xstrndup(text + from, to - from);
		_cleanup_free_ char *changed = change(element, names);

		if (changed && !kept++)
			fwrite(text + first, 1, strspn(text + first, " \t\r\n"), out);
		else if (changed)
			fwrite(text + end, 1, from - end, out);
		fputs(changed ? changed : "", out);
		end = to;
	}
	fwrite(text + end, 1, close - end, out);
	return kept;
}

static char *name_change(const char *element, const struct names *names)
{
	size_t size = strlen(element);
	_cleanup_free_ char *name = size > 2 ? xstrndup(element + 1, size - 2) : NULL;

	return name && names_have(names, name) ? NULL : xstrdup(element);
}

static char *entry_change(const char *element, const struct names *names)
{
	_cleanup_free_ char *made = NULL;
	size_t open = 0, close = 0, kept, size = 0;
	FILE *out;

	if (!list_find(element, "\"names\"", &open, &close))
		return xstrdup(element);
	out = xmemstream(&made, &size);
	fwrite(element, 1, open + 1, out);
	kept = elements_print(element, open, close, name_change, names, out);
	fputs(element + close, out);
	fclose(out);
	return kept || !strcmp(made, element) ? take(made) : NULL;
}

char *seccomp_text_without(const char *text, const struct names *names)
{
	size_t open = 0, close = 0, size = 0;
	char *ret = NULL;
	FILE *out;

	if (!syscalls_find(text, &open, &close))
		return xstrdup(text);
	out = xmemstream(&ret, &size);
	fwrite(text, 1, open + 1, out);
	elements_print(text, open, close, entry_change, names, out);
	fputs(text + close, out);
	fclose(out);
	return ret;
}
