/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Made by *at() calls below one descriptor: whoever renames directories around us moves nothing of
 * ours elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory.h"

void directory_file_drop(struct directory_file *file)
{
	free(file->path);
	free(file->text);
	*file = (struct directory_file){};
}

/* The directories that the file is in. */
static int parents_make(int dir, const char *path)
{
	const char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		_cleanup_free_ char *parent = xstrndup(path, (size_t)(slash - path));

		if (mkdirat(dir, parent, 0777) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static int file_write(int dir, const struct directory_file *file)
{
	_cleanup_close_ int fd = -1;
	size_t done = 0;
	ssize_t put;
	int r = parents_make(dir, file->path);

	if (r)
		return r;
	fd = openat(dir, file->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	while (done < file->size) {
		put = write(fd, file->text + done, file->size - done);
		if (put < 0 && errno != EINTR)
			return -errno;
		done += put > 0 ? (size_t)put : 0;
	}
	return 0;
}

/* The files, and the directories that are then empty; the deeper ones first. */
static void files_remove(int dir, const struct directory_file *files, size_t count)
{
	size_t i;
	char *slash;

	for (i = 0; i < count; i++)
		unlinkat(dir, files[i].path, 0);
	for (i = 0; i < count; i++) {
		_cleanup_free_ char *parent = xstrdup(files[i].path);

		while ((slash = strrchr(parent, '/'))) {
			*slash = '\0';
			unlinkat(dir, parent, AT_REMOVEDIR);
		}
	}
}

/* As umask(2) has it, where mkdtemp() made it private. */
static mode_t mode_wanted(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0777 & ~mask;
}

int directory_write(const char *path, const struct directory_file *files, size_t count,
		    struct err *err)
{
	size_t length = strlen(path), i;
	_cleanup_free_ char *target = NULL, *beside = NULL;
	_cleanup_close_ int dir = -1;
	int r = 0;

	while (length > 1 && path[length - 1] == '/')
		length--;
	target = xstrndup(path, length);
	beside = xasprintf("%s.XXXXXX", target);
	if (!mkdtemp(beside))
		return err_errno(err, -errno, "cannot make %s", target);
	dir = open(beside, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		r = err_errno(err, -errno, "cannot make %s", target);
	for (i = 0; i < count && !r; i++) {
		r = file_write(dir, &files[i]);
		if (r)
			err_errno(err, r, "cannot write %s/%s", target, files[i].path);
	}
	if (!r && (fchmod(dir, mode_wanted()) < 0 || rename(beside, target) < 0)) {
		r = -errno;
		if (r == -ENOTEMPTY || r == -EEXIST || r == -ENOTDIR)
			err_set(err, r, "%s is there already: name another directory", target);
		else
			err_errno(err, r, "cannot make %s", target);
	}
	if (r && dir >= 0)
		files_remove(dir, files, count);
	if (r)
		rmdir(beside);
	return r;
}
