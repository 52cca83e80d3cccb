/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files that people asked for: what is replaced, what is refused, what is left after a failure. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "test.h"
#include "util/output.h"

static char where[] = "/tmp/leastcall-output-XXXXXX";

static void text_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) == EOF || fclose(file) == EOF)
		abort();
}

/* The file's text; "" where there is none. */
static const char *text_of(const char *path)
{
	static char text[256];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[size] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int entries;

static int entry_count(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
	(void)path, (void)status, (void)flag;
	entries += ftw->level > 0;
	return 0;
}

/* How many files are in the test's directory: none may be left behind. */
static int files_here(void)
{
	entries = 0;
	nftw(".", entry_count, 8, FTW_PHYS);
	return entries;
}

static int entry_remove(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
	(void)status, (void)flag, (void)ftw;
	return remove(path);
}

typedef int open_fn(struct output *out, const char *path, struct err *err);

/* A file of ours with a list keeps it, whichever way it is written: the mode alone would give the group
 * what the list's mask allows. */
static void list_check(open_fn *open, const unsigned char *acl, size_t size)
{
	unsigned char now[64] = {};
	struct output out;
	struct err err = {};

	text_write("listed", "old");
	if (setxattr("listed", "system.posix_acl_access", acl, size, 0) < 0) {
		SKIP("an access control list: there are none here");
	} else if (CHECK(!open(&out, "listed", &err), "one with a list opens: %s", err.text)) {
		output_commit(&out, &err);
		EQ(getxattr("listed", "system.posix_acl_access", now, sizeof(now)), size,
		   "a list stays");
		CHECK(!memcmp(acl, now, size), "... with all that it says");
	}
	unlink("listed");
}

/* Writes the file anew as one that is changed; what it is then. */
static struct stat changed(const char *path)
{
	struct output out;
	struct stat status = {};
	struct err err = {};

	if (CHECK(!output_open_changed(&out, path, &err), "%s is changed: %s", path, err.text)) {
		fputs("new", out.file);
		EQ(output_commit(&out, &err), 0, "... and written: %s", err.text);
	}
	EQ_STR(text_of(path), "new", "... its text");
	lstat(path, &status);
	unlink(path);
	return status;
}

/* The mode of the file after somebody without rights changed it. */
static int changed_by_nobody(const char *path)
{
	struct output out;
	struct err err = {};
	struct stat status = {};
	pid_t pid = fork();
	int code = 0;

	if (!pid) {
		_exit(setgid(65534) || setgroups(0, NULL) || setuid(65534) ||
		      output_open_changed(&out, path, &err) || output_commit(&out, &err));
	}
	CHECK(pid > 0 && waitpid(pid, &code, 0) == pid && !code, "nobody changes %s", path);
	return lstat(path, &status) ? -1 : (int)(status.st_mode & 07777);
}

/* What is changed keeps its rights, whatever umask(2) says, or has fewer. */
static void test_changed(void)
{
	/* Of version 2: user rw, user 1 r, group none, mask r, others none; acl(5) */
	static const unsigned char acl[] = {2,   0,   0,   0,   1,   0,   6,  0,   255, 255, 255,
					    255, 2,   0,   4,   0,   1,   0,  0,   0,   4,   0,
					    0,   0,   255, 255, 255, 255, 16, 0,   4,   0,   255,
					    255, 255, 255, 32,  0,   0,   0,  255, 255, 255, 255};
	mode_t mask = umask(0);
	struct stat status;

	text_write("mine", "old");
	chmod("mine", 0640);
	EQ(changed("mine").st_mode & 07777, 0640, "a mode stays");
	if (geteuid() != 0) {
		SKIP("what is somebody else's: not root");
		umask(mask);
		return;
	}
	text_write("theirs", "old");
	chmod("theirs", 0640);
	CHECK(!chown("theirs", 65534, 65533), "one of somebody else's");
	status = changed("theirs");
	EQ(status.st_mode & 07777, 0640, "its mode stays");
	EQ(status.st_uid, 65534, "its owner stays");
	EQ(status.st_gid, 65533, "its group stays");
	list_check(output_open_changed, acl, sizeof(acl));
	list_check(output_open, acl, sizeof(acl));
	umask(mask);
	text_write("group", "old");
	chmod("group", 0646);
	chmod(".", 0777);
	EQ(changed_by_nobody("group"), 0644, "of whom the group cannot be given none has more");
	chmod(".", 0700);
	unlink("group");
}

static void test_whole(void)
{
	struct output out;
	struct stat before, after;
	struct err err = {};

	EQ(output_open(&out, "new", &err), 0, "a new file opens");
	fputs("one", out.file);
	CHECK(access("new", F_OK) < 0, "it is not there before the commit");
	EQ(output_commit(&out, &err), 0, "it commits");
	EQ_STR(text_of("new"), "one", "it holds what was written");

	chmod("new", 0640);
	stat("new", &before);
	EQ(output_open(&out, "new", &err), 0, "an existing file opens");
	fputs("two", out.file);
	fflush(out.file);
	EQ_STR(text_of("new"), "one", "the old text stays until the commit");
	EQ(output_commit(&out, &err), 0, "the replacement commits");
	EQ_STR(text_of("new"), "two", "the new text is there");
	stat("new", &after);
	CHECK(before.st_ino != after.st_ino, "it was replaced, not written over");
	EQ(after.st_mode & 0777, 0640, "the permissions are kept");

	EQ(output_open(&out, "new", &err), 0, "it opens again");
	fputs("three", out.file);
	output_abandon(&out);
	EQ_STR(text_of("new"), "two", "after abandoning the old text is there");
	output_abandon(&out);
	EQ(files_here(), 1, "nothing is left beside it");
}

static void test_refused(void)
{
	struct output out;
	struct err err = {};

	if (symlink("new", "link") < 0 || symlink("nowhere", "dangling") < 0 || mkdir("dir", 0700))
		abort();
	EQ(output_open(&out, "link", &err), -ELOOP, "a symbolic link is refused");
	CHECK(strstr(err.text, "link is a symbolic link"), "and named: %s", err.text);
	EQ(output_open(&out, "dangling", &err), -ELOOP, "a dangling link is refused");
	EQ(output_open(&out, "dir", &err), -EISDIR, "a directory is refused");
	EQ(output_open(&out, "absent/file", &err), -ENOENT, "a missing directory is an error");
	EQ(output_open(&out, "", &err), -ENOENT, "an empty name is an error");
	EQ(output_open_growing(&out, "link", false, &err), -ELOOP, "growing: a link is refused");
	EQ(output_open_growing(&out, "dir", false, &err), -EISDIR, "growing: so is a directory");
	EQ_STR(text_of("new"), "two", "what the link points to is untouched");
	unlink("link");
	unlink("dangling");
	rmdir("dir");
	EQ(files_here(), 1, "nothing is left of refusals");
}

static void test_devices(void)
{
	struct output out;
	struct stat status;
	struct err err = {};

	EQ(output_open(&out, "/dev/full", &err), 0, "a device opens");
	fputs("text", out.file);
	EQ(output_commit(&out, &err), -ENOSPC, "a full device is an error");
	CHECK(strstr(err.text, "/dev/full"), "and named: %s", err.text);
	stat("/dev/full", &status);
	CHECK(S_ISCHR(status.st_mode), "it is still a device");

	EQ(output_open(&out, "/dev/full", &err), 0, "it opens again");
	for (int i = 0; i < 100000; i++)
		fputs("more than a buffer ", out.file);
	EQ(output_commit(&out, &err), -ENOSPC, "an error long before the end keeps its reason");

	EQ(output_open(&out, "/dev/null", &err), 0, "/dev/null opens");
	fputs("text", out.file);
	EQ(output_commit(&out, &err), 0, "and takes everything");
}

static void test_pipe(void)
{
	struct output out;
	struct err err = {};
	char path[32], got[8] = "";
	int fds[2];

	if (pipe(fds) < 0)
		abort();
	snprintf(path, sizeof(path), "/dev/fd/%d", fds[1]);
	EQ(output_open(&out, path, &err), 0, "/dev/fd/N opens");
	fputs("through", out.file);
	EQ(output_commit(&out, &err), 0, "/dev/fd/N commits");
	EQ(read(fds[0], got, 7), 7, "the pipe has it");
	EQ_STR(got, "through", "it is what was written");
	close(fds[0]);
	EQ(output_open(&out, path, &err), 0, "a pipe without a reader opens");
	fputs("in vain", out.file);
	EQ(output_commit(&out, &err), -EPIPE, "and fails with EPIPE");
	close(fds[1]);
}

static void test_growing(void)
{
	struct output out;
	struct err err = {};

	EQ(output_open_growing(&out, "grow", true, &err), 0, "growing: a fresh file opens");
	fputs("line\n", out.file);
	fflush(out.file);
	EQ_STR(text_of("grow"), "line\n", "growing: what was flushed is there at once");
	output_abandon(&out);
	EQ_STR(text_of("grow"), "line\n", "growing: it stays when abandoned");
	EQ(output_open_growing(&out, "grow", true, &err), -EEXIST, "growing: fresh means new");
	EQ_STR(text_of("grow"), "line\n", "growing: a refused file is untouched");
	EQ(output_open_growing(&out, "grow", false, &err), 0, "growing: otherwise it is truncated");
	EQ(output_commit(&out, &err), 0, "growing: and commits");
	EQ_STR(text_of("grow"), "", "growing: and is empty");
}

/* A write that fails: the target stays as it was. */
static void test_failure(void)
{
	struct output out;
	struct err err = {};

	text_write("kept", "old");
	EQ(output_open(&out, "kept", &err), 0, "a target opens");
	fputs("new", out.file);
	/* The descriptor goes bad under the stream, as it does when a disk goes away. */
	close(fileno(out.file));
	CHECK(output_commit(&out, &err) < 0, "a failed write is an error");
	EQ_STR(text_of("kept"), "old", "the target is untouched");
	EQ(files_here(), 3, "nothing is left beside it");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (!mkdtemp(where) || chdir(where) < 0)
		abort();
	test_whole();
	test_changed();
	test_refused();
	test_devices();
	test_pipe();
	test_growing();
	test_failure();
	if (chdir("/") < 0)
		abort();
	nftw(where, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
	return test_end();
}
