/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Files that were opened, mapped and locked, and what of a file is no use: see paths.h. The other
 * programs of cases are path_*.c.
 */
#include <linux/openat2.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include "paths.h"

/* What a file is opened for, by the flags of each way to do it. */
static void opened(void)
{
	static const struct {
		const char *name;
		const char *perms;
		int flags;
	} ways[] = {
		{"read", "r", O_RDONLY},
		{"write", "w", O_WRONLY},
		{"both", "rw", O_RDWR},
		{"append", "a", O_WRONLY | O_APPEND},
		{"append-read", "ra", O_RDWR | O_APPEND},
		{"append-create", "w", O_WRONLY | O_APPEND | O_CREAT},
		{"append-truncate", "w", O_WRONLY | O_APPEND | O_TRUNC},
		{"append-new", "w", O_WRONLY | O_APPEND | O_CREAT},
		{"read-create", "rw", O_RDONLY | O_CREAT},
		{"read-new", "rw", O_RDONLY | O_CREAT},
		{"read-truncate", "rw", O_RDONLY | O_TRUNC},
		{"new", "w", O_WRONLY | O_CREAT | O_EXCL},
		{"directory/", "r", O_RDONLY | O_DIRECTORY},
		{"plain/", "r", O_RDONLY},
	};
	struct open_how how = {.flags = O_RDWR | O_CREAT, .mode = 0644};
	int fd;

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		shut(must_open(ways[i].name, ways[i].flags));
		say_file(ways[i].perms, ways[i].name);
	}
	shut(creat("created", 0644));
	say_file("w", "created");
	shut((int)syscall(SYS_openat2, AT_FDCWD, "strict", &how, sizeof(how)));
	say_file("rw", "strict");
	shut((int)syscall(SYS_open, "old", O_RDONLY));
	say_file("r", "old");

	/* by other ways to the same place */
	fd = must_open("sub", O_PATH | O_DIRECTORY);
	shut(openat(fd, "deep", O_RDONLY));
	say_file("r", "sub/deep");
	how = (struct open_how){.flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT};
	shut((int)syscall(SYS_openat2, fd, "/../rooted", &how, sizeof(how)));
	say_file("r", "sub/rooted");
	shut(must_open("sub/../sublink/./linked", O_WRONLY));
	say_file("w", "sub/linked");
	shut(must_open("link", O_RDWR));
	say_file("rw", "target");
	shut(must_open("dangling", O_WRONLY | O_CREAT));
	say_file("w", "made-by-link");

	/* twice, each time for something else: one fact with both */
	shut(must_open("twice", O_RDONLY));
	shut(must_open("twice", O_WRONLY));
	say_file("rw", "twice");
	shut(must_open("fifo", O_RDONLY | O_NONBLOCK));
	say_file("r", "fifo");
}

static void opened_prepare(void)
{
	must(mkfifo("fifo", 0644) == 0);
}

static void handle(void)
{
	struct file_handle *name = calloc(1, sizeof(*name) + MAX_HANDLE_SZ);
	int mount, fd = must_open(".", O_PATH | O_DIRECTORY), root = must_open(".", O_RDONLY);

	say_file("r", "");
	name->handle_bytes = MAX_HANDLE_SZ;
	must(name_to_handle_at(fd, "file", name, &mount, 0) == 0);
	shut(open_by_handle_at(root, name, O_RDWR));
	say_file("rw", "file");
}

/* A file that never had a name: the kernel calls it by its inode. */
static void nameless(void)
{
	int fd = open("sub", O_TMPFILE | O_RDWR, 0644);
	struct stat stat;
	char name[64];

	must(fd >= 0 && fstat(fd, &stat) == 0);
	snprintf(name, sizeof(name), "sub/#%ju", (uintmax_t)stat.st_ino);
	say_file_by(NULL, "rw", "deleted", name);
}

static void mapped(void)
{
	int code = must_open("code", O_RDONLY), shared = must_open("shared", O_RDWR);
	int late = must_open("late", O_RDONLY), key = must_open("key", O_RDONLY);
	int data = must_open("data", O_RDONLY), one = must_open("one", O_RDONLY);
	int two = must_open("two", O_RDONLY);
	char *page;

	must(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, code, 0) != MAP_FAILED);
	say_file("rm", "code");
	must(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, shared, 0) !=
	     MAP_FAILED);
	say_file("rwm", "shared");
	must(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, data, 0) != MAP_FAILED);
	say_file("r", "data");
	must(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	     MAP_FAILED);

	/* what is made executable later is asked for then, even without the descriptor */
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, late, 0);
	must(page != MAP_FAILED);
	shut(late);
	must(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
	say_file("rm", "late");
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, key, 0);
	must(page != MAP_FAILED);
	must(syscall(SYS_pkey_mprotect, page, 4096, PROT_READ | PROT_EXEC, -1) == 0);
	say_file("rm", "key");
	/* two files behind one call */
	page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(page != MAP_FAILED);
	must(mmap(page, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, one, 0) == page);
	must(mmap(page + 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, two, 0) == page + 4096);
	must(mprotect(page, 8192, PROT_READ | PROT_EXEC) == 0);
	say_file("rm", "one");
	say_file("rm", "two");
}

