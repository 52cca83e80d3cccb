/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that were made, removed, moved and changed: calls that leave no descriptor, so that what
 * they meant has to be found out from the name. See paths.h.
 */
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "paths.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static int place(const char *name)
{
	int fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	must(fd >= 0);
	return fd;
}

static void directories(void)
{
	int sub = place("sub");

	must(mkdir("made", 0755) == 0);
	say_file("w", "made/");
	must(mkdir("slashes///", 0755) == 0);
	say_file("w", "slashes/");
	must(mkdirat(sub, "at", 0755) == 0);
	say_file("w", "sub/at/");
	must(mkdirat(sub, "../sub/.//../round", 0755) == 0);
	say_file("w", "round/");
	must(rmdir("empty") == 0);
	say_file("w", "empty/");
	must(rmdir("sublink/below/") == 0);
	say_file("w", "sub/below/");
	must(unlinkat(sub, "inner", AT_REMOVEDIR) == 0);
	say_file("w", "sub/inner/");
}

static void removed(void)
{
	char absolute[5000];
	int sub = place("sub");

	must(unlink("file") == 0);
	say_file("w", "file");
	must(unlinkat(sub, "at", 0) == 0);
	say_file("w", "sub/at");
	snprintf(absolute, sizeof(absolute), "%s/absolute", case_path);
	must(unlink(absolute) == 0);
	say_file("w", "absolute");
	must(unlink("sub/../round") == 0);
	say_file("w", "round");
	must(unlink("sublink/by-link") == 0);
	say_file("w", "sub/by-link");
	/* ".." is that of where the link leads, not of where it is */
	must(unlink("sub/up/../by-parent") == 0);
	say_file("w", "nest/by-parent");
	must(unlink("chain/by-chain") == 0);
	say_file("w", "sub/by-chain");
	must(unlink("link") == 0);
	say_file("w", "link");
	must(unlinkat(AT_FDCWD, "dangling", 0) == 0);
	say_file("w", "dangling");
}

static void removed_prepare(void)
{
	must(mkdir("nest", 0755) == 0 && mkdir("nest/other", 0755) == 0);
	must(symlink("../nest/other", "sub/up") == 0);
	write_file("nest/by-parent", "", 0644);
}

static void made(void)
{
	int sub = place("sub");

	must(mknod("fifo", S_IFIFO | 0644, 0) == 0);
	say_file("w", "fifo");
	must(mknodat(sub, "regular", S_IFREG | 0644, 0) == 0);
	say_file("w", "sub/regular");
	must(mknod("socket", S_IFSOCK | 0644, 0) == 0);
	say_file("w", "socket");
	must(mknod("device", S_IFCHR | 0600, makedev(1, 3)) == 0);
	say_file("w", "device");
	/* what a link holds is no path that was used */
	must(symlink("/nowhere/made.case/else", "link") == 0);
	say_file("w", "link");
	must(symlinkat("regular", sub, "linked") == 0);
	say_file("w", "sub/linked");
}

static void linked(void)
{
	int sub = place("sub"), file = open("by-descriptor", O_PATH);

	must(link("old", "new") == 0);
	say_operation("link", "-", "old", "new");
	must(linkat(AT_FDCWD, "old", sub, "new", 0) == 0);
	say_operation("link", "-", "old", "sub/new");
	must(link("symlink", "same-symlink") == 0);
	say_operation("link", "-", "symlink", "same-symlink");
	must(linkat(AT_FDCWD, "symlink", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW) == 0);
	say_operation("link", "-", "target", "followed");
	must(linkat(sub, "../sublink/deep", AT_FDCWD, "sub/./deeper", 0) == 0);
	say_operation("link", "-", "sub/deep", "sub/deeper");
	must(linkat(file, "", AT_FDCWD, "from-descriptor", AT_EMPTY_PATH) == 0);
	say_operation("link", "-", "by-descriptor", "from-descriptor");
}

