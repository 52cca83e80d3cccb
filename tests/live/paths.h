/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs of cases that use paths and say, a line a fact, what a recording of them must hold. Each
 * case has a directory CASE.case of its own, by which its facts are known wherever they are told.
 *
 *	PROGRAM prepare DIRECTORY           makes what the cases need; not recorded
 *	PROGRAM run DIRECTORY RECORDING     runs them; RECORDING is being written meanwhile
 *	PROGRAM ...                         what a case executes: ends at once
 *
 * Lines, their members separated by tabs, paths as JSON strings:
 *
 *	CASE file PERMS FLAGS PATH EXE      FLAGS "-" where there are none, EXE "-" for PROGRAM itself
 *	CASE exec|link FLAGS SOURCE TARGET EXE
 *	CASE owner true|false PATH          in cases called owner-..., instead of the files
 *	CASE skip REASON
 *	CASE failed STATUS                  the case itself went wrong: no line of it counts
 *
 * It knows what the calls do to files, and how recordings spell a path (leastcall-recording(5)); it
 * takes no path from the kernel but that of DIRECTORY.
 */
#ifndef LEASTCALL_LIVE_PATHS_H
#define LEASTCALL_LIVE_PATHS_H

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define SETTLE_SECONDS 30
#define OTHER_USER     1000

struct path_case {
	const char *name;
	void (*run)(void);
	/* What there is before: NAME, NAME/ (a directory), NAME>TARGET (a symbolic link), NAME@ (a file
	 * of another user), NAME! (a copy of the program). Separated by spaces, in order. */
	const char *needs;
	void (*prepare)(void); /* ... and more */
};

static const char *program_path; /* of PROGRAM, resolved */
static const char *case_name;
static char case_path[4096]; /* of its directory, resolved */
static int recording = -1;
static int settle_fd = -1;

