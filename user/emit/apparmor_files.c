/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One rule a path, or a comment where the path is not to be trusted; grouped as a reader expects
 * them and sorted, so that two profiles can be compared.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor_files.h"
#include "apparmor_text.h"
#include "policy/call.h"

#define COLUMN_MAX   64
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
	GROUP_COUNT,
};

static const char *const group_titles[GROUP_COUNT] = {
	"programs and libraries", "shared data", "configuration", "variable data", "homes",
	"temporary files, run",   "sysfs",       "proc",          "devices",       "other files",
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

struct file_rule {
	enum group group;
	char *word; /* the path as the profile has it */
	uint32_t perms;
	bool child; /* executed by something else than the runtime at the start */
};

static bool is_root(const struct file_rules *files, const char *path)
{
	size_t i;

	for (i = 0; i < files->root_count; i++)
		if (!strcmp(files->roots[i], path))
			return true;
	return false;
}

static enum group group_of(const char *path, uint32_t perms)
{
	size_t i;

	if (perms & (PERM_EXEC | PERM_MAP))
		return GROUP_PROGRAMS;
	for (i = 0; i < ARRAY_SIZE(group_rows); i++)
		if (!strncmp(path, group_rows[i].prefix, strlen(group_rows[i].prefix)))
			return group_rows[i].group;
	return GROUP_OTHER;
}

/* Takes the rule's word over. */
static void rule_add(struct file_rules *files, struct file_rule rule)
{
	if (files->rule_count == files->rule_room) {
		files->rule_room = files->rule_room ? files->rule_room * 2 : 64;
		files->rules = xrealloc(files->rules, files->rule_room, sizeof(*files->rules));
	}
	files->rules[files->rule_count++] = rule;
}

static void comment_add(struct file_rules *files, const char *why, const char *path, uint32_t perms)
{
	char letters[8];
	char *shown = apparmor_comment(path);

	if (files->comment_count == files->comment_room) {
		files->comment_room = files->comment_room ? files->comment_room * 2 : 64;
		files->comments =
			xrealloc(files->comments, files->comment_room, sizeof(*files->comments));
	}
	files->comments[files->comment_count++] =
		xasprintf("%s: %s %s", why, shown, perms_text(perms, letters));
	free(shown);
}

static void flags_words(uint32_t flags, char *words, size_t size)
{
	size_t bit, used = 0;

	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit && used < size)
			used += (size_t)snprintf(words + used, size - used, "%s%s",
						 used ? ", " : "", path_flag_names[bit]);
}

/* All facts of one path, over executables and runs. */
static void path_add(struct file_rules *files, const char *path, uint32_t perms, uint32_t flags,
		     bool child)
{
	struct file_rule rule = {.perms = perms, .child = child};
	char words[64];

	if (flags == PATH_DELETED) {
		rule.word = apparmor_path_nameless(path);
		/* An O_TMPFILE is created, hence w; and r, for the name is asked for both. */
		rule.perms |= rule.word ? PERM_READ | PERM_WRITE : 0;
	}
	if (flags && !rule.word) {
		flags_words(flags, words, sizeof(words));
		comment_add(files, words, path, perms);
		return;
	}
	if (!rule.word)
		rule.word = files->attached && is_root(files, path) ? xstrdup("@{exec_path}")
								    : apparmor_path(path);
	if (!rule.word) {
		comment_add(files, *path == '/' ? "too long for a rule" : "not a path", path,
			    perms);
		return;
	}
	rule.group = group_of(path, perms);
	rule_add(files, rule);
}

/*
 * Was a root executed by the workload itself as well? A recording tells what was executed, not how
 * often: where there were more execs than the one that began each run, it may have been, and
 * needs ix; to run itself confined as it is gives a program nothing that it has not.
 */
static bool roots_again(const struct file_rules *files)
{
	const struct fact *facts;
	size_t count = model_facts(files->model, FACT_WORKLOAD, &facts), at = 0, i;
	uint64_t runs = 0, execs = 0;
	struct call call;
	const char *name;

	for (i = 0; i < count; i++)
		runs += facts[i].workload_.root && workload_is(&facts[i], files->workload);
	count = model_facts(files->model, FACT_SYSCALL, &facts);
	while (call_next(facts, count, &at, PHASES_APPLICATION, &call)) {
		name = call_name(&call);
		if (name && workload_is(call.facts, files->workload) &&
		    (!strcmp(name, "execve") || !strcmp(name, "execveat")))
			execs = add_saturating(execs, call.count);
	}
	return execs > runs;
}

