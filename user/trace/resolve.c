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
#include "known.h"
#include "lookup.h"
#include "resolve.h"
#include "roots.h"
#include "util/util.h"

struct resolver {
	struct known *known;
	struct lookups *lookups;
	struct roots *roots;
};

struct resolver *resolver_new(void)
{
	struct resolver *resolver = xcalloc(1, sizeof(*resolver));

	resolver->known = known_new();
	resolver->lookups = lookups_new();
	resolver->roots = roots_new(resolver->lookups);
	return resolver;
}

void resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	roots_free(resolver->roots);
	lookups_free(resolver->lookups);
	known_free(resolver->known);
	free(resolver);
}

struct known *resolver_known(struct resolver *resolver)
{
	return resolver->known;
}

struct roots *resolver_roots(struct resolver *resolver)
{
	return resolver->roots;
}

void place_drop(struct place *place)
{
	free(place->path);
	*place = (struct place){};
}

static void place_stat(struct place *place, const struct statx *st)
{
	if (!(st->stx_mask & STATX_TYPE))
		return;
	place->exists = true;
	place->directory = S_ISDIR(st->stx_mode);
	place->uid = st->stx_uid;
	place->mode = st->stx_mode;
	place->gid = st->stx_gid;
}

static bool is_in_group(const struct caller *caller, gid_t gid)
{
	for (uint32_t i = 0; i < caller->gid_count; i++)
		if (caller->gids[i] == gid)
			return true;
	return false;
}

/* `bit` is one of others'. Whoever owns it may have changed the mode since. */
static bool caller_may(const struct caller *caller, const struct place *place, mode_t bit)
{
	if (caller->bound == BOUND_NOT || place->uid == caller->uid)
		return true;
	if (caller->bound == BOUND_MAPPED && place->uid)
		return true;
	if (caller->gid_count == NAME_GIDS_ALL)
		return place->mode & (bit | bit << 3);
	return place->mode & (is_in_group(caller, place->gid) ? bit << 3 : bit);
}

bool place_is_forbidden(const struct place *place, const struct caller *caller, enum needs needs)
{
	if (!place->exists || needs == NEEDS_NOTHING || caller->bound == BOUND_NOT)
		return false;
	if (needs == NEEDS_PROGRAM)
		return !S_ISREG(place->mode) || !caller_may(caller, place, S_IXOTH);
	if (needs == NEEDS_SOCKET && !S_ISSOCK(place->mode))
		return true;
	return !caller_may(caller, place, S_IWOTH);
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

/* Where a name starts, below the task's root; NULL where that is elsewhere. */
static const char *base_below(const struct root *root, const char *base)
{
	size_t size = root->path[1] ? strlen(root->path) : 0;

	if (strncmp(base, root->path, size) != 0 || (base[size] && base[size] != '/'))
		return NULL;
	return base + size;
}

/* True where the kernel can't tell, which is so before Linux 5.8. */
static bool has_mount(const struct statx *st, uint64_t mount)
{
	return !(st->stx_mask & STATX_MNT_ID) || st->stx_mnt_id == mount;
}

/* Does the path that the kernel tells of what was found lead there? Of a mount that is nowhere any more
 * it tells a path within. */
static bool is_at(const struct resolver *resolver, const struct root *root,
		  const struct looked *found)
{
	const char *below = base_below(root, found->path);
	struct looked there;
	bool same;

	if (has_mount(&found->st, root->mount))
		return true;
	if (!below ||
	    lookup_path(resolver->lookups, root->fd, *below ? below : "/", O_NOFOLLOW, &there) < 0)
		return false;
	same = has_mount(&there.st, found->st.stx_mnt_id);
	free(there.path);
	return same;
}

/* A lookup below the root, as a path; NULL where it fails. `needed`: what the call needs is about it. */
static char *find_existing(const struct resolver *resolver, const struct root *root,
			   const struct name_query *query, const char *path, int flags, bool needed,
			   struct place *ret)
{
	struct looked found;

	if (root->fd < 0 || lookup_path(resolver->lookups, root->fd, path, flags, &found) < 0)
		return NULL;
	if (!found.path || !is_at(resolver, root, &found) ||
	    root_is_replaced(resolver->roots, root, query->process)) {
		free(found.path);
		return NULL;
	}
	place_stat(ret, &found.st);
	ret->forbidden = needed && place_is_forbidden(ret, &query->caller, query->needs) &&
			 !lookup_has_rules(resolver->lookups, root->fd, path, flags);
	return without_ourselves(found.path, query->process);
}

/* Resolved where every directory on the way is known, and the end where it was to be followed. */
static bool is_settled(const struct resolver *resolver, const struct name_query *query,
		       const char *path)
{
	_cleanup_free_ char *parent = xstrdup(path);
	char *slash = strrchr(parent, '/');

	if (query->follow)
		return known_path(resolver->known, query->scope, path);
	slash[slash == parent] = '\0';
	return known_directory(resolver->known, query->scope, parent);
}

void place_settle(const struct resolver *resolver, const struct name_query *query,
		  struct place *place)
{
	if (query->root && !place->forbidden && !place->late)
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
	bool in_directory = query->needs == NEEDS_DIRECTORY;
	struct place above = {};

	parent = find_existing(resolver, root, query, *directory ? directory : "/", O_DIRECTORY,
			       in_directory, &above);
	if (!parent) {
		find_lexical(resolver, root, query, directory, last, ret);
		return;
	}
	ret->path = path_join(parent, last);
	/* of a link that can't be followed any more nobody knows where it led */
	ret->resolved =
		!query->follow || !*last || known_path(resolver->known, query->scope, ret->path);
	if (query->look)
		seen = find_existing(resolver, root, query, path, O_NOFOLLOW, !in_directory, ret);
	ret->forbidden |= above.forbidden;
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
static char *magic_target(const struct name_query *query, const char **ret_rest, bool *ret_deleted,
			  bool *ret_late)
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
	*ret_late = strncmp(rest, "root", size) !=
		    0; /* it may lead elsewhere by now; the root is known */
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
		ret->path = find_existing(resolver, root, query, path, 0,
					  query->needs != NEEDS_DIRECTORY, ret);
		ret->resolved = ret->path;
	}
	if (!ret->path)
		find_entry(resolver, root, query, path, ret);
}

/* One name in a directory that is known, not followed: whatever may be there now, that it was. */
static bool is_entry(const struct name_query *query)
{
	return !query->follow && query->base && *query->name && !strchr(query->name, '/');
}

bool resolver_has_proc(struct resolver *resolver, const struct name_query *query,
		       const char *directory)
{
	const struct root *root = root_get(resolver->roots, query->root, query->process);

	return root && root->fd >= 0 && lookup_is_proc(resolver->lookups, root->fd, directory);
}

/* What a relative name and its base say is so whatever the root is; for the rest that must be known,
 * or have been changed by the call itself. */
void resolver_find(struct resolver *resolver, const struct name_query *asked, struct place *ret)
{
	struct root unknown = {.path = "/", .fd = -1}, *root;
	struct name_query query = *asked;
	_cleanup_free_ char *base = NULL;
	bool late = false;

	*ret = (struct place){};
	root = root_get(resolver->roots, query.root, query.process);
	if (!root)
		root = &unknown;
	if (query.base)
		base = xstrdup(query.base);
	else if (root_is_own(resolver->roots, root)) /* our own /proc */
		base = magic_target(&query, &query.name, &ret->deleted, &late);
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
		ret->forbidden = false;
	}
	if (base && !*query.name)
		ret->resolved = true;
	if (late)
		ret->resolved = false;
	ret->late = late;
}
