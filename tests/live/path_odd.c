/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names that are easily got wrong: odd bytes, great lengths, links that lead to where the task is, the
 * same name for something else, and a working directory that has none. See paths.h.
 */
#include "paths.h"

#define DEEP 155 /* components */

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
	must(rename("/proc/self/cwd/old", "/proc/self/cwd/sub/new") == 0);
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

static const struct path_case cases[] = {
	{"odd", odd, "", NULL},
	{"sized", sized, "", NULL},
	{"deep", deep, "", deep_prepare},
	{"magic", magic, "mode sub/ sub/file truncate old", NULL},
	{"again", again, "one/ two/ link>one work/", NULL},
	{"homeless", homeless, "home/ opened removed", NULL},
};

int main(int argc, char **argv)
{
	return paths_main(cases, sizeof(cases) / sizeof(*cases), argc, argv);
}
