/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* build: -static */
/*
 * Many processes that live for a millisecond and work on names in a directory of their own, some of
 * which is gone when they are; and many files that are opened.
 *
 *	short prepare DIRECTORY COUNT    makes what they need; not recorded
 *	short run DIRECTORY COUNT        runs them, and says what a recording must hold:
 *	                                 CLASS PERMS PATH SPELLED, the path as JSON has it, and its end as
 *	                                 a process spelled it. CLASS "entry": in its own directory,
 *	                                 "beyond": to be looked up by what may have gone
 *	short one NUMBER                 one of them, in the working directory
 *	short churn DIRECTORY COUNT      does the same in as many directories, one after the other, of
 *	                                 which none outlives its turn; says as above
 *	short fill DIRECTORY COUNT       makes so many files
 *	short read DIRECTORY COUNT       opens them
 */
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE       4 /* processes */
#define PER_DIRECTORY 500

#define must(done)                                                                                 \
	do {                                                                                       \
		if (!(done)) {                                                                     \
			fprintf(stderr, "short: line %d: %s: %m\n", __LINE__, #done);              \
			_exit(99);                                                                 \
		}                                                                                  \
	} while (0)

/* ---- what one process does --------------------------------------------------------------- */

struct deed {
	const char *perms;
	const char *name;    /* in its directory, resolved */
	const char *spelled; /* ... where that differs */
};

#define DEEDS 8

static void move_directory(void)
{
	must(mkdir("made", 0755) == 0 && rename("made", "moved") == 0 && rmdir("moved") == 0);
}

static void remove_both(void)
{
	must(unlink("file") == 0 && rmdir("empty") == 0);
}

static void make_link(void)
{
	must(symlink("x", "new-link") == 0 && rename("new-link", "newer-link") == 0);
	must(unlink("newer-link") == 0);
}

static void go_by_link(void)
{
	must(mkdir("link/made", 0755) == 0 && chmod("link/made", 0700) == 0);
}

static void leave_nothing(void)
{
	must(rename("old", "sub/new") == 0 && unlink("sub/new") == 0 && rmdir("sub") == 0);
}

static void start_above(void)
{
	must(unlink("sub/../file") == 0 && unlink("./old") == 0);
	must(rmdir("sub") == 0 && mkdir("sub", 0755) == 0);
}

static const struct {
	void (*run)(void);
	bool mounts; /* a tmpfs may be on sub */
	struct deed deeds[DEEDS];
} kinds[] = {
	{move_directory, true, {{"rw", "made/", 0}, {"w", "moved/", 0}}},
	{remove_both, true, {{"w", "file", 0}, {"w", "empty/", 0}}},
	{make_link, true, {{"rw", "new-link", 0}, {"w", "newer-link", 0}}},
	{go_by_link, true, {{"w", "sub/made/", "link/made"}}},
	{leave_nothing, false, {{"rw", "old", 0}, {"w", "sub/new", 0}, {"w", "sub/", 0}}},
	{start_above,
	 false,
	 {{"w", "file", "sub/../file"}, {"w", "old", "./old"}, {"w", "sub/", 0}}},
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* Where a process is, and how it came to be, by its number. */
static bool is_executed(unsigned int i)
{
	return i / KINDS % 2;
}

enum place {
	PLACE_PLAIN,
	PLACE_GOES, /* the directory has gone before the process */
	PLACE_ROOT, /* a root of its own */
	PLACE_MOUNTS,
	PLACES,
};

static enum place place_of(unsigned int i)
{
	return i / KINDS / 2 % PLACES;
}

/* Nothing is left, and the directory itself has gone before the process. */
static void remove_all(void)
{
	static const char *const names[] = {"file", "old", "link"};
	static const char *const directories[] = {"empty", "sub/made", "sub"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(names[i]);
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		rmdir(directories[i]);
}

static void one(unsigned int i)
{
	if (place_of(i) == PLACE_ROOT)
		must(chroot(".") == 0);
	if (place_of(i) == PLACE_MOUNTS) {
		must(unshare(CLONE_NEWNS) == 0);
		must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
		if (kinds[i % KINDS].mounts)
			must(mount("none", "sub", "tmpfs", 0, "size=64k") == 0);
	}
	kinds[i % KINDS].run();
	if (place_of(i) == PLACE_GOES) {
		char path[4096];

		must(getcwd(path, sizeof(path)));
		remove_all();
		must(rmdir(path) == 0);
	}
}

/* ---- what is said of it ------------------------------------------------------------------- */

static void say(const char *directory, unsigned int i, const char *perms, const char *name,
		const char *spelled)
{
	const char *path = spelled ? spelled : name, *slash = strchr(path, '/');

	printf("%s %s %s/%u/%s %u/%s\n", slash && slash[1] ? "beyond" : "entry", perms, directory,
	       i, name, i, path);
}

static bool is_deed(unsigned int i, const char *name)
{
	for (const struct deed *deed = kinds[i % KINDS].deeds; deed->name; deed++)
		if (strcmp(deed->name, name) == 0)
			return true;
	return false;
}

static void say_one(const char *directory, unsigned int i)
{
	static const char *const removed[] = {"file", "old", "link", "empty/", "sub/", ""};

	for (const struct deed *deed = kinds[i % KINDS].deeds; deed->name; deed++)
		say(directory, i, deed->perms, deed->name, deed->spelled);
	if (place_of(i) != PLACE_GOES)
		return;
	for (size_t n = 0; n < sizeof(removed) / sizeof(*removed); n++)
		if (!is_deed(i, removed[n]))
			say(directory, i, "w", removed[n], NULL);
}

/* ---- all of them -------------------------------------------------------------------------- */

static char **start(const char *directory, unsigned int i)
{
	static char number[16];
	static char *argv[] = {"short", "one", number, NULL};
	char path[4096];

	snprintf(number, sizeof(number), "%u", i);
	snprintf(path, sizeof(path), "%s/%u", directory, i);
	must(chdir(path) == 0);
	return argv;
}

static void run(const char *directory, unsigned int count)
{
	static char program[4096];
	int status;

	must(readlink("/proc/self/exe", program, sizeof(program) - 1) > 0);
	for (unsigned int i = 0; i < count; i++)
		say_one(directory, i);
	fflush(stdout);
	for (unsigned int i = 0; i < count + AT_ONCE; i++) {
		pid_t child;

		if (i >= AT_ONCE)
			must(wait(&status) > 0 && status == 0);
		if (i >= count)
			continue;
		child = fork();
		must(child >= 0);
		if (child)
			continue;
		if (is_executed(i))
			_exit(execv(program, start(directory, i)) ? 126 : 0);
		start(directory, i);
		one(i);
		_exit(0);
	}
}

static void make(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);

	must(fd >= 0 && close(fd) == 0);
}

static void prepare(const char *directory, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%u", directory, i);
		must(mkdir(path, 0755) == 0);
		start(directory, i);
		make("file");
		make("old");
		must(mkdir("empty", 0755) == 0 && mkdir("sub", 0755) == 0);
		must(symlink("sub", "link") == 0);
	}
}

/* The kernel's objects for one directory become the next one's: only their names tell them apart. */
static void churn(const char *directory, unsigned int count)
{
	char name[16];

	must(chdir(directory) == 0);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%u", i);
		must(mkdir(name, 0755) == 0 && chdir(name) == 0);
		must(mkdir("made", 0755) == 0 && rmdir("made") == 0);
		must(chdir("..") == 0 && rmdir(name) == 0);
		say(directory, i, "w", "", NULL);
		say(directory, i, "w", "made/", NULL);
	}
}

