/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* File rules as text: under the titles that a reader expects, in columns, with what must be known. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_files.h"
#include "apparmor_marks.h"
#include "apparmor_text.h"
#include "model/text.h"

#define COLUMN_MAX   80
#define COLUMN_GLOB  64
#define COMMENTS_MAX 200

enum group {
	GROUP_PROGRAMS,
	GROUP_SHARE,
	GROUP_ETC,
	GROUP_VAR,
	GROUP_HOME,
	GROUP_TMP,
	GROUP_SYS,
	GROUP_PROC,
	GROUP_DEV,
	GROUP_OTHER,
	GROUP_LINKS,
	GROUP_COUNT,
};

static const char *const group_titles[GROUP_COUNT] = {
	"programs and libraries",
	"shared data",
	"configuration",
	"variable data",
	"homes",
	"temporary files, run",
	"sysfs",
	"proc",
	"devices",
	"other files",
	"hard links",
};

/* The first row that the path starts with decides. */
static const struct {
	const char *prefix;
	enum group group;
} group_rows[] = {
	{"/usr/share/", GROUP_SHARE}, {"/usr/local/share/", GROUP_SHARE},
	{"/usr/", GROUP_PROGRAMS},    {"/bin/", GROUP_PROGRAMS},
	{"/sbin/", GROUP_PROGRAMS},   {"/lib", GROUP_PROGRAMS},
	{"/etc/", GROUP_ETC},         {"/var/tmp/", GROUP_TMP},
	{"/var/run/", GROUP_TMP},     {"/var/", GROUP_VAR},
	{"/home/", GROUP_HOME},       {"/root/", GROUP_HOME},
	{"/tmp/", GROUP_TMP},         {"/run/", GROUP_TMP},
	{"/dev/shm/", GROUP_TMP},     {"/sys/", GROUP_SYS},
	{"/proc/", GROUP_PROC},       {"/dev/", GROUP_DEV},
};

unsigned int file_group(const char *path, uint32_t perms)
{
	size_t i;

	if (perms & (PERM_EXEC | PERM_MAP))
		return GROUP_PROGRAMS;
	for (i = 0; i < ARRAY_SIZE(group_rows); i++)
		if (!strncmp(path, group_rows[i].prefix, strlen(group_rows[i].prefix)))
			return group_rows[i].group;
	return GROUP_OTHER;
}

unsigned int file_group_links(void)
{
	return GROUP_LINKS;
}

/* "owner /tmp/x" and how wide it is. */
static char *rule_words(const struct file_rule *rule)
{
	if (rule->link)
		return xasprintf("link %s -> %s", rule->word, rule->link);
	return xasprintf("%s%s", rule->owned ? "owner " : "", rule->word);
}

/* It had gone when it was looked up. */
static bool owner_is_open(const struct file_rule *rule)
{
	return rule->personal && !rule->owned && !rule->foreign && !rule->unresolved &&
	       !rule->link && !(rule->perms & PERM_EXEC);
}

/* What a reader must know of one rule. How many were seen tells nothing of one that the name told of. */
static void rule_remark(const struct file_rule *rule, FILE *out)
{
	const char *with = " # ";
	const struct {
		bool told;
		const char *words;
	} rows[] = {
		{rule->every, "every name in the directory"},
		{rule->unresolved, "not resolved"},
		{rule->withdrawn, "varies between runs: a pattern would allow too much"},
		{owner_is_open(rule), "whose it was is not known"},
		{rule->marks & MARK_LONELY && !rule->withdrawn, MARK_LONELY_WORDS},
		{rule->marks & MARK_DATE, MARK_DATE_WORDS},
		{rule->marks & MARK_ID, MARK_ID_WORDS},
	};
	size_t i;

	if (rule->glob && (rule->sources.count > 1 || !rule->open)) {
		fprintf(out, "%s%zu path%s", with, rule->sources.count,
			rule->sources.count == 1 ? "" : "s");
		with = "; ";
	}
	if (rule->open) {
		fprintf(out, "%s%s", with, rule->open);
		with = "; ";
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].told)
			continue;
		fprintf(out, "%s%s", with, rows[i].words);
		with = "; ";
	}
	fputc('\n', out);
}

static void rule_print(const struct file_rule *rule, size_t width, FILE *out)
{
	_cleanup_free_ char *words = rule_words(rule);
	char letters[8];

	if (rule->link)
		fprintf(out, "  %s,", words);
	else
		fprintf(out, "  %-*s %s%s,", (int)width, words,
			apparmor_perms(rule->perms, letters),
			rule->perms & PERM_EXEC ? rule->exec : "");
	rule_remark(rule, out);
}

static void rules_print(const struct file_rules *files, FILE *out)
{
	const struct file_rule *rules = files->rules;
	size_t i = 0, end, width, size;

	while (i < files->rule_count) {
		width = 0;
		/* The few very long ones stick out. */
		for (end = i; end < files->rule_count && rules[end].group == rules[i].group;
		     end++) {
			size = strlen(rules[end].word) + (rules[end].owned ? strlen("owner ") : 0);
			if (size > width && size <= (rules[end].glob ? COLUMN_GLOB : COLUMN_MAX))
				width = size;
		}
		fprintf(out, "\n  # %s\n", group_titles[rules[i].group]);
		for (; i < end; i++)
			rule_print(&rules[i], width, out);
	}
}

static void comments_print(const struct file_rules *files, FILE *out)
{
	size_t i;

	if (!files->comment_count)
		return;
	qsort(files->comments, files->comment_count, sizeof(*files->comments), name_compare);
	fputs("\n  # no rules for these: nobody can know the name they go by next time\n", out);
	for (i = 0; i < files->comment_count && i < COMMENTS_MAX; i++)
		fprintf(out, "  # %s\n", files->comments[i]);
	if (i < files->comment_count)
		fprintf(out, "  # and %zu more\n", files->comment_count - i);
}

void file_rules_print(const struct file_rules *files, FILE *out)
{
	rules_print(files, out);
	comments_print(files, out);
}

void apparmor_glob_witnesses(const struct file_rules *files, FILE *out)
{
	char letters[8];
	size_t i, k;

	for (i = 0; i < files->rule_count; i++) {
		const struct file_rule *rule = &files->rules[i];
		_cleanup_free_ char *words = rule_words(rule);

		for (k = 0; rule->glob && k < rule->sources.count; k++) {
			_cleanup_free_ char *shown = text_printable(rule->sources.list[k]);

			fprintf(out, "%s%s%s\t%s\n", words, rule->link ? "" : " ",
				rule->link ? "" : apparmor_perms(rule->perms, letters), shown);
		}
	}
}