static void renamed(void)
{
	int sub = place("sub"), into = place("into");

	must(rename("old", "new") == 0);
	say_file("rw", "old");
	say_file("w", "new");
	must(renameat(sub, "at", into, "at") == 0);
	say_file("rw", "sub/at");
	say_file("w", "into/at");
	must(renameat2(AT_FDCWD, "fresh", into, "fresh", RENAME_NOREPLACE) == 0);
	say_file("rw", "fresh");
	say_file("w", "into/fresh");
	must(rename("over", "sub/over") == 0);
	say_file("rw", "over");
	say_file("w", "sub/over");
	must(renameat2(AT_FDCWD, "left", sub, "right", RENAME_EXCHANGE) == 0);
	say_file("rw", "left");
	say_file("rw", "sub/right");
	must(rename("link", "moved-link") == 0);
	say_file("rw", "link");
	say_file("w", "moved-link");
	must(rename("sublink/deep", "sublink/../into/deep") == 0);
	say_file("rw", "sub/deep");
	say_file("w", "into/deep");
	/* directories */
	must(rename("folder", "new-folder") == 0);
	say_file("rw", "folder/");
	say_file("w", "new-folder/");
	must(rename("folder-slash/", "into/folder-slash/") == 0);
	say_file("rw", "folder-slash/");
	say_file("w", "into/folder-slash/");
	must(renameat2(AT_FDCWD, "east", AT_FDCWD, "west", RENAME_EXCHANGE) == 0);
	say_file("rw", "east/");
	say_file("rw", "west/");
}

static void changed(void)
{
	int sub = place("sub"), fd;

	must(chmod("mode", 0600) == 0);
	say_file("w", "mode");
	must(chmod("mode-link", 0600) == 0);
	say_file("w", "mode-target");
	must(chmod("sub", 0700) == 0);
	say_file("w", "sub/");
	must(fchmodat(sub, "mode", 0600, 0) == 0);
	say_file("w", "sub/mode");
	fd = open("mode-descriptor", O_RDONLY);
	must(fd >= 0 && fchmod(fd, 0600) == 0);
	say_file("rw", "mode-descriptor");
	fd = open("folder", O_RDONLY | O_DIRECTORY);
	must(fd >= 0 && fchmod(fd, 0711) == 0);
	say_file("rw", "folder/");
	if (syscall(SYS_fchmodat2, sub, "mode-flags", 0600, AT_SYMLINK_NOFOLLOW) == 0)
		say_file("w", "sub/mode-flags");
	else
		must(errno == ENOSYS);
}

static void owned(void)
{
	int sub = place("sub"), fd;

	must(chown("own", 0, 0) == 0);
	say_file("w", "own");
	must(chown("own-link", 0, 0) == 0);
	say_file("w", "own-target");
	must(lchown("own-link", 0, 0) == 0);
	say_file("w", "own-link");
	must(chown("folder", 0, 0) == 0);
	say_file("w", "folder/");
	must(fchownat(sub, "own", -1, -1, 0) == 0);
	say_file("w", "sub/own");
	must(fchownat(AT_FDCWD, "sub/own-link", 0, 0, AT_SYMLINK_NOFOLLOW) == 0);
	say_file("w", "sub/own-link");
	fd = open("own-path", O_PATH);
	must(fchownat(fd, "", 0, 0, AT_EMPTY_PATH) == 0);
	say_file("w", "own-path");
	fd = open("own-descriptor", O_RDONLY);
	must(fd >= 0 && fchown(fd, 0, 0) == 0);
	say_file("rw", "own-descriptor");
}

static void cut(void)
{
	int fd;

	must(truncate("plain", 10) == 0);
	say_file("w", "plain");
	must(truncate("sub/../link", 10) == 0);
	say_file("w", "target");
	fd = open("append", O_WRONLY | O_APPEND);
	must(fd >= 0 && ftruncate(fd, 10) == 0);
	say_file("wa", "append");
}

/* Every byte but NUL and slash is one that a name can have. */
static void odd(void)
{
	static const char *const names[] = {
		"new\nline",         "quo\"te",  "back\\slash",  "\\134",       "\xff\xfe",
		"cut\xc3",           "\xc3\xa4", "\xed\xa0\x80", "a*[b]{c,d}?", " ",
		"tab\t\001\033[31m", "@{HOME}",  "#1 (deleted)", "-",           "...",
	};
	char name[64];
	int fd;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(name, sizeof(name), "open %s", names[i]);
		fd = open(name, O_WRONLY | O_CREAT, 0644);
		shut(fd);
		say_file("w", name);
		snprintf(name, sizeof(name), "symlink %s", names[i]);
		must(symlink("x", name) == 0);
		say_file("w", name);
		must(mkdir(names[i], 0755) == 0);
		snprintf(name, sizeof(name), "%s/", names[i]);
		say_file("w", name);
		strcat(name, "inside");
		must(mkfifo(name, 0644) == 0);
		say_file("w", name);
	}
}

