/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Opens, commits and abandons the files that people asked for. Knows file types, temporary names
 * and renames; does not know what is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "output.h"

/* Leaves room for the dots and the random part within NAME_MAX. */
#define BESIDE_NAME_MAX 200
#define BESIDE_TRIES    16

/*
 * /dev/stdout, /dev/stderr and /dev/fd/N are links into /proc; what is meant is the descriptor
 * itself. Returns its number, or -1 where PATH is none of them.
 */
static int descriptor_of(const char *path)
{
	char *end;
	long fd;

	if (!strcmp(path, "/dev/stdout"))
		return STDOUT_FILENO;
	if (!strcmp(path, "/dev/stderr"))
		return STDERR_FILENO;
	if (strncmp(path, "/dev/fd/", 8) || path[8] < '0' || path[8] > '9')
		return -1;
	errno = 0;
	fd = strtol(path + 8, &end, 10);
	return *end || errno || fd > 1 << 20 ? -1 : (int)fd;
}

/* The stream takes the descriptor over, also where it fails. */
static int stream_open(struct output *out, int fd, struct err *err)
{
	out->file = fdopen(fd, "w");
	if (!out->file) {
		int code = -errno;

		close(fd);
		return err_errno(err, code, "cannot write %s", out->path);
	}
	return 0;
}

/* 1 where PATH is a stream that is open already (and now opened), 0 where it is a file. */
static int special_open(struct output *out, const char *path, struct err *err)
{
	int fd, code;

	if (!strcmp(path, "-")) {
		out->file = stdout;
		return 1;
	}
	fd = descriptor_of(path);
	if (fd < 0)
		return 0;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return err_errno(err, -errno, "cannot write %s", path);
	code = stream_open(out, fd, err);
	return code ? code : 1;
}

/* Opens a new file in PATH's directory; its name, a dot file, is in out->beside. */
static int beside_open(struct output *out, mode_t mode, struct err *err)
{
	const char *slash = strrchr(out->path, '/');
	const char *name = slash ? slash + 1 : out->path;
	int dir_size = (int)(name - out->path);
	unsigned int tries, random;
	int fd, code;

	for (tries = 0; tries < BESIDE_TRIES; tries++) {
		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return err_errno(err, -errno, "cannot get random bytes");
		free(out->beside);
		out->beside = xasprintf("%.*s.%.*s.%08x", dir_size, out->path, BESIDE_NAME_MAX,
					name, random);
		fd = open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	code = fd < 0 ? -errno : fd;
	if (code < 0) {
		free(take(out->beside));
		return err_errno(err, code, "cannot write %s", out->path);
	}
	return fd;
}

#define ACL "system.posix_acl_access"

/*
 * The new file is for nobody whom the old one was not for. Where the group cannot be given it is
 * another one, and whoever is in neither the one nor the other has no more than both had.
 */
static void rights_keep(int fd, const char *path, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777, both = mode & mode >> 3 & 07;
	char acl[4096];
	ssize_t size = lgetxattr(path, ACL, acl, sizeof(acl));
	bool has_acl = size > 0 || (size < 0 && errno == ERANGE);
	bool kept = fchown(fd, old->st_uid, old->st_gid) == 0 ||
		    fchown(fd, (uid_t)-1, old->st_gid) == 0;

	if (!kept)
		mode = (mode & 0700) | both << 3 | both;
	/* With a list the group of the mode is not the group's: all or nothing. */
	if (has_acl)
		mode &= 0700;
	if (fchmod(fd, mode) == 0 && has_acl && kept && size >= 0)
		fsetxattr(fd, ACL, acl, (size_t)size, 0);
}

/* `changes`: what is there is written anew with the rights that it has. Else only a file of ours keeps
 * them: what others chose for theirs is no reason to open ours to them. */
static int target_open(struct output *out, bool changes, struct err *err)
{
	struct stat target;
	bool exists, keeps;
	int fd;

	exists = lstat(out->path, &target) == 0;
	if (!exists && (errno != ENOENT || !*out->path))
		return err_errno(err, -errno, "cannot write %s", out->path);
	if (exists && S_ISLNK(target.st_mode))
		return err_set(err, -ELOOP, "%s is a symbolic link: name the file itself",
			       out->path);
	if (exists && S_ISDIR(target.st_mode))
		return err_errno(err, -EISDIR, "cannot write %s", out->path);
	if (exists && !S_ISREG(target.st_mode)) {
		fd = open(out->path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0 && errno == ENXIO)
			return err_set(err, -ENXIO, "%s: nobody reads from it", out->path);
		if (fd < 0)
			return err_errno(err, -errno, "cannot write %s", out->path);
		fcntl(fd, F_SETFL, O_WRONLY); /* only opening must not wait for ever */
	} else {
		keeps = exists && (changes || target.st_uid == geteuid());
		fd = beside_open(out, keeps ? 0600 : 0666, err);
		if (fd < 0)
			return fd;
		if (keeps)
			rights_keep(fd, out->path, &target);
	}
	return stream_open(out, fd, err);
}

/* Closes and forgets everything; what was written beside the target goes. */
static void output_drop(struct output *out)
{
	if (out->file && out->file != stdout)
		fclose(out->file);
	if (out->beside)
		unlink(out->beside);
	free(out->beside);
	free(out->path);
	*out = (struct output){};
}

static int result_open(struct output *out, const char *path, bool changes, struct err *err)
{
	int code;

	*out = (struct output){.path = xstrdup(path ? path : "-")};
	code = special_open(out, out->path, err);
	if (!code)
		code = target_open(out, changes, err);
	if (code < 0)
		output_drop(out);
	return code < 0 ? code : 0;
}

int output_open(struct output *out, const char *path, struct err *err)
{
	return result_open(out, path, false, err);
}

int output_open_changed(struct output *out, const char *path, struct err *err)
{
	return result_open(out, path, true, err);
}

/* 1 where it is a regular file, 0 where not. Another user could change it while it is written. */
static int growing_check(const char *path, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, -errno, "cannot write %s", path);
	if (S_ISREG(st.st_mode) && st.st_uid != geteuid())
		return err_set(err, -EPERM,
			       "%s is another user's file: remove it, or name another one", path);
	return S_ISREG(st.st_mode);
}

