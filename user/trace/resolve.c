/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See resolve.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event.h"
#include "lookup.h"
#include "model/pool.h"
#include "resolve.h"
#include "util/util.h"

struct root {
	char *path; /* NULL: not told yet */
	uint32_t mounts;
	int fd; /* -1: not open */
};

/* A descriptor of a root keeps its mount, and who records many containers has other use for them. */
#define ROOTS_OPEN_MAX 64
/* Of what is known, so that a program can't fill the recorder's memory with names. */
#define KNOWN_BYTES_MAX (32u << 20)

struct resolver {
	struct root *roots; /* by number */
	size_t count;
	size_t open_count;
	size_t known_bytes;
	struct pool *known; /* "SCOPE\nPATH", with KNOWN_... before the path */
	bool has_links;     /* any KNOWN_LINK among them */
	struct lookups *lookups;
	int top; /* our own root directory */
	uint32_t own_mounts;
};

struct resolver *resolver_new(void)
{
	struct resolver *resolver = xcalloc(1, sizeof(*resolver));
	struct stat ns = {};

	stat("/proc/self/ns/mnt", &ns);
	resolver->own_mounts = ns.st_ino;
	resolver->known = pool_new();
	resolver->lookups = lookups_new();
	resolver->top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return resolver;
}

void resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	for (size_t i = 0; i < resolver->count; i++) {
		free(resolver->roots[i].path);
		if (resolver->roots[i].fd >= 0)
			close(resolver->roots[i].fd);
	}
	free(resolver->roots);
	lookups_free(resolver->lookups);
	if (resolver->top >= 0)
		close(resolver->top);
	pool_free(resolver->known);
	free(resolver);
}

void place_drop(struct place *place)
{
	free(place->path);
	*place = (struct place){};
}

/* What an open descriptor stands for, in its mount namespace; NULL where that can't be told. */
static char *descriptor_path(int fd)
{
	char link[40], path[PATH_MAX + 1];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, path, sizeof(path) - 1);
	if (size <= 0 || size >= PATH_MAX || *path != '/')
		return NULL;
	path[size] = '\0';
	return xstrdup(path);
}

/* ---- roots ------------------------------------------------------------------------------- */

/* Takes the descriptor where it is that root's, and closes it where not. */
static void root_take(struct root *root, int fd)
{
	_cleanup_free_ char *seen = fd < 0 ? NULL : descriptor_path(fd);

	if (seen && !strcmp(seen, root->path))
		root->fd = fd;
	else if (fd >= 0)
		close(fd);
}

static void root_close(struct resolver *resolver, struct root *root)
{
	if (root->fd < 0)
		return;
	close(root->fd);
	root->fd = -1;
	resolver->open_count--;
}

void resolver_rest(struct resolver *resolver)
{
	for (size_t i = 0; i < resolver->count; i++)
		if (resolver->roots[i].path && resolver->roots[i].path[1])
			root_close(resolver, &resolver->roots[i]);
}

/* Makes room for one more: the first one that is open goes. */
static void roots_limit(struct resolver *resolver)
{
	for (size_t i = 0; i < resolver->count && resolver->open_count >= ROOTS_OPEN_MAX; i++)
		root_close(resolver, &resolver->roots[i]);
}

/* The process may have another root by now, or its number may be another's: hence the looks. */
static void root_open(struct resolver *resolver, struct root *root, pid_t process)
{
	char path[48];
	struct stat ns;

	roots_limit(resolver);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", process);
	if (process && stat(path, &ns) == 0 && ns.st_ino == root->mounts) {
		snprintf(path, sizeof(path), "/proc/%d/root", process);
		root_take(root, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	}
	if (root->fd < 0 && root->mounts == resolver->own_mounts)
		root_take(root,
			  lookup_open(resolver->lookups, resolver->top, root->path, O_DIRECTORY));
	resolver->open_count += root->fd >= 0;
}

void resolver_add_root(struct resolver *resolver, uint32_t number, const char *path,
		       uint32_t mounts, pid_t process)
{
	struct root *root;

	if (number >= resolver->count) {
		size_t count = number + 16;

		resolver->roots = xrealloc(resolver->roots, count, sizeof(*resolver->roots));
		for (size_t i = resolver->count; i < count; i++)
			resolver->roots[i] = (struct root){.fd = -1};
		resolver->count = count;
	}
	root = &resolver->roots[number];
	if (root->path)
		return;
	root->path = xstrdup(path);
	root->mounts = mounts;
	root_open(resolver, root, process);
}

/* ---- what is known ------------------------------------------------------------------------ */

#define KNOWN_FILE      'f'
#define KNOWN_DIRECTORY 'd'
#define KNOWN_LINK      'l' /* or may be one */

static bool is_known_as(const struct resolver *resolver, const char *scope, char what,
			const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, what, path);

	return pool_find(resolver->known, key);
}

