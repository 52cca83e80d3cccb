/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Statements become profiles, rules and variables; what is included is read where it is named. Bounds
 * everything: files include one another.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"
#include "model/text.h"

#define INCLUDE_DEPTH_MAX 16
#define INCLUDES_MAX      2000
#define BYTES_MAX         (16u << 20)
#define RULES_MAX         100000
#define BLOCK_DEPTH_MAX   32
#define PROFILES_MAX      10000
#define WORD_SHOWN        40
#define NAME_SIZE_MAX     4096 /* a child has its parents' names in front of its own */

/* What the innermost { began. */
struct block {
	size_t profile;
	bool audit, deny, owner; /* of all rules in it */
	bool is_inner;           /* it began no profile */
	bool is_unknown;         /* nothing is said of what the rules in it allow */
};

struct parser {
	struct aa_file *file;
	const char *dir;
	size_t bytes;
	int depth;
};

/* One text: the file itself, or one that is included. */
struct source {
	struct parser *parser;
	const char *name;   /* for people */
	const char *source; /* NULL: the file itself */
	const char *text;
	size_t size;
	struct block blocks[BLOCK_DEPTH_MAX];
	size_t depth; /* the index of the innermost block */
};

static int text_parse(struct parser *parser, const char *name, const char *source, const char *text,
		      size_t size, struct block block, struct err *err);

static struct block *innermost(struct source *source)
{
	return &source->blocks[source->depth];
}

static int wrong(const struct source *source, unsigned int line, struct err *err, const char *words)
{
	return err_set(err, -EINVAL, "%s:%u: %s", source->name, line, words);
}

