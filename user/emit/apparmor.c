/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An AppArmor profile for one workload: every rule stands for something that was recorded, and what
 * can't be a rule stands there as a comment. Syntax of apparmor.d(5) as AppArmor 3.0 reads it; its
 * words are made in apparmor_text.c, the comments on top in apparmor_head.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_head.h"
#include "apparmor_text.h"
#include "call.h"
#include "model/text.h"

#define ROOTS_MAX    16
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

struct rule {
	enum group group;
	char *word; /* the path as the profile has it */
	uint32_t perms;
	bool child; /* executed by something else than the runtime at the start */
};

struct profile {
	const struct model *model;
	const struct emit_options *options;
	const char *workload;
	const char *roots[ROOTS_MAX]; /* the commands' own executables */
	size_t root_count;
	bool attached; /* to the roots */
	char *name;
	struct rule *rules;
	size_t rule_count, rule_room;
	char **comments; /* paths that are no rules */
	size_t comment_count, comment_room;
};

static void profile_warn(const struct profile *profile, const char *words, const char *text)
{
	char *shown = apparmor_comment(text);

	if (profile->options->warn)
		profile->options->warn(profile->options->warn_ctx, "AppArmor: %s: %s", words,
				       shown);
	free(shown);
}

static bool is_root(const struct profile *profile, const char *path)
{
	size_t i;

	for (i = 0; i < profile->root_count; i++)
		if (!strcmp(profile->roots[i], path))
			return true;
	return false;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Programs that run other programs' words: a profile attached to one of them would confine every
 * script of the host.
 */
static bool interpreter(const char *path)
{
	static const char *const names[] = {"ash",    "awk",  "bash", "busybox", "dash",
					    "env",    "gawk", "java", "ksh",     "lua",
					    "mawk",   "node", "perl", "php",     "pypy",
					    "python", "ruby", "sh",   "tclsh",   "zsh"};
	const char *base = base_of(path);
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size = strlen(names[i]);
		if (!strncmp(base, names[i], size) &&
		    !base[size + strspn(base + size, "0123456789.-")])
			return true;
	}
	return false;
}

static void roots_gather(struct profile *profile)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_WORKLOAD, &facts), i;

	profile->attached = !profile->options->name;
	for (i = 0; i < count; i++) {
		const char *root = facts[i].workload_.root;
		_cleanup_free_ char *word = NULL;

		if (!root || !workload_is(&facts[i], profile->workload) || is_root(profile, root))
			continue;
		word = apparmor_path_literal(root);
		if (!word || profile->root_count == ROOTS_MAX) {
			profile_warn(profile, "cannot attach to", root);
			profile->attached = false;
			continue;
		}
		if (profile->attached && interpreter(root)) {
			profile_warn(profile,
				     "not attached, for it would confine every script of the host; "
				     "start with aa-exec -p",
				     root);
			profile->attached = false;
		}
		profile->roots[profile->root_count++] = root;
	}
	/* Several values become {A,B}, where a comma in one would make two of it. */
	for (i = 0; i < profile->root_count && profile->root_count > 1; i++) {
		if (!strchr(profile->roots[i], ','))
			continue;
		profile_warn(profile, "cannot attach to several programs and", profile->roots[i]);
		profile->attached = false;
	}
	if (!profile->root_count)
		profile->attached = false;
}

/*
 * From --name, else the executable where all runs agree on its last part and it is the program
 * itself, else the workload.
 */