/* False where it was known already, or there is no room. */
static bool known_add(struct resolver *resolver, const char *key)
{
	if (pool_find(resolver->known, key) || resolver->known_bytes > KNOWN_BYTES_MAX)
		return false;
	resolver->known_bytes += strlen(key) + 1;
	pool_text(resolver->known, key);
	return true;
}

void resolver_learn(struct resolver *resolver, const char *scope, const char *path, bool directory)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, KNOWN_DIRECTORY, path);
	char *start = key + strlen(scope) + 2, *slash;

	start[-1] = directory ? KNOWN_DIRECTORY : KNOWN_FILE;
	for (;;) {
		if (!known_add(resolver, key))
			return; /* what is above it is known, too */
		slash = strrchr(start, '/');
		if (!slash || slash == start)
			return;
		*slash = '\0';
		start[-1] = KNOWN_DIRECTORY;
	}
}

void resolver_learn_link(struct resolver *resolver, const char *scope, const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%c%s", scope, KNOWN_LINK, path);

	resolver->has_links = true;
	known_add(resolver, key);
}

/* Is there, or was there once, a symbolic link at the path or above it? */
static bool has_link(const struct resolver *resolver, const char *scope, const char *path)
{
	_cleanup_free_ char *above = xstrdup(path);
	char *slash;

	if (!resolver->has_links)
		return false;
	if (resolver->known_bytes > KNOWN_BYTES_MAX) /* not all were kept */
		return true;
	while (!is_known_as(resolver, scope, KNOWN_LINK, above)) {
		slash = strrchr(above, '/');
		if (!slash || slash == above)
			return false;
		*slash = '\0';
	}
	return true;
}

bool resolver_knows_directory(const struct resolver *resolver, const char *scope, const char *path)
{
	return !path[1] || (is_known_as(resolver, scope, KNOWN_DIRECTORY, path) &&
			    !has_link(resolver, scope, path));
}

static bool is_known(const struct resolver *resolver, const char *scope, const char *path)
{
	return resolver_knows_directory(resolver, scope, path) ||
	       (is_known_as(resolver, scope, KNOWN_FILE, path) && !has_link(resolver, scope, path));
}

/* ---- lookups ------------------------------------------------------------------------------ */

/* What the kernel knows of it by now: nobody is asked. */
static void place_stat(struct place *place, int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_MODE | STATX_UID,
		  &st) != 0)
		return;
	place->exists = true;
	place->directory = S_ISDIR(st.stx_mode);
	place->uid = st.stx_uid;
	place->roots_alone = !st.stx_uid && !(st.stx_mode & (S_IWGRP | S_IWOTH));
}

/* /proc/self was us, when we looked it up. */
static char *without_ourselves(char *path, pid_t process)
{
	char own[24];
	size_t size = snprintf(own, sizeof(own), "/proc/%d", getpid());
	char *theirs;

	if (strncmp(path, own, size) != 0 || (path[size] && path[size] != '/') || !process)
		return path;
	theirs = xasprintf("/proc/%d%s", process, path + size);
	free(path);
	return theirs;
}

static char *path_join(const char *directory, const char *name)
{
	return xasprintf("%s%s%s", directory, *name && directory[1] ? "/" : "", name);
}

