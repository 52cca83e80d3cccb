/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the header and the messages call a target, by the words it was given with. Looks for nothing but
 * a process's name.
 */
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "record.h"
#include "trace/process.h"

#define TARGET_SIZE_MAX 16384 /* a line of a recording has at most 1 MiB, and bytes grow in it */

/* A command line, escaped; for people, so it is cut where it is too long for them. */
static char *words_join(char **words)
{
	_cleanup_free_ char *line = NULL, *escaped = NULL;
	size_t size = 0, cut;
	FILE *out = open_memstream(&line, &size);
	char **word;

	if (!out)
		return xstrdup("");
	for (word = words; *word; word++)
		fprintf(out, "%s%s", word > words ? " " : "", *word);
	fclose(out);
	cut = size < TARGET_SIZE_MAX ? size : TARGET_SIZE_MAX;
	while (cut < size && cut && ((unsigned char)line[cut] & 0xc0) == 0x80)
		cut--; /* no half of a character */
	escaped = text_escape(line, cut);
	return cut < size ? xasprintf("%s...", escaped) : take(escaped);
}

static char *basename_escaped(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return text_escape(name, strlen(name));
}

void session_describe(struct session *session, const struct record_options *options)
{
	const struct {
		const char *what, *text;
	} named[] = {
		{"container", options->container},
		{"pod", options->pod},
		{"unit", options->unit},
		{"cgroup", options->cgroup},
	};

	session->what = "all";
	if (options->command) {
		session->what = "command";
		session->name = basename_escaped(options->command[0]);
		session->target = words_join(options->command);
	} else if (options->pid) {
		_cleanup_free_ char *name = process_name(options->pid);

		session->what = "pid";
		session->name = text_escape(name, strlen(name));
		session->target = xasprintf("%d", options->pid);
	}
	for (size_t i = 0; i < ARRAY_SIZE(named) && !session->name; i++) {
		if (!named[i].text)
			continue;
		session->what = named[i].what;
		session->target = text_escape(named[i].text, strlen(named[i].text));
		session->name = xstrdup(session->target);
	}
	if (options->name || !session->name) {
		free(session->name);
		session->name = options->name ? text_escape(options->name, strlen(options->name))
					      : xstrdup(session->what);
	}
}