/* As many files as somebody's source tree has. */
static void each_file(const char *directory, unsigned int count, bool fill)
{
	char path[64];
	char byte;

	must(chdir(directory) == 0);
	for (unsigned int i = 0; i < count; i++) {
		int fd;

		snprintf(path, sizeof(path), "%u", i / PER_DIRECTORY);
		if (fill && i % PER_DIRECTORY == 0)
			must(mkdir(path, 0755) == 0);
		snprintf(path, sizeof(path), "%u/%u", i / PER_DIRECTORY, i);
		if (fill) {
			make(path);
			continue;
		}
		fd = open(path, O_RDONLY);
		must(fd >= 0 && read(fd, &byte, 1) == 0 && close(fd) == 0);
	}
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	unsigned int count = argc > 3 ? (unsigned int)atoi(argv[3]) : 0;

	if (argc == 3 && strcmp(verb, "one") == 0)
		one((unsigned int)atoi(argv[2]));
	else if (argc == 4 && strcmp(verb, "prepare") == 0)
		prepare(argv[2], count);
	else if (argc == 4 && strcmp(verb, "run") == 0)
		run(argv[2], count);
	else if (argc == 4 && strcmp(verb, "churn") == 0)
		churn(argv[2], count);
	else if (argc == 4 && (strcmp(verb, "fill") == 0 || strcmp(verb, "read") == 0))
		each_file(argv[2], count, *verb == 'f');
	else
		return 98;
	return 0;
}