/* The path without "." and doubled slashes; false where a ".." makes that impossible. */
static bool path_simplify(char *path)
{
	char *from = path, *to = path, *part;
	size_t size;

	while (*from) {
		from += strspn(from, "/");
		part = from;
		size = strcspn(from, "/");
		from += size;
		if (!size || (size == 1 && *part == '.'))
			continue;
		if (size == 2 && part[0] == '.' && part[1] == '.')
			return false;
		*to++ = '/';
		memmove(to, part, size);
		to += size;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
	return true;
}

/* A lookup below the root, as a path; NULL where it fails. */
static char *find_existing(const struct resolver *resolver, const struct root *root,
			   const struct name_query *query, const char *path, int flags,
			   struct place *ret)
{
	_cleanup_close_ int fd = -1;
	char *found;

	if (root->fd < 0)
		return NULL;
	fd = lookup_open(resolver->lookups, root->fd, path, flags);
	if (fd < 0)
		return NULL;
	found = descriptor_path(fd);
	if (!found)
		return NULL;
	place_stat(ret, fd);
	return without_ourselves(found, query->process);
}

/* Resolved where every directory on the way is known, and the end where it was to be followed. */
static bool is_settled(const struct resolver *resolver, const struct name_query *query,
		       const char *path)
{
	_cleanup_free_ char *parent = xstrdup(path);
	char *slash = strrchr(parent, '/');

	if (query->follow)
		return is_known(resolver, query->scope, path);
	slash[slash == parent] = '\0';
	return resolver_knows_directory(resolver, query->scope, parent);
}

void place_settle(const struct resolver *resolver, const struct name_query *query,
		  struct place *place)
{
	if (query->root && !place->impossible)
		place->resolved = place->resolved || is_settled(resolver, query, place->path);
}

/* What was spelled, where it can't be looked up. */
static void find_lexical(const struct resolver *resolver, const struct root *root,
			 const struct name_query *query, const char *directory, const char *last,
			 struct place *ret)
{
	_cleanup_free_ char *whole = path_join(root->path, directory + strspn(directory, "/"));
	bool simple = path_simplify(whole);

	ret->path = path_join(whole, last);
	ret->resolved = simple && is_settled(resolver, query, ret->path);
}

/* Cuts the last part off; "" where the end of the path is a directory's own name. */
static const char *last_cut(char *path)
{
	char *slash;
	size_t size = strlen(path);

	while (size > 1 && path[size - 1] == '/')
		path[--size] = '\0';
	slash = strrchr(path, '/');
	if (!slash || !strcmp(slash, "/.") || !strcmp(slash, "/..") || !slash[1])
		return path + size;
	*slash = '\0';
	return slash + 1;
}

/* The directory is found as it is, the last part is taken as it was spelled. */
static void find_entry(const struct resolver *resolver, const struct root *root,
		       const struct name_query *query, const char *path, struct place *ret)
{
	_cleanup_free_ char *directory = xstrdup(path), *parent = NULL, *seen = NULL;
	const char *last = last_cut(directory);
	struct place above = {};

	parent = find_existing(resolver, root, query, *directory ? directory : "/", O_DIRECTORY,
			       &above);
	if (!parent) {
		find_lexical(resolver, root, query, directory, last, ret);
		return;
	}
	ret->path = path_join(parent, last);
	/* of a link that can't be followed any more nobody knows where it led */
	ret->resolved = !query->follow || !*last || is_known(resolver, query->scope, ret->path);
	ret->impossible = query->bound && above.roots_alone;
	if (query->look)
		seen = find_existing(resolver, root, query, path, O_NOFOLLOW, ret);
}

/* Where the name starts, below the task's root; NULL where that is elsewhere. */
static const char *base_below(const struct root *root, const char *base)
{
	size_t size = root->path[1] ? strlen(root->path) : 0;

	if (strncmp(base, root->path, size) != 0 || (base[size] && base[size] != '/'))
		return NULL;
	return base + size;
}

/*
 * "." and ".." at the start of the name are taken off, and off the base: there is no link in it. True
 * where the base is another directory now.
 */
static bool climb(const struct root *root, char *base, const char **name)
{
	bool climbed = false;
	size_t size;

	for (;;) {
		size = strcspn(*name, "/");
		if (size == 2 && !strncmp(*name, "..", 2)) {
			climbed = true;
			if (strcmp(base, root->path) != 0 && base[1]) {
				char *slash = strrchr(base, '/');

				slash[slash == base] = '\0';
			}
		} else if (size != 1 || **name != '.') {
			return climbed;
		}
		*name += size;
		*name += strspn(*name, "/");
	}
}

/*
 * Links of /proc that lead to no name but to the thing itself: /proc/self/fd/3, /dev/fd/3,
 * /proc/self/cwd. What they lead to, and what is left of the name; NULL for every other name.
 */
static char *magic_target(const struct name_query *query, const char **ret_rest, bool *ret_deleted)
{
	static const char deleted[] = " (deleted)"; /* as d_path() says it */
	const ssize_t size_deleted = sizeof(deleted) - 1;
	static const struct {
		const char *spelled, *real;
	} rows[] = {
		{"/proc/self/", ""},    {"/proc/thread-self/", ""}, {"/dev/fd/", "fd/"},
		{"/dev/stdin", "fd/0"}, {"/dev/stdout", "fd/1"},    {"/dev/stderr", "fd/2"},
	};
	_cleanup_free_ char *link = NULL;
	char target[PATH_MAX + 1];
	const char *rest;
	size_t i, size;
	ssize_t length;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strncmp(query->name, rows[i].spelled, strlen(rows[i].spelled)))
			break;
	if (i == ARRAY_SIZE(rows) || !query->process)
		return NULL;
	rest = query->name + strlen(rows[i].spelled);
	size = strcspn(rest, "/");
	if (size == 2 && !strncmp(rest, "fd", 2) && rest[2] == '/')
		size += 1 + strcspn(rest + 3, "/");
	if (!rest[size] && !query->follow)
		return NULL; /* the link itself */
	link = xasprintf("/proc/%d/%s%.*s", query->process, rows[i].real, (int)size, rest);
	length = readlink(link, target, sizeof(target) - 1);
	if (length <= 0 || length >= PATH_MAX || *target != '/')
		return NULL;
	target[length] = '\0';
	*ret_deleted = length > size_deleted && !strcmp(target + length - size_deleted, deleted);
	if (*ret_deleted)
		target[length - size_deleted] = '\0';
	*ret_rest = rest + size + strspn(rest + size, "/");
	return xstrdup(target);
}

