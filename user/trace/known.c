/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See known.h. */
#include <stdlib.h>
#include <string.h>

#include "known.h"
#include "model/pool.h"
#include "util/util.h"

/* So that a program can't fill the recorder's memory with names. */
#define KNOWN_BYTES_MAX (32u << 20)

#define KNOWN_FILE      'f'
#define KNOWN_DIRECTORY 'd'
#define KNOWN_LINK      'l' /* or may be one */

struct known {
	struct pool *paths; /* "SCOPE\nPATH", with one of these before the path */
	size_t bytes;
	bool has_links; /* any KNOWN_LINK among them */
};

struct known *known_new(void)
{
	struct known *known = xcalloc(1, sizeof(*known));

	known->paths = pool_new();
	return known;
}

void known_free(struct known *known)
{
	if (known)
		pool_free(known->paths);
	free(known);
}

static bool is_known_as(const struct known *known, const char *scope, char what, const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, what, path);

	return pool_find(known->paths, key);
}

/* False where it was known already, or there is no room. */
static bool key_add(struct known *known, const char *key)
{
	if (pool_find(known->paths, key) || known->bytes > KNOWN_BYTES_MAX)
		return false;
	known->bytes += strlen(key) + 1;
	pool_text(known->paths, key);
	return true;
}

void known_add(struct known *known, const char *scope, const char *path, bool directory)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, KNOWN_DIRECTORY, path);
	char *start = key + strlen(scope) + 2, *slash;

	start[-1] = directory ? KNOWN_DIRECTORY : KNOWN_FILE;
	for (;;) {
		if (!key_add(known, key))
			return; /* what is above it is known, too */
		slash = strrchr(start, '/');
		if (!slash || slash == start)
			return;
		*slash = '\0';
		start[-1] = KNOWN_DIRECTORY;
	}
}

void known_add_link(struct known *known, const char *scope, const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, KNOWN_LINK, path);

	known->has_links = true;
	key_add(known, key);
}

/* Is there, or was there once, a symbolic link at the path or above it? */
static bool has_link(const struct known *known, const char *scope, const char *path)
{
	_cleanup_free_ char *above = xstrdup(path);
	char *slash;

	if (!known->has_links)
		return false;
	if (known->bytes > KNOWN_BYTES_MAX) /* not all were kept */
		return true;
	while (!is_known_as(known, scope, KNOWN_LINK, above)) {
		slash = strrchr(above, '/');
		if (!slash || slash == above)
			return false;
		*slash = '\0';
	}
	return true;
}

bool known_directory(const struct known *known, const char *scope, const char *path)
{
	return !path[1] ||
	       (is_known_as(known, scope, KNOWN_DIRECTORY, path) && !has_link(known, scope, path));
}

bool known_path(const struct known *known, const char *scope, const char *path)
{
	return known_directory(known, scope, path) ||
	       (is_known_as(known, scope, KNOWN_FILE, path) && !has_link(known, scope, path));
}
