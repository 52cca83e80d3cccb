/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A page's NAME section: man-pages(7). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "manual.h"
#include "util/util.h"

#define LINE_BYTES 512
#define LINES_MAX  200 /* the section comes early */

/* Without what only troff knows: \- is a dash, \fB and the like are fonts. */
static char *plain(const char *text)
{
	char *out = xcalloc(strlen(text) + 1, 1), *end = out;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == 'f' && text[2])
			text += 2;
		else if (text[0] == '\\' && text[1] == '&')
			text++;
		else if (text[0] != '\\')
			*end++ = *text;
	}
	return out;
}

/* "name, other \- what it does" gives what it does. */
static char *description(const char *line)
{
	const char *dash = strstr(line, "\\-");

	for (dash = dash ? dash + 2 : ""; *dash == ' ';)
		dash++;
	return *dash ? plain(dash) : NULL;
}

/* The line, or NULL; where the page only stands for another one, *ret_other is that: "man2/open.2". */
static char *page_read(gzFile page, char **ret_other)
{
	char line[LINE_BYTES];
	bool in_name = false;

	for (int i = 0; i < LINES_MAX && gzgets(page, line, sizeof(line)); i++) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, ".so ", 4)) {
			*ret_other = xstrdup(line + 4);
			return NULL;
		}
		if (in_name && *line != '.')
			return description(line);
		in_name = !strncmp(line, ".SH NAME", 8) || !strncmp(line, ".SH \"NAME\"", 10);
	}
	return NULL;
}

static char *page_line(const char *directory, const char *name, char **ret_other)
{
	_cleanup_free_ char *packed = xasprintf("%s/%s.gz", directory, name);
	_cleanup_free_ char *unpacked = xasprintf("%s/%s", directory, name);
	gzFile page = gzopen(packed, "re");
	char *line;

	if (!page)
		page = gzopen(unpacked, "re");
	if (!page)
		return NULL;
	line = page_read(page, ret_other);
	gzclose(page);
	return line;
}

/* In one directory of them. */
static char *line_find(const char *directory, const char *call)
{
	_cleanup_free_ char *name = xasprintf("man2/%s.2", call), *other = NULL, *none = NULL;
	char *line = page_line(directory, name, &other);

	if (!line && other && !strncmp(other, "man2/", 5) && !strchr(other + 5, '/'))
		line = page_line(directory, other, &none);
	return line;
}

char *manual_line(const char *call)
{
	const char *path = getenv("MANPATH");
	_cleanup_free_ char *list = xstrdup(path && *path ? path : "/usr/share/man");
	char *line = NULL, *state = NULL;

	for (char *directory = strtok_r(list, ":", &state); directory && !line;
	     directory = strtok_r(NULL, ":", &state))
		line = line_find(directory, call);
	return line;
}