/* Rules that are legal and have no effect here. */
static bool is_kept(const char *word)
{
	static const char *const words[] = {"alias", "prompt", "safe", "unsafe"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

/*
 * A rule that nobody knows is a wrong word, or a comma too many that cut one in two: what is put behind
 * it may end up within it. Of what is included others take care: there it counts as none.
 */
static int rule_check(const struct source *source, struct aa_rule *rule, struct err *err)
{
	const char *word = rule->words.count ? rule->words.list[0] : ",";
	_cleanup_free_ char *escaped = NULL, *shown = NULL;

	if (rule->class != AA_OTHER || is_kept(word))
		return 0;
	escaped = text_escape(word, strnlen(word, WORD_SHOWN));
	shown = text_printable(escaped); /* in quotes it may hold anything */
	if (source->source) {
		rule->trouble = xasprintf("it is not understood: %s", shown);
		return 0;
	}
	return err_set(err, -EINVAL, "%s:%u: a rule that is not understood: %s", source->name,
		       rule->line, shown);
}

static int rule_add(struct source *source, const struct aa_statement *at, struct err *err)
{
	struct aa_file *file = source->parser->file;
	const struct block *block = innermost(source);
	struct aa_rule rule = {.profile = block->profile,
			       .source = source->source,
			       .start = at->start,
			       .end = at->end,
			       .line = at->line,
			       .work = file->work};
	int r;

	if (file->rule_count == RULES_MAX)
		return err_set(err, -E2BIG, "%s:%u: more than %d rules", source->name, at->line,
			       RULES_MAX);
	aa_rule_read(&rule, source->text + at->start, at->end - at->start);
	rule.audit |= block->audit;
	rule.deny |= block->deny;
	rule.owner |= block->owner;
	rule.in_block = block->is_inner;
	r = block->is_unknown ? 0 : rule_check(source, &rule, err);
	if (r) {
		aa_rule_drop(&rule);
		return r;
	}
	if (block->is_unknown)
		rule.class = AA_OTHER;
	if (file->rule_count == file->rule_room) {
		file->rule_room = file->rule_room ? file->rule_room * 2 : 64;
		file->rules = xrealloc(file->rules, file->rule_room, sizeof(*file->rules));
	}
	file->rules[file->rule_count++] = rule;
	return 0;
}

/* Does a block of these words only say how its rules are meant? */
static bool qualifies(const struct aa_words *words, struct block *block)
{
	size_t i;

	for (i = 0; i < words->count; i++) {
		const char *word = words->list[i];

		if (!strcmp(word, "audit"))
			block->audit = true;
		else if (!strcmp(word, "deny"))
			block->deny = true;
		else if (!strcmp(word, "owner"))
			block->owner = true;
		else if (strcmp(word, "allow") != 0)
			return false;
	}
	return true;
}

/* The place of the profile's name among the words in front of a {; false where it is no profile. */
static bool head_read(const struct aa_words *words, size_t *ret)
{
	const char *first = words->count ? words->list[0] : "";

	*ret = !strcmp(first, "profile") || !strcmp(first, "hat");
	if (*ret)
		return words->count > 1;
	return *first == '/' || *first == '^' || !strncmp(first, "\"/", 2) ||
	       !strncmp(first, "@{", 2) || !strncmp(first, "\"@{", 3);
}

static char *profile_name(const struct aa_file *file, size_t parent, const char *word)
{
	_cleanup_free_ char *name = aa_unquote(*word == '^' ? word + 1 : word);

	if (parent == AA_NONE)
		return take(name);
	return xasprintf("%s//%s", file->profiles[parent].name, name);
}

static int profile_add(struct source *source, const struct aa_statement *at,
		       const struct aa_words *words, size_t name_at, struct err *err)
{
	struct aa_file *file = source->parser->file;
	const char *name = words->list[name_at];
	struct aa_profile profile = {.parent = innermost(source)->profile,
				     .is_included = source->source != NULL,
				     .open = at->end,
				     .line = at->line};
	size_t i;

	if (file->profile_count == PROFILES_MAX)
		return err_set(err, -E2BIG, "%s:%u: more than %d profiles", source->name, at->line,
			       PROFILES_MAX);
	profile.name = profile_name(file, profile.parent, name);
	if (strlen(profile.name) > NAME_SIZE_MAX) {
		free(profile.name);
		return err_set(err, -E2BIG, "%s:%u: a profile's name of more than %d bytes",
			       source->name, at->line, NAME_SIZE_MAX);
	}
	for (i = name_at + 1; i < words->count; i++) {
		const char *word = words->list[i];

		if (strchr("/\"@{", *word) && !profile.attachment)
			profile.attachment = aa_unquote(word);
		else if ((*word == '(' || !strncmp(word, "flags", 5)) && !profile.flags)
			profile.flags = xstrdup(word);
	}
	if (!profile.attachment && (*name == '/' || !strncmp(name, "\"/", 2)))
		profile.attachment = aa_unquote(name);
	file->profiles = xrealloc(file->profiles, file->profile_count + 1, sizeof(*file->profiles));
	file->profiles[file->profile_count++] = profile;
	return 0;
}

static int block_open(struct source *source, const struct aa_statement *at, struct err *err)
{
	_cleanup_aa_words_ struct aa_words words = {};
	struct block block = *innermost(source);
	size_t name_at;
	int r = 0;

	if (source->depth + 1 == BLOCK_DEPTH_MAX)
		return wrong(source, at->line, err, "too many { in one another");
	aa_words_cut(source->text + at->start, at->end - at->start, &words);
	if (head_read(&words, &name_at) && !block.is_unknown) {
		r = profile_add(source, at, &words, name_at, err);
		if (r)
			return r;
		block = (struct block){.profile = source->parser->file->profile_count - 1};
	} else if (block.profile == AA_NONE) {
		return wrong(source, at->line, err, "a { that begins no profile");
	} else {
		block.is_unknown |= !qualifies(&words, &block);
		block.is_inner = true;
	}
	source->blocks[++source->depth] = block;
	return 0;
}

static int block_close(struct source *source, const struct aa_statement *at, struct err *err)
{
	struct aa_file *file = source->parser->file;
	size_t profile = innermost(source)->profile;

	if (!source->depth)
		return wrong(source, at->line, err, "a } without its {");
	source->depth--;
	if (profile != innermost(source)->profile)
		file->profiles[profile].close = at->start;
	return 0;
}

/* Adds it to the list; returns its place, as the list moves. */
static size_t include_add(struct aa_file *file, const struct aa_include *include)
{
	file->includes = xrealloc(file->includes, file->include_count + 1, sizeof(*file->includes));
	file->includes[file->include_count] = *include;
	return file->include_count++;
}

static int source_include(struct source *source, const char *path, struct err *err)
{
	_cleanup_aa_source_ struct aa_source read = {};
	struct parser *parser = source->parser;
	struct aa_file *file = parser->file;
	int r = aa_source_read(parser->dir, path, &read, err);
	size_t i;

	if (r)
		return r;
	if (!read.text) {
		for (i = 0; i < read.name_count && !r; i++)
			r = source_include(source, read.names[i], err);
		return r;
	}
	parser->bytes += read.size;
	if (parser->bytes > BYTES_MAX || file->source_count == INCLUDES_MAX)
		return err_set(err, -E2BIG, "%s: more is included than a profile can need", path);
	file->sources = xrealloc(file->sources, file->source_count + 1, sizeof(*file->sources));
	file->sources[file->source_count++] = xstrdup(path);
	return text_parse(parser, file->sources[file->source_count - 1],
			  file->sources[file->source_count - 1], read.text, read.size,
			  *innermost(source), err);
}

static int include_take(struct source *source, const struct aa_statement *at, struct err *err)
{
	struct parser *parser = source->parser;
	struct aa_include include = {.profile = innermost(source)->profile,
				     .source = source->source,
				     .start = at->start,
				     .end = at->end,
				     .line = at->line};
	struct err why = {};
	size_t place;
	int r;

	if (!aa_include_read(source->text + at->start, at->end - at->start, &include))
		return wrong(source, at->line, err, "an include that names nothing");
	place = include_add(parser->file, &include);
	if (parser->depth == INCLUDE_DEPTH_MAX || parser->file->include_count > INCLUDES_MAX)
		return wrong(source, at->line, err, "files include one another without an end");
	parser->depth++;
	r = source_include(source, include.path, &why);
	parser->depth--;
	if (r == -ENOENT) {
		parser->file->includes[place].is_missing = true;
		return 0;
	}
	if (r)
		*err = why;
	return r;
}

static int statement_take(struct source *source, const struct aa_statement *at, struct err *err)
{
	int r;

	switch (at->kind) {
	case AA_STATEMENT_INCLUDE:
		return include_take(source, at, err);
	case AA_STATEMENT_ASSIGN:
		r = aa_variable_assign(source->parser->file, source->text + at->start,
				       at->end - at->start, err);
		return r ? err_prefix(err, r, "%s:%u", source->name, at->line) : 0;
	case AA_STATEMENT_OPEN:
		return block_open(source, at, err);
	case AA_STATEMENT_CLOSE:
		return block_close(source, at, err);
	default:
		return rule_add(source, at, err);
	}
}

static int text_parse(struct parser *parser, const char *name, const char *source, const char *text,
		      size_t size, struct block block, struct err *err)
{
	struct aa_scanner scanner = {.text = text, .size = size};
	struct source state = {.parser = parser,
			       .name = name,
			       .source = source,
			       .text = text,
			       .size = size,
			       .blocks = {block}};
	struct aa_statement at;
	int r;

	do {
		r = aa_scan(&scanner, &at, err);
		if (r)
			return err_prefix(err, r, "%s:%u", name, at.line);
		if (at.kind == AA_STATEMENT_END)
			return state.depth ? wrong(&state, at.line, err, "a { without its }") : 0;
		r = statement_take(&state, &at, err);
	} while (!r);
	return r;
}

int aa_file_parse(const char *name, const char *text, size_t size, const char *dir,
		  struct aa_file *ret, struct err *err)
{
	struct aa_file file = {.size = size};
	struct parser parser = {.file = &file, .dir = dir};
	struct block block = {.profile = AA_NONE};
	int r;

	if (memchr(text, '\0', size))
		return err_set(err, -EBADMSG, "%s holds the byte 0: it is no profile", name);
	file.name = xstrdup(name);
	file.text = xstrndup(text, size);
	file.work = xcalloc(1, sizeof(*file.work));
	file.work->left = AA_STEPS_MAX;
	r = text_parse(&parser, name, NULL, file.text, size, block, err);
	if (!r)
		r = aa_globs_make(&file, err);
	if (r) {
		aa_file_drop(&file);
		return r;
	}
	aa_entries_make(&file);
	*ret = file;
	return 0;
}

void aa_file_drop(struct aa_file *file)
{
	size_t i, k;

	for (i = 0; i < file->rule_count; i++)
		aa_rule_drop(&file->rules[i]);
	for (i = 0; i < file->profile_count; i++) {
		free(file->profiles[i].name);
		free(file->profiles[i].attachment);
		free(file->profiles[i].flags);
	}
	for (i = 0; i < file->variable_count; i++) {
		for (k = 0; k < file->variables[i].count; k++)
			free(file->variables[i].values[k]);
		free(file->variables[i].values);
		free(file->variables[i].name);
	}
	for (i = 0; i < file->include_count; i++)
		free(file->includes[i].path);
	for (i = 0; i < file->source_count; i++)
		free(file->sources[i]);
	free(file->rules);
	free(file->profiles);
	free(file->variables);
	free(file->includes);
	free(file->sources);
	free(file->entries);
	free(file->work);
	free(file->name);
	free(file->text);
	*file = (struct aa_file){};
}

size_t aa_profile_find(const struct aa_file *file, const char *name)
{
	size_t i;

	for (i = 0; i < file->profile_count; i++)
		if (!strcmp(file->profiles[i].name, name))
			return i;
	return AA_NONE;
}
