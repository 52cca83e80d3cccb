/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static */
/*
 * What other roots, mounts and mount namespaces make of paths: they are as the mount namespace of
 * the process has them, from its own root on, whatever root the process has. See paths.h.
 */
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "paths.h"

static void used(const char *name, int flags)
{
	shut(open(name, flags, 0644));
}

/* A mount namespace of its own, of which nothing comes out. */
static void leave(int flags)
{
	if (unshare(flags | CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		skip_case("a mount namespace");
}

static void mount_tmpfs(const char *where)
{
	if (mount("none", where, "tmpfs", 0, "size=1m"))
		skip_case("a tmpfs");
}

/* Names in a new root, of every kind. */
static void jailed(void)
{
	must(chdir("jail") == 0);
	if (chroot("."))
		skip_case("a root");
	used("/file", O_RDONLY);
	say_file("r", "jail/file");
	used("sub/../relative", O_WRONLY);
	say_file("w", "jail/relative");
	must(mkdir("/made", 0755) == 0);
	say_file("w", "jail/made/");
	must(mkdir("made-relative", 0755) == 0);
	say_file("w", "jail/made-relative/");
	/* above the root is the root */
	must(unlink("/../../up") == 0);
	say_file("w", "jail/up");
	must(unlink("../../up-relative") == 0);
	say_file("w", "jail/up-relative");
	/* where a link is absolute, it is from the root */
	must(unlink("absolute/by-link") == 0);
	say_file("w", "jail/sub/by-link");
	must(rename("/old", "sub/new") == 0);
	say_file("rw", "jail/old");
	say_file("w", "jail/sub/new");
	must(chmod("mode-link", 0600) == 0);
	say_file("w", "jail/mode");
	must(link("/mode", "/linked") == 0);
	say_operation("link", "-", "jail/mode", "jail/linked");
}

/* Nothing of the host is there to be executed but what needs nothing. */
static void jailed_execution(void)
{
	char *argv[] = {"script", NULL};
	pid_t child;

	must(chdir("jail") == 0);
	if (chroot("."))
		skip_case("a root");
	child = fork();
	if (child == 0)
		_exit(execv("/sub/script", argv) ? 126 : 0);
	wait_for(child);
	say_operation("exec", "-", "jail/sub/script", "jail/interpreter");
	/* a program without an ELF interpreter is mapped by the kernel alone */
	say_file_by("jail/interpreter", "mx", "-", "jail/interpreter");
}

static void jailed_execution_prepare(void)
{
	write_file("jail/sub/script", "#!/interpreter\n", 0755);
}

/* The working directory stays outside of the new root. */
static void outside(void)
{
	must(mkdir("before", 0755) == 0);
	say_file("w", "before/");
	if (chroot("jail"))
		skip_case("a root");
	must(mkdir("/inside", 0755) == 0);
	say_file("w", "jail/inside/");
	must(mkdir("made", 0755) == 0);
	say_file("w", "made/");
	must(unlink("../outside.case/up") == 0);
	say_file("w", "up");
	/* nothing outside of the root is looked up: it is told as it was spelled, and so flagged */
	must(unlink("sub/../file") == 0);
	say_file_by(NULL, "w", "unresolved", "sub/../file");
	must(unlink("absolute/by-link") == 0);
	say_file_by(NULL, "w", "unresolved", "absolute/by-link");
	/* a root within the root */
	must(chroot("/cell") == 0);
	must(mkdir("/inside", 0755) == 0);
	say_file("w", "jail/cell/inside/");
}

/* What is bound has the path of where it is, not of what it is. */
static void bound(void)
{
	leave(0);
	must(mount("source", "there", NULL, MS_BIND, NULL) == 0);
	must(mount("file", "there/file", NULL, MS_BIND, NULL) == 0);
	used("there/read", O_RDONLY);
	say_file("r", "there/read");
	used("there/file", O_WRONLY);
	say_file("w", "there/file");
	must(unlink("there/gone") == 0);
	say_file("w", "there/gone");
	must(mkdir("there/made", 0755) == 0);
	say_file("w", "there/made/");
	must(mkdir("source/made-here", 0755) == 0);
	say_file("w", "source/made-here/");
	must(chmod("there/file", 0600) == 0);
	must(mkdir("there/../up", 0755) == 0);
	say_file("w", "up/");
	must(chdir("there") == 0 && mkdir("../up-relative", 0755) == 0);
	say_file("w", "up-relative/");
}

/* Mounts that nobody else sees. */
static void hidden(void)
{
	leave(0);
	mount_tmpfs("sub");
	used("sub/file", O_WRONLY | O_CREAT);
	say_file("w", "sub/file");
	must(mkdir("sub/made", 0755) == 0);
	say_file("w", "sub/made/");
	must(symlink("made", "sub/link") == 0);
	say_file("w", "sub/link");
	must(mkdir("sub/link/below", 0755) == 0);
	say_file("w", "sub/made/below/");
	mount_tmpfs("sub/made");
	must(mkfifo("sub/link/fifo", 0644) == 0);
	say_file("w", "sub/made/fifo");
	must(chdir("sub/made") == 0 && unlink("../file") == 0);
}

/* A mount over a mount, and over the working directory. */
static void covered(void)
{
	leave(0);
	must(chdir("sub") == 0);
	mount_tmpfs(".");
	used("below", O_WRONLY);
	say_file("w", "sub/below");
	must(mkdir("made-below", 0755) == 0);
	say_file("w", "sub/made-below/");
	must(mkdir("../sub/made-above", 0755) == 0);
	say_file("w", "sub/made-above/");
}

static void write_map(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	shut(fd);
}

/* Another user namespace: what is mounted there is its own. */
static void unprivileged(void)
{
	char map[64];

	must(setresgid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
	must(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
	must(prctl(PR_SET_DUMPABLE, 1) == 0); /* else /proc/self is root's */
	leave(CLONE_NEWUSER);
	snprintf(map, sizeof(map), "0 %d 1", OTHER_USER);
	write_map("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", map);
	write_map("/proc/self/gid_map", map);
	mount_tmpfs("sub");
	used("sub/file", O_WRONLY | O_CREAT);
	say_file("w", "sub/file");
	must(symlink("x", "sub/link") == 0);
	say_file("w", "sub/link");
}

static void numbered_child(void)
{
	must(getpid() == 1);
	leave(0);
	mount_tmpfs("sub");
	must(mkfifo("sub/fifo", 0644) == 0);
	say_file("w", "sub/fifo");
	must(chdir("sub") == 0 && symlink("x", "link") == 0);
	say_file("w", "sub/link");
	settle();
}

/* The process has another number where it is than where it is recorded. */
static void numbered(void)
{
	if (unshare(CLONE_NEWPID))
		skip_case("a pid namespace");
	apart(numbered_child);
}

/* The same mount namespace gets another root: the paths of its new root. */
static void pivoted(void)
{
	leave(0);
	must(mkdir("before", 0755) == 0);
	say_file("w", "before/");
	mount_tmpfs("root");
	must(mkdir("root/pivoted.case", 0755) == 0);
	say_file("w", "root/pivoted.case/");
	must(mkdir("root/put", 0755) == 0);
	say_file("w", "root/put/");
	must(chdir("root") == 0);
	settle();
	must(syscall(SYS_pivot_root, ".", "put") == 0 && chdir("/") == 0);
	must(mkdir("/pivoted.case/absolute", 0755) == 0);
	say_file("w", "/pivoted.case/absolute/");
	must(symlink("absolute", "pivoted.case/link") == 0);
	say_file("w", "/pivoted.case/link");
	must(mkfifo("/pivoted.case/link/fifo", 0644) == 0);
	say_file("w", "/pivoted.case/absolute/fifo");
	used("/pivoted.case/file", O_WRONLY | O_CREAT);
	say_file("w", "/pivoted.case/file");
	settle();
	must(umount2("/put", MNT_DETACH) == 0);
	must(mkdir("/pivoted.case/alone", 0755) == 0);
	say_file("w", "/pivoted.case/alone/");
}

static void overlaid(void)
{
	leave(0);
	mount_tmpfs("layers");
	must(mkdir("layers/upper", 0755) == 0 && mkdir("layers/index", 0755) == 0);
	say_file("w", "layers/upper/");
	say_file("w", "layers/index/");
	if (mount("none", "merged", "overlay", 0,
		  "lowerdir=lower,upperdir=layers/upper,workdir=layers/index"))
		skip_case("an overlay");
	used("merged/read", O_RDONLY);
	say_file("r", "merged/read");
	used("merged/copied", O_RDWR);
	say_file("rw", "merged/copied");
	must(unlink("merged/gone") == 0);
	say_file("w", "merged/gone");
	must(rename("merged/old", "merged/new") == 0);
	say_file("rw", "merged/old");
	say_file("w", "merged/new");
	must(mkdir("merged/made", 0755) == 0);
	say_file("w", "merged/made/");
	used("merged/made/file", O_WRONLY | O_CREAT);
	say_file("w", "merged/made/file");
	must(chmod("merged/mode", 0600) == 0);
	say_file("w", "merged/mode");
}

/* A descriptor of a mount namespace that the process has left. */
static void foreign(void)
{
	int fd = open("sub", O_PATH | O_DIRECTORY);

	leave(0);
	shut(openat(fd, "file", O_RDONLY));
	say_file_by(NULL, "r", "foreign", "sub/file");
	must(mkdirat(fd, "made", 0755) == 0);
	say_file_by(NULL, "w", "foreign", "sub/made/");
	/* the same by the name that it has here */
	used("sub/file", O_WRONLY);
	say_file("w", "sub/file");
	must(unlink("sub/gone") == 0);
	say_file("w", "sub/gone");
}

/* A mount that was taken away while it was in use: paths from its own root on. */
static void detached(void)
{
	leave(0);
	mount_tmpfs("sub");
	must(mkdir("sub/detached.case", 0755) == 0);
	say_file("w", "sub/detached.case/");
	must(chdir("sub/detached.case") == 0);
	settle();
	must(umount2("../../sub", MNT_DETACH) == 0);
	used("file", O_WRONLY | O_CREAT);
	say_file_by(NULL, "w", "detached", "/detached.case/file");
	must(mkdir("made", 0755) == 0);
	say_file_by(NULL, "w", "detached", "/detached.case/made/");
	must(unlink("file") == 0);
}

static const struct path_case cases[] = {
	{"jailed", jailed,
	 "jail/ jail/file jail/relative jail/up jail/up-relative jail/sub/ jail/sub/by-link "
	 "jail/absolute>/sub jail/old jail/mode jail/mode-link>/mode",
	 NULL},
	{"jailed-execution", jailed_execution, "jail/ jail/interpreter! jail/sub/",
	 jailed_execution_prepare},
	{"outside", outside,
	 "jail/ jail/cell/ jail/sub/ jail/sub/by-link sub/ file up absolute>/sub", NULL},
	{"bound", bound, "source/ source/read source/gone source/file there/ file", NULL},
	{"hidden", hidden, "sub/", NULL},
	{"covered", covered, "sub/ sub/below", NULL},
	{"unprivileged", unprivileged, "sub/", NULL},
	{"numbered", numbered, "sub/", NULL},
	{"pivoted", pivoted, "root/", NULL},
	{"overlaid", overlaid,
	 "lower/ lower/read lower/copied lower/gone lower/old lower/mode layers/ merged/", NULL},
	{"foreign", foreign, "sub/ sub/file sub/gone", NULL},
	{"detached", detached, "sub/", NULL},
};

int main(int argc, char **argv)
{
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