static int name_choose(struct profile *profile, struct err *err)
{
	const char *name = profile->options->name;
	const char *text = profile->root_count ? base_of(profile->roots[0]) : profile->workload;
	size_t i;

	if (name && !apparmor_name_valid(name))
		return err_set(
			err, -EINVAL,
			"\"%s\" cannot be a profile's name: letters, digits, . _ and - "
			"only, not starting with . or -, at most 100, and not \"unconfined\"",
			name);
	for (i = 1; i < profile->root_count; i++)
		if (strcmp(base_of(profile->roots[i]), text) != 0)
			text = profile->workload;
	if (profile->root_count && interpreter(profile->roots[0]))
		text = profile->workload;
	profile->name = name ? xstrdup(name) : apparmor_name(text);
	return 0;
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
static void rule_add(struct profile *profile, struct rule rule)
{
	if (profile->rule_count == profile->rule_room) {
		profile->rule_room = profile->rule_room ? profile->rule_room * 2 : 64;
		profile->rules =
			xrealloc(profile->rules, profile->rule_room, sizeof(*profile->rules));
	}
	profile->rules[profile->rule_count++] = rule;
}

static void comment_add(struct profile *profile, const char *why, const char *path, uint32_t perms)
{
	char letters[8];
	char *shown = apparmor_comment(path);

	if (profile->comment_count == profile->comment_room) {
		profile->comment_room = profile->comment_room ? profile->comment_room * 2 : 64;
		profile->comments = xrealloc(profile->comments, profile->comment_room,
					     sizeof(*profile->comments));
	}
	profile->comments[profile->comment_count++] =
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
static void path_add(struct profile *profile, const char *path, uint32_t perms, uint32_t flags,
		     bool child)
{
	struct rule rule = {.perms = perms, .child = child};
	char words[64];

	if (flags == PATH_DELETED) {
		rule.word = apparmor_path_nameless(path);
		/* An O_TMPFILE is created, hence w; and r, for the name is asked for both. */
		rule.perms |= rule.word ? PERM_READ | PERM_WRITE : 0;
	}
	if (flags && !rule.word) {
		flags_words(flags, words, sizeof(words));
		comment_add(profile, words, path, perms);
		return;
	}
	if (!rule.word)
		rule.word = profile->attached && is_root(profile, path) ? xstrdup("@{exec_path}")
									: apparmor_path(path);
	if (!rule.word) {
		comment_add(profile, *path == '/' ? "too long for a rule" : "not a path", path,
			    perms);
		return;
	}
	rule.group = group_of(path, perms);
	rule_add(profile, rule);
}

/*
 * Was a root executed by the workload itself as well? A recording tells what was executed, not how
 * often: where there were more execs than the one that began each run, it may have been, and
 * needs ix; to run itself confined as it is gives a program nothing that it has not.
 */
static bool roots_again(const struct profile *profile)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_WORKLOAD, &facts), at = 0, i;
	uint64_t runs = 0, execs = 0;
	struct call call;
	const char *name;

	for (i = 0; i < count; i++)
		runs += facts[i].workload_.root && workload_is(&facts[i], profile->workload);
	count = model_facts(profile->model, FACT_SYSCALL, &facts);
	while (call_next(facts, count, &at, &call)) {
		name = call_name(&call);
		if (name && workload_is(call.facts, profile->workload) &&
		    (!strcmp(name, "execve") || !strcmp(name, "execveat")))
			execs = add_saturating(execs, call.count);
	}
	return execs > runs;
}

/* What is told of one path without a doubt makes the rule; what is flagged stands apart. */
static void files_gather(struct profile *profile)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_FILE, &facts), i = 0, first;
	bool again = roots_again(profile);

	while (i < count) {
		uint32_t sure = 0, perms = 0, flags = 0;
		bool child = again || !is_root(profile, facts[i].file.path);

		if (!workload_is(&facts[i], profile->workload)) {
			i++;
			continue;
		}
		for (first = i; i < count && workload_is(&facts[i], profile->workload) &&
				!strcmp(facts[i].file.path, facts[first].file.path);
		     i++) {
			flags |= facts[i].file.flags;
			*(facts[i].file.flags ? &perms : &sure) |= facts[i].file.perms;
		}
		if (sure)
			path_add(profile, facts[first].file.path, sure, 0, child);
		if (perms & ~sure)
			path_add(profile, facts[first].file.path, perms, flags, child);
	}
	for (i = 0; i < profile->root_count; i++)
		path_add(profile, profile->roots[i], PERM_READ | PERM_MAP, 0, false);
}

static int word_compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	return strcmp(x->word, y->word);
}

static int rule_compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return strcmp(x->word, y->word);
}