static void set_lock(const char *name, int flags, int command, short type)
{
	struct flock lock = {.l_type = type};
	int fd = must_open(name, flags);

	must(fcntl(fd, command, &lock) == 0);
}

static void locked(void)
{
	must(flock(must_open("shared", O_RDONLY), LOCK_SH) == 0);
	say_file("rk", "shared");
	/* for an exclusive lock AppArmor asks for w, whatever the descriptor is for */
	must(flock(must_open("exclusive", O_RDONLY), LOCK_EX | LOCK_NB) == 0);
	say_file("rwk", "exclusive");
	must(flock(must_open("directory", O_RDONLY), LOCK_SH) == 0);
	say_file("rk", "directory/");
	set_lock("read", O_RDONLY, F_SETLK, F_RDLCK);
	say_file("rk", "read");
	set_lock("write", O_WRONLY, F_SETLKW, F_WRLCK);
	say_file("wk", "write");
	set_lock("append", O_WRONLY | O_APPEND, F_SETLK, F_WRLCK);
	say_file("wak", "append");
	set_lock("open-read", O_RDONLY, F_OFD_SETLK, F_RDLCK);
	say_file("rk", "open-read");
	set_lock("open-write", O_RDWR, F_OFD_SETLKW, F_WRLCK);
	say_file("rwk", "open-write");
	/* these lock nothing */
	must(flock(must_open("unlock", O_RDONLY), LOCK_UN) == 0);
	say_file("r", "unlock");
	set_lock("get", O_RDONLY, F_GETLK, F_WRLCK);
	say_file("r", "get");
	set_lock("open-get", O_RDONLY, F_OFD_GETLK, F_RDLCK);
	say_file("r", "open-get");
	set_lock("release", O_RDONLY, F_SETLK, F_UNLCK);
	say_file("r", "release");
	must(fcntl(must_open("flags", O_RDONLY), F_SETFD, FD_CLOEXEC) == 0);
	say_file("r", "flags");
}

/* What AppArmor has no rule for, and what has no path. */
static void nothing(void)
{
	int pipes[2], pair[2], memory, path = must_open("directory", O_PATH);
	char name[64], text[64];
	struct stat stat_;
	struct statvfs statvfs_;

	must(pipe(pipes) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	memory = memfd_create("nothing.case", 0);
	must(memory >= 0 && ftruncate(memory, 4096) == 0 && fchmod(memory, 0600) == 0);
	must(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, memory, 0) != MAP_FAILED);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", memory);
	shut(must_open(name, O_RDWR));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", pipes[0]);
	shut(must_open(name, O_RDONLY));
	shut(eventfd(0, 0));
	shut(must_open("file", O_PATH));
	shut(openat(path, "inside", O_PATH));
	must(fstatat(path, "inside", &stat_, 0) == 0 && stat("file", &stat_) == 0);
	must(lstat("link", &stat_) == 0 && readlink("link", text, sizeof(text)) == 4);
	must(access("file", R_OK | W_OK) == 0 && faccessat(path, "inside", R_OK, AT_EACCESS) == 0);
	must(statvfs("file", &statvfs_) == 0 && chdir("directory") == 0 && chdir("..") == 0);
	must(fchdir(path) == 0 && chdir("..") == 0);
	must(utimensat(AT_FDCWD, "file", NULL, 0) == 0 && utimensat(path, "inside", NULL, 0) == 0);
	must(setxattr("file", "user.a", "b", 1, 0) == 0 || errno == ENOTSUP);
	must(getxattr("file", "user.b", text, sizeof(text)) == -1);
	must(inotify_add_watch(inotify_init(), "file", IN_MODIFY) >= 0);
}

