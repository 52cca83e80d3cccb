/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that were made, removed, moved and changed: calls that leave no descriptor, so that what
 * they meant has to be found out from the name. See paths.h.
 */
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "paths.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

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
	struct stat stat;
	char name[64];

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
	/* a file that had no name */
	file = open("sub", O_TMPFILE | O_WRONLY, 0644);
	must(file >= 0 && fstat(file, &stat) == 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	must(linkat(AT_FDCWD, name, sub, "named", AT_SYMLINK_FOLLOW) == 0);
	snprintf(name, sizeof(name), "sub/#%ju", (uintmax_t)stat.st_ino);
	say_file_by(NULL, "w", "deleted", name);
	say_operation("link", "deleted", name, "sub/named");
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
	/* each is asked for as what it was, and as what it becomes */
	must(renameat2(AT_FDCWD, "plain", AT_FDCWD, "hollow", RENAME_EXCHANGE) == 0);
	say_file("rw", "plain");
	say_file("w", "plain/");
	say_file("rw", "hollow/");
	say_file("w", "hollow");
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
	 "folder/ folder/inside folder-slash/ east/ west/ plain hollow/",
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
	{"owner-names", owner, "mine other@ other-target@ other-link>other-target own@ open/",
	 NULL},
};

int main(int argc, char **argv)
{
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