/* One rule a word, for different paths may come to the same one; then sorted as they are shown. */
static void rules_settle(struct profile *profile)
{
	struct rule *rules = profile->rules, *last = NULL;
	size_t used = 0, i;

	if (!profile->rule_count)
		return;
	qsort(rules, profile->rule_count, sizeof(*rules), word_compare);
	for (i = 0; i < profile->rule_count; i++) {
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
	profile->rule_count = used;
	qsort(rules, used, sizeof(*rules), rule_compare);
}

static void files_print(const struct profile *profile, FILE *out)
{
	const struct rule *rules = profile->rules;
	size_t i = 0, end, width, size;
	char perms[12];

	while (i < profile->rule_count) {
		width = 0;
		/* The few very long ones stick out. */
		for (end = i; end < profile->rule_count && rules[end].group == rules[i].group;
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

static int text_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void comments_print(const struct profile *profile, FILE *out)
{
	size_t i;

	if (!profile->comment_count)
		return;
	qsort(profile->comments, profile->comment_count, sizeof(*profile->comments), text_compare);
	fputs("\n  # no rules for these: nobody can know the name they go by next time\n", out);
	for (i = 0; i < profile->comment_count && i < COMMENTS_MAX; i++)
		fprintf(out, "  # %s\n", profile->comments[i]);
	if (i < profile->comment_count)
		fprintf(out, "  # and %zu more\n", profile->comment_count - i);
}

struct capability {
	const char *name;
	bool inferred;
};

static int capability_compare(const void *a, const void *b)
{
	const struct capability *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* By name, each once; inferred where no run knew better. */
static void capabilities_print(const struct profile *profile, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(profile->model, FACT_CAPABILITY, &facts), i, k, used = 0;
	_cleanup_free_ struct capability *list = xcalloc(count, sizeof(*list));
	char number[16];

	for (i = 0; i < count; i = k) {
		struct capability one = {capability_name(facts[i].capability.capability), true};

		k = i + 1;
		if (!workload_is(&facts[i], profile->workload))
			continue;
		for (k = i; k < count && workload_is(&facts[k], profile->workload) &&
			    facts[k].capability.capability == facts[i].capability.capability;
		     k++)
			one.inferred = one.inferred && facts[k].capability.inferred;
		snprintf(number, sizeof(number), "%u", facts[i].capability.capability);
		if (one.name)
			list[used++] = one;
		else
			profile_warn(profile, "no word for the capability", number);
	}
	if (used) {
		qsort(list, used, sizeof(*list), capability_compare);
		fputc('\n', out);
	}
	for (i = 0; i < used; i++)
		fprintf(out, "  capability %s,%s\n", list[i].name,
			list[i].inferred ? " # inferred" : "");
}

static bool socket_print(const struct profile *profile, const struct fact *fact, bool first,
			 FILE *out)
{
	const char *family = family_name(fact->socket.family);
	const char *type = socket_type_name(fact->socket.type);
	char numbers[48];

	if (family && type) {
		fprintf(out, "%s  network %s %s,\n", first ? "\n" : "", family, type);
		return true;
	}
	snprintf(numbers, sizeof(numbers), "family %u, type %u", fact->socket.family,
		 fact->socket.type);
	profile_warn(profile, "no word for a socket of", numbers);
	return false;
}

/* By number, which is how the facts stand; each once. */
static void sockets_print(const struct profile *profile, FILE *out)
{
	const struct fact *facts, *last = NULL;
	size_t count = model_facts(profile->model, FACT_SOCKET, &facts), i;
	bool any = false;

	for (i = 0; i < count; i++) {
		if (!workload_is(&facts[i], profile->workload))
			continue;
		if (last && last->socket.family == facts[i].socket.family &&
		    last->socket.type == facts[i].socket.type)
			continue;
		last = &facts[i];
		any |= socket_print(profile, last, !any, out);
	}
}

static void profile_print(const struct profile *profile, FILE *out)
{
	char *word;
	size_t i;

	fputs("\nabi <abi/3.0>,\ninclude <tunables/global>\n\n", out);
	if (profile->attached) {
		fputs("@{exec_path} =", out);
		for (i = 0; i < profile->root_count; i++) {
			word = apparmor_path_literal(profile->roots[i]);
			fprintf(out, " %s", word);
			free(word);
		}
		fputs("\n\n", out);
	}
	if (!profile->attached)
		fprintf(out,
			"# Attached to no executable: start with aa-exec -p %s, or name it to a "
			"container runtime.\n",
			profile->name);
	fprintf(out, "profile %s %s{\n  include <abstractions/base>\n", profile->name,
		profile->attached ? "@{exec_path} " : "");
	capabilities_print(profile, out);
	sockets_print(profile, out);
	files_print(profile, out);
	comments_print(profile, out);
	fprintf(out, "\n  include if exists <local/%s>\n}\n", profile->name);
}

static void profile_drop(struct profile *profile)
{
	size_t i;

	for (i = 0; i < profile->rule_count; i++)
		free(profile->rules[i].word);
	for (i = 0; i < profile->comment_count; i++)
		free(profile->comments[i]);
	free(profile->rules);
	free(profile->comments);
	free(profile->name);
}

int apparmor_emit(const struct model *model, const struct emit_options *options, FILE *out,
		  struct err *err)
{
	struct profile profile = {.model = model, .options = options};
	int code = workload_choose(model, options, &profile.workload, err);

	if (code)
		return code;
	roots_gather(&profile);
	code = name_choose(&profile, err);
	if (!code)
		code = apparmor_head_print(model, options, profile.workload, out, err);
	if (!code) {
		files_gather(&profile);
		rules_settle(&profile);
		profile_print(&profile, out);
	}
	profile_drop(&profile);
	return code;
}