/* Names of 255 bytes, and a path of 155 components. */
static void sized(void)
{
	char name[256], path[1024] = "";

	memset(name, 'n', sizeof(name) - 1);
	name[255] = '\0';
	name[254] = '1';
	shut(open(name, O_WRONLY | O_CREAT, 0644));
	say_file("w", name);
	name[254] = '2';
	must(symlink("x", name) == 0);
	say_file("w", name);
	name[254] = '3';
	must(mkdir(name, 0755) == 0);
	snprintf(path, sizeof(path), "%s/", name);
	say_file("w", path);
	strcat(path, name);
	must(mkfifo(path, 0644) == 0);
	say_file("w", path);
}

#define DEEP 155

static void deep_path(char *path, const char *last)
{
	int depth = 0;

	for (const char *at = case_path; *at; at++)
		depth += *at == '/';
	*path = '\0';
	for (; depth < DEEP - 1; depth++)
		strcat(path, "d/");
	strcat(path, last);
}

static void deep_prepare(void)
{
	char path[1024];

	deep_path(path, "file");
	for (char *at = path; (at = strchr(at, '/')); at++) {
		*at = '\0';
		must(mkdir(path, 0755) == 0);
		*at = '/';
	}
	write_file(path, "", 0644);
}

static void deep(void)
{
	char path[1024];

	deep_path(path, "file");
	shut(open(path, O_RDONLY));
	say_file("r", path);
	deep_path(path, "made");
	must(mkdir(path, 0755) == 0);
	strcat(path, "/");
	say_file("w", path);
	deep_path(path, "");
	must(chdir(path) == 0 && mkfifo("fifo", 0644) == 0);
	strcat(path, "fifo");
	say_file("w", path);
}

/* A link in /proc leads to what this process has, not to what the one that reads this has. */
static void magic(void)
{
	int fd = open("mode", O_PATH), sub = place("sub");
	char name[4200];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	must(chmod(name, 0600) == 0);
	say_file("w", "mode");
	snprintf(name, sizeof(name), "/proc/self/fd/%d/file", sub);
	must(unlink(name) == 0);
	say_file("w", "sub/file");
	must(mkdir("/proc/self/cwd/made", 0755) == 0);
	say_file("w", "made/");
	snprintf(name, sizeof(name), "/dev/fd/%d/fifo", sub);
	must(mkfifo(name, 0644) == 0);
	say_file("w", "sub/fifo");
	snprintf(name, sizeof(name), "/proc/thread-self/root%s/truncate", case_path);
	must(truncate(name, 1) == 0);
	say_file("w", "truncate");
	snprintf(name, sizeof(name), "/proc/%d/cwd/old", getpid());
	must(rename(name, "/proc/self/cwd/sub/new") == 0);
	say_file("rw", "old");
	say_file("w", "sub/new");
}

/* The same words, each time for something else. */
static void again(void)
{
	must(mkdir("link/made", 0755) == 0);
	say_file("w", "one/made/");
	settle();
	must(unlink("link") == 0 && symlink("two", "link") == 0);
	say_file("w", "link");
	must(mkdir("link/made", 0755) == 0);
	say_file("w", "two/made/");
	settle();
	/* the working directory is another by then, and is not */
	must(chdir("work") == 0 && mkdir("made", 0755) == 0);
	say_file("w", "work/made/");
	settle();
	must(rename("../work", "../play") == 0 && rmdir("made") == 0 && mkdir("made", 0755) == 0);
	say_file("rw", "work/");
	say_file("w", "play/");
	say_file("w", "play/made/");
}

/* The working directory has no name any more; what is above it has. */
static void homeless(void)
{
	must(chdir("home") == 0);
	must(rmdir("../home") == 0);
	say_file("w", "home/");
	settle();
	must_fail(mkdir("made", 0755), ENOENT);
	shut(open("../opened", O_WRONLY));
	say_file("w", "opened");
	must(mkdir("../made", 0755) == 0);
	say_file("w", "made/");
	must(unlink("../removed") == 0);
	say_file("w", "removed");
}

