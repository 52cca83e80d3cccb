/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See resolve.h. Lookups by openat2(2), which keeps them below the root that they belong to. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "model/pool.h"
#include "resolve.h"
#include "util/util.h"

#define FUSE_MAGIC 0x65735546 /* linux/magic.h: FUSE_SUPER_MAGIC */

struct root {
	char *path; /* NULL: not told yet */
	uint32_t mounts;
	int fd;        /* -1: not open */
	bool may_wait; /* whoever serves it could make a lookup wait for ever */
};

struct resolver {
	struct root *roots; /* by number */
	size_t count;
	struct pool *known; /* "SCOPE\nPATH" */
	uint32_t own_mounts;
};

struct resolver *resolver_new(void)
{
	struct resolver *resolver = xcalloc(1, sizeof(*resolver));
	struct stat ns = {};

	stat("/proc/self/ns/mnt", &ns);
	resolver->own_mounts = ns.st_ino;
	resolver->known = pool_new();
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

static int root_open_path(const struct root *root, const char *path)
{
	_cleanup_free_ char *seen = NULL;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	seen = descriptor_path(fd);
	if (seen && !strcmp(seen, root->path))
		return fd;
	close(fd);
	return -1;
}

/* The process may have another root by now, or its number may be another's: hence the looks. */
static void root_open(const struct resolver *resolver, struct root *root, pid_t process)
{
	char path[48];
	struct stat ns;
	struct statfs fs;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", process);
	if (process && stat(path, &ns) == 0 && ns.st_ino == root->mounts) {
		snprintf(path, sizeof(path), "/proc/%d/root", process);
		root->fd = root_open_path(root, path);
	}
	if (root->fd < 0 && root->mounts == resolver->own_mounts)
		root->fd = root_open_path(root, root->path);
	root->may_wait = root->fd >= 0 && (fstatfs(root->fd, &fs) != 0 || fs.f_type == FUSE_MAGIC);
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

void resolver_learn(struct resolver *resolver, const char *scope, const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%s", scope, path);
	char *start = key + strlen(scope) + 1, *slash;

	for (;;) {
		if (pool_find(resolver->known, key))
			return; /* and so what is above it */
		pool_text(resolver->known, key);
		slash = strrchr(start, '/');
		if (!slash || slash == start)
			return;
		*slash = '\0';
	}
}

static bool is_known(const struct resolver *resolver, const char *scope, const char *path)
{
	_cleanup_free_ char *key = xasprintf("%s\n%s", scope, path);

	return !path[1] || pool_find(resolver->known, key);
}

/* ---- lookups ------------------------------------------------------------------------------ */

/*
 * Never waits for a file system that a program of the workload serves: what the task has just
 * looked up is in the kernel's cache, and what is not there is looked up only where it is the
 * root's own file system that answers.
 */
static int lookup(const struct root *root, const char *path, int flags)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_CACHED,
	};
	int fd = syscall(SYS_openat2, root->fd, path, &how, sizeof(how));

	if (fd >= 0 || errno != EAGAIN || root->may_wait)
		return fd;
	how.resolve ^= RESOLVE_CACHED | RESOLVE_NO_XDEV;
	return syscall(SYS_openat2, root->fd, path, &how, sizeof(how));
}

static void place_stat(struct place *place, int fd, const char *name)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT) != 0)
		return;
	place->exists = true;
	place->directory = S_ISDIR(st.st_mode);
	place->uid = st.st_uid;
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

/* The name without "." and doubled slashes; false where a ".." makes that impossible. */
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

/* A lookup below the root, as a path; NULL where it fails. *ret_fd is open then. */
static char *find_existing(const struct root *root, const char *path, int flags, pid_t process,
			   int *ret_fd)
{
	char *found;

	if (root->fd < 0)
		return NULL;
	*ret_fd = lookup(root, path, flags);
	if (*ret_fd < 0)
		return NULL;
	found = descriptor_path(*ret_fd);
	if (found)
		return without_ourselves(found, process);
	close(*ret_fd);
	return NULL;
}

/* What was spelled, where it can't be looked up: resolved where every directory on it is known. */
static void find_lexical(const struct resolver *resolver, const struct root *root,
			 const struct name_query *query, const char *directory, const char *last,
			 struct place *ret)
{
	_cleanup_free_ char *whole = path_join(root->path, directory + strspn(directory, "/"));
	bool simple = path_simplify(whole);

	ret->path = path_join(whole, last);
	ret->resolved = simple && is_known(resolver, query->scope, whole) &&
			(!query->follow || is_known(resolver, query->scope, ret->path));
}

/* Cuts the last part off; "" where the end of the path is a directory's own name. */
static char *last_cut(char *path)
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
		       const struct name_query *query, char *path, struct place *ret)
{
	const char *last = last_cut(path);
	_cleanup_free_ char *parent = NULL;
	int fd;

	parent = find_existing(root, *path ? path : "/", O_DIRECTORY, query->process, &fd);
	if (!parent) {
		find_lexical(resolver, root, query, path, last, ret);
		return;
	}
	ret->path = path_join(parent, last);
	/* of a link that can't be followed any more nobody knows where it led */
	ret->resolved = !query->follow || !*last || is_known(resolver, query->scope, ret->path);
	place_stat(ret, fd, last);
	close(fd);
}

/* The path below the task's root; NULL where the base is not below it. */
static char *below_root(const struct root *root, const struct name_query *query)
{
	size_t size = root->path[1] ? strlen(root->path) : 0;

	if (!query->base)
		return xasprintf("/%s", query->name);
	if (strncmp(query->base, root->path, size) != 0 ||
	    (query->base[size] && query->base[size] != '/'))
		return NULL;
	return xasprintf("%s/%s", query->base + size, query->name);
}

/* One name in a directory that is known: there is nothing to look up. */
static bool is_entry(const struct name_query *query)
{
	return query->base && *query->name && !strchr(query->name, '/') &&
	       strcmp(query->name, ".") != 0 && strcmp(query->name, "..") != 0;
}

void resolver_find(struct resolver *resolver, const struct name_query *query, struct place *ret)
{
	struct root unknown = {.path = "/", .fd = -1}, *root = &unknown;
	_cleanup_free_ char *path = NULL;
	int fd;

	*ret = (struct place){};
	if (query->root < resolver->count && resolver->roots[query->root].path)
		root = &resolver->roots[query->root];
	if (root->fd < 0 && root != &unknown)
		root_open(resolver, root, query->process);
	path = below_root(root, query);
	if (path && query->follow) {
		ret->path = find_existing(root, path, 0, query->process, &fd);
		if (ret->path) {
			ret->resolved = true;
			place_stat(ret, fd, "");
			close(fd);
			return;
		}
	}
	if (path)
		find_entry(resolver, root, query, path, ret);
	else
		ret->path = path_join(query->base, query->name);
	if (!query->follow && is_entry(query)) {
		free(ret->path);
		ret->path = path_join(query->base, query->name);
		ret->resolved = true;
	}
}
