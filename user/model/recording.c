/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads a recording's file line by line into a model. Knows where a line ends, how long one may be
 * and what a file that is no recording looks like; what a line says is fact_parse()'s.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"

struct lines {
	int fd;
	const char *name; /* what the user called it */
	char *buf;        /* LINE_SIZE_MAX + 1 bytes */
	size_t start, end;
	uint64_t number; /* of the line last returned */
	uint64_t facts;
	bool ended;
	bool torn; /* the line last returned had no newline */
	char run[17];
};

/* The next line without its newline: 1, 0 at the end, or a negative errno. */
static int line_next(struct lines *lines, const char **ret, size_t *ret_size, struct err *err)
{
	size_t searched = 0, left;
	char *newline;
	ssize_t got;

	for (;;) {
		left = lines->end - lines->start;
		newline = memchr(lines->buf + lines->start + searched, '\n', left - searched);
		if (newline || (lines->ended && left))
			break;
		if (lines->ended)
			return 0;
		searched = left;
		memmove(lines->buf, lines->buf + lines->start, left);
		lines->start = 0;
		lines->end = left;
		if (left > LINE_SIZE_MAX) {
			lines->number++;
			return err_set(err, -EBADMSG, "a line of more than %u bytes",
				       LINE_SIZE_MAX);
		}
		do
			got = read(lines->fd, lines->buf + left, LINE_SIZE_MAX + 1 - left);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return err_errno(err, -errno, "cannot read %s", lines->name);
		lines->end += (size_t)got;
		lines->ended = got == 0;
	}
	*ret = lines->buf + lines->start;
	*ret_size = newline ? (size_t)(newline - *ret) : left;
	lines->start += *ret_size + (newline ? 1 : 0);
	lines->torn = !newline;
	lines->number++;
	return 1;
}

static bool blank(const char *line, size_t size)
{
	while (size && strchr(" \t\r", *line) && *line) {
		line++;
		size--;
	}
	return size == 0;
}

/* One line into the model. */
static int line_take(struct lines *lines, struct model *model, const char *line, size_t size,
		     struct err *err)
{
	struct fact_storage *storage = NULL;
	struct fact fact;
	int r;

	if (blank(line, size))
		return 0;
	r = fact_parse(line, size, &fact, &storage, err);
	if (r && lines->torn && lines->facts) {
		if (*lines->run)
			model_mark_torn(model, lines->run);
		return 0;
	}
	if (r)
		return r;
	if (fact.run && strcmp(fact.run, lines->run) != 0) {
		memcpy(lines->run, fact.run, sizeof(lines->run));
		model_note_source(model, fact.run, lines->name);
	}
	lines->facts++;
	r = model_add(model, &fact, err);
	fact_free(storage);
	return r;
}

/* What people take for a recording by mistake: what this program makes of one. NULL: nothing. */
static const char *other_kind(const struct lines *lines)
{
	size_t size = lines->end;

	if (memmem(lines->buf, size, "\"defaultAction\"", 15))
		return "it is a seccomp profile";
	if (memmem(lines->buf, size, "include <tunables/", 18) ||
	    memmem(lines->buf, size, "include <abstractions/", 22))
		return "it is an AppArmor profile";
	return NULL;
}

/* Puts PATH, or PATH:LINE, in front; a file that is wrong from its start is no recording at all. */
static int words_add(const struct lines *lines, int r, struct err *err)
{
	if (r != -EBADMSG && r != -E2BIG)
		return r; /* it cannot be read: that has the name */
	if (!lines->facts && other_kind(lines))
		return err_set(err, r,
			       "%s is not a leastcall recording: %s, and profiles and reports are "
			       "made of recordings",
			       lines->name, other_kind(lines));
	if (!lines->facts)
		return err_prefix(err, r, "%s is not a leastcall recording", lines->name);
	return err_prefix(err, r, "%s:%llu", lines->name, (unsigned long long)lines->number);
}

static int lines_read(struct lines *lines, struct model *model, struct err *err)
{
	const char *line = NULL;
	size_t size = 0;
	int r;

	while ((r = line_next(lines, &line, &size, err)) > 0) {
		r = line_take(lines, model, line, size, err);
		if (r)
			break;
	}
	if (r)
		return words_add(lines, r, err);
	if (!lines->number)
		return err_set(err, -EBADMSG, "%s is empty", lines->name);
	if (!lines->facts)
		return err_set(err, -EBADMSG, "%s holds no fact", lines->name);
	return 0;
}

int model_read_from(struct model *model, int fd, const char *name, struct err *err)
{
	struct lines lines = {.fd = fd, .name = name, .buf = xcalloc(LINE_SIZE_MAX + 1, 1)};
	int r;

	model_count_file(model);
	r = lines_read(&lines, model, err);
	free(lines.buf);
	return r;
}

int model_read(struct model *model, const char *path, struct err *err)
{
	_cleanup_close_ int fd = -1;

	if (!strcmp(path, "-"))
		return model_read_from(model, STDIN_FILENO, "stdin", err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, -errno, "cannot read %s", path);
	return model_read_from(model, fd, path, err);
}
