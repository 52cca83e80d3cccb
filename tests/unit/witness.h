/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Witnesses for tables: what another program says, and what the preprocessor knows of a header. It
 * knows no table.
 */
#ifndef LEASTCALL_WITNESS_H
#define LEASTCALL_WITNESS_H

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "util/util.h"

#define OUTPUT_MAX (4 << 20)

/* One case over many rows: says which rows are wrong, the first of them only. */
struct tally {
	int compared, wrong;
};
#define TALLY_SHOWN 5
#define AGREE(tally, got, want, ...)                                                               \
	do {                                                                                       \
		const char *got_ = (got), *want_ = (want);                                         \
		(tally)->compared++;                                                               \
		if ((!got_ || !want_ ? got_ != want_ : strcmp(got_, want_) != 0) &&                \
		    (tally)->wrong++ < TALLY_SHOWN)                                                \
			EQ_STR(got_, want_, __VA_ARGS__);                                          \
	} while (0)
#define ALL_AGREE(tally, least, ...)                                                               \
	CHECK((tally)->wrong == 0 && (tally)->compared >= (least), __VA_ARGS__)

/*
 * Runs a program with `input` (a pipe's worth at most) on its stdin and returns its exit status,
 * or -1. *ret_output is its stdout, to be freed; NULL where nobody wants it.
 */
static inline int run(const char *const argv[], const char *input, char **ret_output)
{
	_cleanup_free_ char *output = xcalloc(1, OUTPUT_MAX + 1);
	int in[2], out[2], status;
	size_t size = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		alarm(60);
		if (null < 0 || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(null, 2) < 0)
			_exit(127);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	n = pid < 0 ? -1 : write(in[1], input, strlen(input));
	close(in[1]);
	while (n >= 0 && size < OUTPUT_MAX) {
		n = read(out[0], output + size, OUTPUT_MAX - size);
		if (n <= 0)
			break;
		size += (size_t)n;
	}
	close(out[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	if (ret_output)
		*ret_output = take(output);
	return WEXITSTATUS(status);
}

struct macro {
	const char *name, *value;
};
struct macros {
	char *text;
	struct macro *rows;
	size_t count;
};

static inline void macros_free(struct macros *macros)
{
	free(macros->text);
	free(macros->rows);
}

/* The macros of a header, seen with up to four more flags; false where it is not installed. */
static inline bool macros_read(const char *header, const char *const flags[4], struct macros *ret)
{
	const char *argv[16] = {"cc", "-E", "-dM", "-D_GNU_SOURCE", "-x", "c", "-include", header};
	size_t argc = 8, count = 0;
	char *text = NULL, *rest, *line;

	for (size_t i = 0; i < 4 && flags[i]; i++)
		argv[argc++] = flags[i];
	argv[argc] = "/dev/null";
	if (run(argv, "", &text) != 0) {
		free(text);
		return false;
	}
	for (const char *c = text; *c; c++)
		count += *c == '\n';
	*ret = (struct macros){text, xcalloc(count + 1, sizeof(*ret->rows)), 0};
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *name = line + strlen("#define "), *value = strchr(name, ' ');

		if (!value)
			continue;
		*value++ = '\0';
		ret->rows[ret->count++] = (struct macro){name, value};
	}
	return true;
}

/* A macro's number: "3", "0x3", "(BASE + 3)" without its base, or another macro that has one. */
static inline bool macros_number(const struct macros *macros, const char *value, uint32_t *ret)
{
	for (int hops = 0; hops < 4; hops++) {
		const char *digits = *value == '(' ? strchr(value, '+') : value;
		size_t i;

		if (digits && *digits == '+')
			digits += strspn(digits, "+ ");
		if (digits && isdigit((unsigned char)*digits)) {
			*ret = (uint32_t)strtoul(digits, NULL, 0);
			return true;
		}
		for (i = 0; i < macros->count; i++)
			if (strcmp(macros->rows[i].name, value) == 0)
				break;
		if (i == macros->count)
			return false;
		value = macros->rows[i].value;
	}
	return false;
}

#endif
