/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The page's tree of files. Relies on the order of the facts: paths with the same beginning stand
 * together. Directories with one entry are shown with it, and what lies very deep is not nested.
 */
#include <stdlib.h>
#include <string.h>

#include "html.h"

#define DEPTH_MAX   40  /* browsers end theirs at some hundred elements, two a step */
#define PRINTED_MAX 400 /* entries that are unfolded on paper */

struct entry {
	const char *path;
	uint32_t perms, flags;
	struct span group;
};

struct tree_part {
	const char *attribute; /* of its directories */
	const struct entry *list;
	size_t count;
	size_t prefix; /* bytes that all of them begin with, and that were shown */
};

static void leaf_print(const struct entry *entry, size_t prefix, unsigned int phases, FILE *out)
{
	const char *rest = entry->path + prefix;
	_cleanup_free_ char *who = NULL;
	char letters[8];
	size_t size, i;
	FILE *words = xmemstream(&who, &size);

	who_print(&entry->group, phases, words);
	fclose(words);
	fprintf(out, "<li><code class=\"perms\">%s</code> <code>",
		perms_text(entry->perms, letters));
	html_text(*rest ? rest : "./", out);
	fputs("</code>", out);
	for (i = 0; i < PATH_FLAGS; i++)
		if (entry->flags & 1u << i)
			fprintf(out, " <em>%s</em>", path_flag_names[i]);
	fputs(" <span class=\"who\">", out);
	html_raw(who, out);
	fputs("</span></li>\n", out);
}

/* How many entries from `at` on share the directory of the first; 1 where it has none. */
static size_t siblings(const struct tree_part *part, size_t at)
{
	const char *path = part->list[at].path, *slash = strchr(path + part->prefix, '/');
	size_t count = 1, size;

	if (!slash)
		return 1;
	size = (size_t)(slash - path) + 1;
	while (at + count < part->count && !strncmp(path, part->list[at + count].path, size))
		count++;
	return count;
}

/* The longest directory that all of them are in: the first and the last differ most. */
static size_t common_size(const struct entry *list, size_t count)
{
	const char *first = list[0].path, *last = list[count - 1].path;
	size_t i, size = 0;

	for (i = 0; first[i] && first[i] == last[i]; i++)
		if (first[i] == '/')
			size = i + 1;
	return size;
}

static void part_print(const struct tree_part *part, unsigned int phases, int depth, FILE *out)
{
	size_t at, count;

	fputs("<ul>\n", out);
	for (at = 0; at < part->count; at += count) {
		struct tree_part below = {.attribute = part->attribute, .list = part->list + at};

		count = depth < DEPTH_MAX ? siblings(part, at) : 1;
		if (count == 1) {
			leaf_print(&part->list[at], part->prefix, phases, out);
			continue;
		}
		below.count = count;
		below.prefix = common_size(below.list, count);
		{
			_cleanup_free_ char *name = xstrndup(below.list->path + part->prefix,
							     below.prefix - part->prefix);

			fprintf(out, "<li><details%s%s><summary><code>", part->attribute,
				depth ? "" : " open");
			html_text(name, out);
			fprintf(out, "</code> <span class=\"muted\">%zu</span></summary>\n", count);
		}
		part_print(&below, phases, depth + 1, out);
		fputs("</details></li>\n", out);
	}
	fputs("</ul>\n", out);
}

void html_files(struct html *html, const struct span *span)
{
	unsigned int phases = html->options->setup ? PHASES_ALL : PHASES_APPLICATION;
	_cleanup_free_ struct entry *list = xcalloc(span->count + 1, sizeof(*list));
	struct tree_part part = {.list = list};
	FILE *out = html->out;
	struct span group;
	size_t at = 0, i;

	html_heading(html, "files", "Files");
	while (group_next(span, phases, &at, &group)) {
		struct entry *entry = &list[part.count++];

		*entry = (struct entry){.path = group.facts->file.path,
					.flags = group.facts->file.flags,
					.group = group};
		for (i = 0; i < group.count; i++)
			entry->perms |= group.facts[i].file.perms;
	}
	if (!part.count) {
		fputs("<p class=\"muted\">None was seen.</p>\n", out);
		return;
	}
	part.attribute = part.count <= PRINTED_MAX ? " data-print" : "";
	fputs("<p class=\"muted\">r read, w written, a appended to, m mapped to be executed, k "
	      "locked, "
	      "l linked, x executed. A number is that of the entries below a directory.</p>\n"
	      "<div class=\"tree\">\n",
	      out);
	part_print(&part, phases, 0, out);
	fputs("</div>\n", out);
}