static void find_below(const struct resolver *resolver, const struct root *root,
		       const struct name_query *query, struct place *ret)
{
	const char *below = query->base ? base_below(root, query->base) : "";
	_cleanup_free_ char *path = NULL;

	if (!below) {
		ret->path = path_join(query->base, query->name);
		return;
	}
	path = xasprintf("%s/%s", below, query->name);
	if (query->follow) {
		ret->path = find_existing(resolver, root, query, path, 0, ret);
		ret->resolved = ret->path;
		ret->impossible = query->bound && ret->roots_alone;
	}
	if (!ret->path)
		find_entry(resolver, root, query, path, ret);
}

/* One name in a directory that is known, not followed: whatever may be there now, that it was. */
static bool is_entry(const struct name_query *query)
{
	return !query->follow && query->base && *query->name && !strchr(query->name, '/');
}

/* The task's root, open where that can be had; NULL where nothing was told of it. */
static struct root *root_of(struct resolver *resolver, const struct name_query *query)
{
	struct root *root;

	if (query->root >= resolver->count || !resolver->roots[query->root].path)
		return NULL;
	root = &resolver->roots[query->root];
	if (root->fd < 0)
		root_open(resolver, root, query->process);
	return root;
}

bool resolver_has_proc(struct resolver *resolver, const struct name_query *query)
{
	const struct root *root = root_of(resolver, query);

	return root && root->fd >= 0 && lookup_is_proc(resolver->lookups, root->fd, "/proc");
}

/* What a relative name and its base say is so whatever the root is; for the rest that must be known,
 * or have been changed by the call itself. */
void resolver_find(struct resolver *resolver, const struct name_query *asked, struct place *ret)
{
	struct root unknown = {.path = "/", .fd = -1}, *root = root_of(resolver, asked);
	struct name_query query = *asked;
	_cleanup_free_ char *base = NULL;
	bool magic;

	*ret = (struct place){};
	if (!root)
		root = &unknown;
	if (query.base)
		base = xstrdup(query.base);
	else if (root->mounts == resolver->own_mounts && !root->path[1]) /* our own /proc */
		base = magic_target(&query, &query.name, &ret->deleted);
	magic = base && !query.base;
	query.base = base;
	if (base)
		ret->climbed = climb(root, base, &query.name);
	if (!is_entry(&query) || query.look)
		find_below(resolver, root, &query, ret);
	if (root == &unknown && query.root != ROOT_GONE)
		ret->resolved = false;
	if (is_entry(&query)) {
		free(ret->path);
		ret->path = path_join(base, query.name);
		ret->resolved = true;
	}
	if (base && !*query.name)
		ret->resolved = true;
	ret->impossible |= magic && query.bound; /* it may lead elsewhere by now */
	ret->resolved &= !ret->impossible;
}