static int word_compare(const void *a, const void *b)
{
	const struct file_rule *x = a, *y = b;

	return strcmp(x->word, y->word);
}

static int rule_compare(const void *a, const void *b)
{
	const struct file_rule *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return strcmp(x->word, y->word);
}

/* One rule a word, for different paths may come to the same one; then sorted as they are shown. */
static void rules_settle(struct file_rules *files)
{
	struct file_rule *rules = files->rules, *last = NULL;
	size_t used = 0, i;

	if (!files->rule_count)
		return;
	qsort(rules, files->rule_count, sizeof(*rules), word_compare);
	for (i = 0; i < files->rule_count; i++) {
		if (!last || strcmp(last->word, rules[i].word) != 0) {
			last = &rules[used++];
			*last = rules[i];
			continue;
		}
		last->perms |= rules[i].perms;
		last->child |= rules[i].child;
		last->group = rules[i].group < last->group ? rules[i].group : last->group;
		free(rules[i].word);
	}
	files->rule_count = used;
	qsort(rules, used, sizeof(*rules), rule_compare);
}

static bool exe_counts(const struct file_rules *files, const char *exe)
{
	if (files->exes && !(exe && names_have(files->exes, exe)))
		return false;
	return !files->not_exes || !exe || !names_have(files->not_exes, exe);
}

static int path_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;

	return strcmp(x->file.path, y->file.path);
}

/* What is told of one path without a doubt makes the rule; what is flagged stands apart. */
void file_rules_gather(struct file_rules *files)
{
	const struct fact *facts;
	size_t count = model_facts(files->model, FACT_FILE, &facts), used = 0, i, first;
	_cleanup_free_ const struct fact **list = xcalloc(count, sizeof(*list));
	bool again = roots_again(files);

	for (i = 0; i < count; i++)
		if (fact_counts(&facts[i], files->workload, PHASES_APPLICATION) &&
		    exe_counts(files, facts[i].exe))
			list[used++] = &facts[i];
	if (used)
		qsort(list, used, sizeof(*list), path_compare);
	for (i = 0; i < used;) {
		uint32_t sure = 0, perms = 0, flags = 0;
		bool child = again || !is_root(files, list[i]->file.path);

		for (first = i; i < used && !path_compare(&list[i], &list[first]); i++) {
			flags |= list[i]->file.flags;
			*(list[i]->file.flags ? &perms : &sure) |= list[i]->file.perms;
		}
		if (sure)
			path_add(files, list[first]->file.path, sure, 0, child);
		if (perms & ~sure)
			path_add(files, list[first]->file.path, perms, flags, child);
	}
	for (i = 0; i < files->root_count; i++)
		path_add(files, files->roots[i], PERM_READ | PERM_MAP, 0, false);
	rules_settle(files);
}

static void rules_print(const struct file_rules *files, FILE *out)
{
	const struct file_rule *rules = files->rules;
	size_t i = 0, end, width, size;
	char perms[12];

	while (i < files->rule_count) {
		width = 0;
		/* The few very long ones stick out. */
		for (end = i; end < files->rule_count && rules[end].group == rules[i].group;
		     end++) {
			size = strlen(rules[end].word);
			if (size > width && size <= COLUMN_MAX)
				width = size;
		}
		fprintf(out, "\n  # %s\n", group_titles[rules[i].group]);
		for (; i < end; i++)
			fprintf(out, "  %-*s %s,\n", (int)width, rules[i].word,
				apparmor_perms(rules[i].perms, rules[i].child, perms));
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

void file_rules_drop(struct file_rules *files)
{
	size_t i;

	for (i = 0; i < files->rule_count; i++)
		free(files->rules[i].word);
	for (i = 0; i < files->comment_count; i++)
		free(files->comments[i]);
	free(files->rules);
	free(files->comments);
}