static void *thread_run(void *unused)
{
	(void)unused;
	must(syscall(SYS_unshare, CLONE_FS) == 0 && chdir("thread") == 0);
	must(mkdir("made", 0755) == 0);
	return NULL;
}

/* A thread with a working directory and a root of its own. */
static void *thread_jail(void *unused)
{
	(void)unused;
	must(syscall(SYS_unshare, CLONE_FS) == 0 && chroot("jail") == 0);
	must(mkdir("/made", 0755) == 0);
	settle();
	return NULL;
}

static void threads(void)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, thread_run, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
	say_file("w", "thread/made/");
	must(pthread_create(&thread, NULL, thread_jail, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
	say_file("w", "jail/made/");
	must(mkdir("made", 0755) == 0);
	say_file("w", "made/");
}

/* Another ABI has other numbers: BUILD/live/path_i386 does what is said here. */
static void compat(void)
{
	char program[4200];
	char *argv[] = {program, NULL};
	pid_t child;

	snprintf(program, sizeof(program), "%s", program_path);
	strcpy(strrchr(program, '/') + 1, "path_i386");
	child = fork();
	if (child == 0) {
		execv(program, argv);
		_exit(126);
	}
	wait_for(child);
	say_file_by(program, "w", "-", "made/");
	say_file_by(program, "w", "-", "at/");
	say_file_by(program, "w", "-", "removed");
	say_file_by(program, "rw", "-", "old");
	say_file_by(program, "w", "-", "new");
	say_file_by(program, "w", "-", "mode");
	say_file_by(program, "w", "-", "own");
	say_file_by(program, "w", "-", "cut");
	say_file_by(program, "w", "-", "symlink");
	say_file_by(program, "rwk", "-", "locked");
	say_file_by(program, "rm", "-", "mapped");
}

static void owner_as_other(void)
{
	must(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
	must(chmod("own", 0600) == 0);
	say_owner(true, "own");
	must(mkdir("open/made", 0755) == 0);
	say_owner(true, "open/made/");
}

/* What is made is its maker's; of what was changed it can be seen afterwards. */
static void owner(void)
{
	must(chmod("mine", 0600) == 0);
	say_owner(true, "mine");
	must(truncate("other", 1) == 0);
	say_owner(false, "other");
	must(chmod("other-link", 0600) == 0);
	say_owner(false, "other-target");
	must(mkdir("made", 0755) == 0);
	say_owner(true, "made/");
	must(symlink("other", "link") == 0);
	say_owner(true, "link");
	must(chmod("open", 0777) == 0);
	say_owner(true, "open/");
	apart(owner_as_other);
}

static const struct path_case cases[] = {
	{"directories", directories, "empty/ sub/ sub/below/ sub/inner/ sublink>sub", NULL},
	{"removed", removed,
	 "file sub/ sub/at absolute round sublink>sub sub/by-link chain>sublink sub/by-chain "
	 "link>file dangling>nowhere",
	 removed_prepare},
	{"made", made, "sub/", NULL},
	{"linked", linked, "old sub/ target symlink>target sublink>sub sub/deep by-descriptor",
	 NULL},
	{"renamed", renamed,
	 "old sub/ into/ sub/at fresh over sub/over left sub/right link>left sublink>sub sub/deep "
	 "folder/ folder/inside folder-slash/ east/ west/",
	 NULL},
	{"changed", changed,
	 "mode mode-target mode-link>mode-target sub/ sub/mode mode-descriptor folder/ "
	 "sub/mode-flags",
	 NULL},
	{"owned", owned,
	 "own own-target own-link>own-target folder/ sub/ sub/own sub/own-link>nowhere own-path "
	 "own-descriptor",
	 NULL},
	{"cut", cut, "plain sub/ target link>target append", NULL},
	{"odd", odd, "", NULL},
	{"sized", sized, "", NULL},
	{"deep", deep, "", deep_prepare},
	{"magic", magic, "mode sub/ sub/file truncate old", NULL},
	{"again", again, "one/ two/ link>one work/", NULL},
	{"homeless", homeless, "home/ opened removed", NULL},
	{"threads", threads, "thread/ jail/", NULL},
	{"owner-names", owner, "mine other@ other-target@ other-link>other-target own@ open/",
	 NULL},
	{"compat", compat, "removed old mode own cut locked mapped", NULL},
};

int main(int argc, char **argv)
{
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