static void failed_as_other(void)
{
	must(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
	must_fail(open("secret", O_RDONLY), EACCES);
	must_fail(open("file", O_WRONLY), EACCES);
	must_fail(open("not-mine", O_WRONLY | O_CREAT, 0644), EACCES);
	must_fail(mkdir("not-mine", 0755), EACCES);
	must_fail(unlink("file"), EACCES);
	must_fail(rename("file", "moved"), EACCES);
	must_fail(rmdir("directory"), EACCES);
	must_fail(symlink("a", "not-mine"), EACCES);
	must_fail(truncate("file", 0), EACCES);
	must_fail(chmod("file", 0777), EPERM);
	must_fail(chown("file", OTHER_USER, OTHER_USER), EPERM);
}

static void failed(void)
{
	must(chmod("secret", 0600) == 0);
	say_file("w", "secret");
	must_fail(open("missing", O_RDWR), ENOENT);
	must_fail(open("file", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	must_fail(open("directory", O_WRONLY), EISDIR);
	must_fail(open("file/below", O_RDONLY), ENOTDIR);
	must_fail(mkdir("directory", 0755), EEXIST);
	must_fail(mkdir("missing/directory", 0755), ENOENT);
	must_fail(rmdir("directory"), ENOTEMPTY);
	must_fail(rmdir("file"), ENOTDIR);
	must_fail(unlink("missing"), ENOENT);
	must_fail(unlink("directory"), EISDIR);
	must_fail(rename("missing", "moved"), ENOENT);
	must_fail(renameat2(AT_FDCWD, "file", AT_FDCWD, "secret", RENAME_NOREPLACE), EEXIST);
	must_fail(link("file", "secret"), EEXIST);
	must_fail(symlink("a", "file"), EEXIST);
	must_fail(chmod("missing", 0600), ENOENT);
	must_fail(chown("missing", 0, 0), ENOENT);
	must_fail(truncate("directory", 0), EISDIR);
	must_fail(mkfifo("file", 0600), EEXIST);
	must_fail(chmod((char *)8, 0600), EFAULT);
	apart(failed_as_other);
}

/* A file that has no name any more is opened by its descriptor. */
static void deleted(void)
{
	int fd = must_open("gone", O_WRONLY | O_CREAT);
	char name[64];

	must(unlink("gone") == 0);
	say_file("w", "gone");
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	shut(must_open(name, O_RDONLY));
	say_file_by(NULL, "r", "deleted", "gone");
}

/* Under /proc, self and thread-self are links. Its facts have no other mark than this program's pid. */
static void proc(void)
{
	char name[64];

	shut(must_open("/proc/self/status", O_RDONLY));
	snprintf(name, sizeof(name), "/proc/%d/status", getpid());
	say_file("r", name);
	shut(must_open("/proc/thread-self/comm", O_RDWR));
	snprintf(name, sizeof(name), "/proc/%d/task/%d/comm", getpid(), getpid());
	say_file("rw", name);
	shut(must_open("/proc/self/task", O_RDONLY | O_DIRECTORY));
	snprintf(name, sizeof(name), "/proc/%d/task/", getpid());
	say_file("r", name);
}

static void owner_as_other(void)
{
	must(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
	shut(must_open("own", O_RDWR));
	say_owner(true, "own");
	shut(must_open("for-all", O_RDONLY));
	say_owner(false, "for-all");
	shut(must_open("shared", O_RDONLY));
}

/* Whoever it was, false where one was not the owner. */
static void owner(void)
{
	shut(must_open("mine", O_RDONLY));
	say_owner(true, "mine");
	shut(must_open("other", O_RDWR));
	say_owner(false, "other");
	shut(must_open("shared", O_RDONLY));
	say_owner(false, "shared");
	shut(must_open("new", O_WRONLY | O_CREAT));
	say_owner(true, "new");
	apart(owner_as_other);
}

static const struct path_case cases[] = {
	{"opened", opened,
	 "read write both append append-read append-create append-truncate read-create "
	 "read-truncate directory/ plain/ strict old sub/ sub/deep sub/rooted sub/linked "
	 "sublink>sub "
	 "target link>target dangling>made-by-link twice",
	 opened_prepare},
	{"handle", handle, "file", NULL},
	{"nameless", nameless, "sub/", NULL},
	{"mapped", mapped, "code shared data late key one two", NULL},
	{"locked", locked,
	 "shared exclusive directory/ read write append open-read open-write unlock get open-get "
	 "release flags",
	 NULL},
	{"nothing", nothing, "file directory/ directory/inside link>file", NULL},
	{"failed", failed, "secret file directory/ directory/file", NULL},
	{"deleted", deleted, "", NULL},
	{"proc", proc, "", NULL},
	{"owner-files", owner, "mine other@ own@ for-all shared", NULL},
};

int main(int argc, char **argv)
{
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