/* Whatever a case cannot do as it must ends it, and the test fails. */
#define must(done)                                                                                 \
	do {                                                                                       \
		if (!(done)) {                                                                     \
			fprintf(stderr, "%s: line %d: %s: %s\n", case_name, __LINE__, #done,       \
				strerror(errno));                                                  \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

#define must_fail(done, error)                                                                     \
	do {                                                                                       \
		long result_ = (done);                                                             \
		must(result_ == -1 && errno == (error));                                           \
	} while (0)

static inline void shut(int fd)
{
	must(fd >= 0);
	must(close(fd) == 0);
}

static inline int must_open(const char *name, int flags)
{
	int fd = open(name, flags, 0644);

	if (fd < 0)
		fprintf(stderr, "%s: %s\n", case_name, name);
	must(fd >= 0);
	return fd;
}

/* A directory for calls that take one. */
static inline int place(const char *name)
{
	int fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	must(fd >= 0);
	return fd;
}

/* As a JSON string of the form that leastcall-recording(5) gives to names. */
static inline void say_string(const char *text)
{
	size_t left = strlen(text);
	mbstate_t state = {0};

	putchar('"');
	while (left) {
		size_t size = mbrtowc(NULL, text, left, &state);
		unsigned char byte = (unsigned char)*text;

		if (size > left) { /* an error: no character */
			printf("\\\\%03o", byte);
			memset(&state, 0, sizeof(state));
			size = 1;
		} else if (byte == '\\') {
			fputs("\\\\134", stdout);
		} else if (byte == '"') {
			fputs("\\\"", stdout);
		} else if (byte == '\n') {
			fputs("\\n", stdout);
		} else if (byte == '\t') {
			fputs("\\t", stdout);
		} else if (byte < 0x20) {
			printf("\\u%04x", byte);
		} else {
			fwrite(text, size, 1, stdout);
		}
		text += size;
		left -= size;
	}
	putchar('"');
}

/* A name is in the case's directory, unless it is absolute; NULL is "-". */
static inline void say_path(const char *name)
{
	char path[9000];

	if (!name) {
		putchar('-');
		return;
	}
	snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : case_path,
		 *name == '/' ? "" : "/", name);
	say_string(path);
}

static inline void say_file_by(const char *exe, const char *perms, const char *flags,
			       const char *name)
{
	printf("%s\tfile\t%s\t%s\t", case_name, perms, flags);
	say_path(name);
	putchar('\t');
	say_path(exe);
	putchar('\n');
}

static inline void say_file(const char *perms, const char *name)
{
	say_file_by(NULL, perms, "-", name);
}

static inline void say_operation(const char *op, const char *flags, const char *source,
				 const char *target)
{
	printf("%s\t%s\t%s\t", case_name, op, flags);
	say_path(source);
	putchar('\t');
	say_path(target);
	puts("\t-");
}

static inline void say_owner(bool owner, const char *name)
{
	printf("%s\towner\t%s\t", case_name, owner ? "true" : "false");
	say_path(name);
	putchar('\n');
}

static inline void skip_case(const char *reason)
{
	printf("%s\tskip\t%s: %s\n", case_name, reason, strerror(errno));
	exit(0);
}

static inline void write_file(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	must(fd >= 0);
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	must(fchmod(fd, mode) == 0);
	shut(fd);
}

static inline void copy_program(const char *name)
{
	int in = open(program_path, O_RDONLY), out = open(name, O_WRONLY | O_CREAT | O_EXCL, 0755);
	char bytes[65536];
	ssize_t size;

	must(in >= 0 && out >= 0);
	while ((size = read(in, bytes, sizeof(bytes))) > 0)
		must(write(out, bytes, (size_t)size) == size);
	must(size == 0);
	shut(in);
	shut(out);
}

static inline void make(char *entry)
{
	char *target = strchr(entry, '>'), *last = entry + strlen(entry) - 1;
	char text[4096];

	if (target) {
		*target = '\0';
		must(symlink(target + 1, entry) == 0);
	} else if (*last == '/') {
		*last = '\0';
		must(mkdir(entry, 0755) == 0);
	} else if (*last == '@') {
		*last = '\0';
		write_file(entry, entry, 0644);
		must(chown(entry, OTHER_USER, OTHER_USER) == 0);
	} else if (*last == '!') {
		*last = '\0';
		copy_program(entry);
	} else {
		memset(text, 'x', sizeof(text)); /* a page, to be mapped */
		text[sizeof(text) - 1] = '\0';
		write_file(entry, text, 0644);
	}
}

static inline void prepare(const struct path_case *row)
{
	char *needs = strdup(row->needs), *at = needs, *entry;

	must(mkdir(case_path, 0755) == 0 && chdir(case_path) == 0);
	while ((entry = strsep(&at, " ")))
		if (*entry)
			make(entry);
	if (row->prepare)
		row->prepare();
	free(needs);
}

/* Is the word in what was recorded since the last look? */
static inline bool is_recorded(const char *word)
{
	static char text[1 << 16];
	static off_t at;
	ssize_t size;

	while ((size = pread(recording, text, sizeof(text), at)) > 0) {
		if (memmem(text, (size_t)size, word, strlen(word)))
			return true;
		if ((size_t)size < sizeof(text))
			break;
		at += size - 128; /* it may lie across two pieces */
	}
	return false;
}

/*
 * Waits until what was done so far is in the recording, so that what it was done to may change:
 * records are taken in the order in which they were made. What comes too late for that is the
 * subject of tests/live/short.
 */
static inline void settle(void)
{
	static unsigned int count;
	struct timespec nap = {.tv_nsec = 2000000};
	char word[64];

	snprintf(word, sizeof(word), "settled-%d-%u", getpid(), ++count);
	shut(openat(settle_fd, word, O_WRONLY | O_CREAT, 0644));
	for (int i = 0; i < SETTLE_SECONDS * 500; i++) {
		if (is_recorded(word))
			return;
		nanosleep(&nap, NULL);
	}
	fprintf(stderr, "%s: nothing was recorded for %d seconds\n", case_name, SETTLE_SECONDS);
	exit(2);
}

static inline void wait_for(pid_t child)
{
	int status;

	must(child > 0);
	must(waitpid(child, &status, 0) == child);
	must(status == 0);
}

/* Runs a part of a case in a process of its own. */
static inline void apart(void (*part)(void))
{
	pid_t child = fork();

	if (child == 0) {
		part();
		fflush(stdout);
		_exit(0);
	}
	wait_for(child);
}

/* Each case is a process of its own, which stays until what it did is in the recording. */
static inline int run_cases(const struct path_case *rows, size_t count, const char *directory)
{
	int status, wrong = 0;
	char settled[4200];

	snprintf(settled, sizeof(settled), "%s/settled", directory);
	settle_fd = open(settled, O_PATH | O_DIRECTORY | O_CLOEXEC);
	must(settle_fd >= 0);
	for (size_t i = 0; i < count; i++) {
		pid_t child = fork();

		case_name = rows[i].name;
		if (child == 0) {
			snprintf(case_path, sizeof(case_path), "%s/%s.case", directory, case_name);
			must(chdir(case_path) == 0);
			rows[i].run();
			fflush(stdout);
			settle();
			_exit(0);
		}
		must(child > 0 && waitpid(child, &status, 0) == child);
		if (status) {
			printf("%s\tfailed\t%#x\n", case_name, (unsigned int)status);
			wrong = 1;
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			break;
		fflush(stdout);
	}
	return wrong;
}

static inline int paths_main(const struct path_case *rows, size_t count, int argc, char **argv)
{
	char *directory, settled[4200];

	if (argc < 3)
		return 0;
	/* where it has no UTF-8 to offer, the cases with such names fail and tell */
	setlocale(LC_CTYPE, "C.UTF-8");
	umask(022);
	case_name = argv[1];
	program_path = realpath("/proc/self/exe", NULL);
	directory = realpath(argv[2], NULL);
	must(program_path && directory);
	if (argc > 3 && strcmp(argv[1], "run") == 0) {
		recording = open(argv[3], O_RDONLY | O_CLOEXEC);
		must(recording >= 0);
		return run_cases(rows, count, directory);
	}
	must(strcmp(argv[1], "prepare") == 0);
	for (size_t i = 0; i < count; i++) {
		case_name = rows[i].name;
		snprintf(case_path, sizeof(case_path), "%s/%s.case", directory, case_name);
		prepare(&rows[i]);
	}
	snprintf(settled, sizeof(settled), "%s/settled", directory);
	must(mkdir(settled, 0777) == 0 && chmod(settled, 0777) == 0);
	return 0;
}

#endif