int output_try_growing(const char *path, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	int code = fd < 0 ? -errno : 0;

	if (code < 0)
		return err_errno(err, code, "cannot write %s", path);
	code = growing_check(path, fd, err);
	return code < 0 ? code : 0;
}

int output_open_growing(struct output *out, const char *path, bool fresh, struct err *err)
{
	int code, fd;

	*out = (struct output){.path = xstrdup(path ? path : "-")};
	code = special_open(out, out->path, err);
	if (!code) {
		fd = open(out->path,
			  O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | O_NONBLOCK |
				  (fresh ? O_EXCL : 0),
			  0666);
		if (fd >= 0)
			fcntl(fd, F_SETFL, O_WRONLY);
		if (fd < 0 && errno == ELOOP)
			code = err_set(err, -ELOOP, "%s is a symbolic link: name the file itself",
				       out->path);
		else if (fd < 0 && errno == ENXIO)
			code = err_set(err, -ENXIO, "%s: nobody reads from it", out->path);
		else if (fd < 0)
			code = err_errno(err, -errno, "cannot write %s", out->path);
		else
			code = growing_check(out->path, fd, err);
		if (code > 0 && ftruncate(fd, 0) < 0)
			code = err_errno(err, -errno, "cannot write %s", out->path);
		if (fd >= 0 && code < 0)
			close(fd);
		else if (fd >= 0)
			code = stream_open(out, fd, err);
	}
	if (code < 0)
		output_drop(out);
	return code < 0 ? code : 0;
}

/*
 * 0, or why the stream's bytes are not where they belong. stdio keeps that something failed, not
 * what: a full device and a pipe without a reader say it again when asked again.
 */
static int stream_status(FILE *file)
{
	errno = 0;
	if (fflush(file) == 0 && !ferror(file)) {
		/* Pipes and terminals know no fsync: EINVAL. */
		if (fsync(fileno(file)) < 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT))
			return -errno;
		return 0;
	}
	if (errno)
		return -errno;
	clearerr(file);
	if (fputc('\n', file) == EOF || fflush(file) == EOF)
		return errno ? -errno : -EIO;
	return -EIO;
}

/* What grew under its own name may have been renamed or replaced meanwhile, by whoever owns the
 * directory. -ESTALE where the name no longer stands for what was written. */
static int name_check(const struct output *out)
{
	struct stat written, named;

	if (out->beside || fstat(fileno(out->file), &written) < 0 || !S_ISREG(written.st_mode) ||
	    !strcmp(out->path, "-") || descriptor_of(out->path) >= 0)
		return 0;
	if (lstat(out->path, &named) < 0 || named.st_dev != written.st_dev ||
	    named.st_ino != written.st_ino)
		return -ESTALE;
	return 0;
}

int output_commit(struct output *out, struct err *err)
{
	int code = stream_status(out->file);

	if (!code && name_check(out) < 0) {
		err_set(err, -ESTALE, "%s was replaced or removed while it was written", out->path);
		output_drop(out);
		return -ESTALE;
	}

	if (out->file != stdout && fclose(out->file) == EOF && !code)
		code = -errno;
	out->file = NULL;
	if (!code && out->beside && rename(out->beside, out->path) < 0)
		code = -errno;
	if (code)
		err_errno(err, code, "cannot write %s",
			  strcmp(out->path, "-") ? out->path : "to stdout");
	else
		free(take(out->beside));
	output_drop(out);
	return code;
}

void output_abandon(struct output *out)
{
	output_drop(out);
}
