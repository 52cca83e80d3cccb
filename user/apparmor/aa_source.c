/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What profiles include: how a statement names it; files, and directories of such, of which packages'
 * left-overs are no part. Knows nothing of what is in them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aa_builtin.h"
#include "aa_internal.h"

#define SOURCE_SIZE_MAX (4u << 20)
#define NAMES_MAX       1000

bool aa_include_read(const char *text, size_t size, struct aa_include *ret)
{
	_cleanup_free_ char *line = xstrndup(text, size);
	char *at = line + (*line == '#') + strlen("include"), *end;

	at += strspn(at, " \t");
	if (!strncmp(at, "if", 2) && strspn(at + 2, " \t")) {
		at += 2 + strspn(at + 2, " \t");
		if (strncmp(at, "exists", 6) != 0)
			return false;
		at += 6 + strspn(at + 6, " \t");
		ret->if_exists = true;
	}
	ret->is_magic = *at == '<';
	end = at + strcspn(at + (*at == '<' || *at == '"'), *at == '<'   ? ">"
							    : *at == '"' ? "\""
									 : " \t\r#,");
	if (*at == '<' || *at == '"') {
		at++;
		end++;
		if (!*end)
			return false;
	}
	if (end <= at)
		return false;
	ret->path = xstrndup(at, (size_t)(end - at));
	return true;
}

static int descriptor_read(int fd, const char *path, struct aa_source *ret, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0, room = 0;
	ssize_t got;

	do {
		if (room - size < 4096)
			text = xrealloc(text, room = room * 2 + 8192, 1);
		got = read(fd, text + size, room - size - 1);
		if (got < 0 && errno != EINTR)
			return err_errno(err, -errno, "cannot read %s", path);
		size += got > 0 ? (size_t)got : 0;
		if (size > SOURCE_SIZE_MAX)
			return err_set(err, -EFBIG, "%s has more than %u bytes: it is no profile",
				       path, SOURCE_SIZE_MAX);
	} while (got);
	text[size] = '\0';
	if (memchr(text, '\0', size))
		return err_set(err, -EBADMSG, "%s holds the byte 0: it is no profile", path);
	ret->text = take(text);
	ret->size = size;
	return 0;
}

/* What apparmor_parser passes over in a directory: hidden files, and what packages leave behind. */
static int name_wanted(const struct dirent *entry)
{
	static const char *const suffixes[] = {
		"~",         ".rpmnew",    ".rpmsave",  ".orig",    ".rej",    ".dpkg-new",
		".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".pacsave", ".pacnew", ".dpkg-remove"};
	size_t length = strlen(entry->d_name), size, i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size = strlen(suffixes[i]);
		if (length >= size && !strcmp(entry->d_name + length - size, suffixes[i]))
			return 0;
	}
	return *entry->d_name != '.' && strcmp(entry->d_name, "README") != 0;
}

static int byte_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int directory_read(const char *full, const char *path, struct aa_source *ret,
			  struct err *err)
{
	struct dirent **list = NULL;
	int count = scandir(full, &list, name_wanted, byte_order), i;

	if (count < 0)
		return err_errno(err, -errno, "cannot read %s", full);
	ret->names = xcalloc((size_t)count, sizeof(*ret->names));
	for (i = 0; i < count; i++) {
		if (i < NAMES_MAX)
			ret->names[ret->name_count++] = xasprintf("%s/%s", path, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return 0;
}

static bool is_installed(const char *dir)
{
	_cleanup_free_ char *path = dir ? xasprintf("%s/abstractions", dir) : NULL;

	return path && !access(path, F_OK);
}

int aa_source_read(const char *dir, const char *path, struct aa_source *ret, struct err *err)
{
	const char *own = is_installed(dir) ? NULL : aa_builtin(path);
	_cleanup_free_ char *full = NULL;
	_cleanup_close_ int fd = -1;
	struct stat stat;

	*ret = (struct aa_source){};
	if (own) {
		ret->text = xstrdup(own);
		ret->size = strlen(own);
		return 0;
	}
	if (!dir && *path != '/')
		return err_set(err, -ENOENT, "there is no %s", path);
	full = *path == '/' ? xstrdup(path) : xasprintf("%s/%s", dir, path);
	fd = open(full, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat) < 0)
		return err_errno(err, -errno, "cannot read %s", full);
	if (S_ISDIR(stat.st_mode))
		return directory_read(full, path, ret, err);
	if (!S_ISREG(stat.st_mode))
		return err_set(err, -EINVAL, "%s is no regular file", full);
	return descriptor_read(fd, full, ret, err);
}

void aa_source_drop(struct aa_source *source)
{
	size_t i;

	for (i = 0; i < source->name_count; i++)
		free(source->names[i]);
	free(source->names);
	free(source->text);
}
