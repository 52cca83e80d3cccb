/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One rule a path, or what it has in common with others, or a comment where the path is not to be
 * trusted; sorted, so that two profiles can be compared. How they look is apparmor_files_print.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor_exec.h"
#include "apparmor_files.h"
#include "apparmor_glob.h"
#include "apparmor_known.h"
#include "apparmor_marks.h"
#include "apparmor_text.h"
#include "apparmor_use.h"
#include "model/text.h"

/* The uses, and beside each the path that its rule is made of. */
struct gathering {
	struct file_rules *files;
	struct uses uses;
	struct glob_path *paths;
};

/* Takes the rule's words over. */
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

	*words = '\0';
	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit && used < size)
			used += (size_t)snprintf(words + used, size - used, "%s%s",
						 used ? ", " : "", path_flag_names[bit]);
}

/* The nameless files of a directory (O_TMPFILE) are DIR/#[0-9]*; true where it is one of them. */
static bool nameless_widen(struct cells *cells)
{
	static const uint16_t number[] = {CELL_DIGIT, CELL_STAR};
	size_t at = cells->count;

	while (at && cell_holds(CELL_DIGIT, (unsigned char)cells->list[at - 1]))
		at--;
	if (at < 2 || at == cells->count || cells->list[at - 1] != '#' ||
	    cells->list[at - 2] != '/')
		return false;
	cells_replace(cells, at, cells->count, number, 2);
	return true;
}

/* Makes the path of a use; no cells where there can be no rule. */
static void path_make(const struct gathering *all, size_t index)
{
	const struct use *use = &all->uses.list[index];
	struct glob_path *path = &all->paths[index];
	_cleanup_free_ char *bytes = text_unescape(use->path, NULL);
	bool nameless;

	if (use->perms & PERM_EXEC)
		cells_make(&path->cells, bytes);
	else
		apparmor_cells(bytes, &path->cells);
	nameless = use->flags == PATH_DELETED && nameless_widen(&path->cells);
	if (!apparmor_is_path(bytes) || (use->flags & ~(uint32_t)PATH_UNRESOLVED && !nameless) ||
	    (use->flags && !strcmp(use->path, SCRIPT_DESCRIPTOR))) {
		cells_drop(&path->cells);
		return;
	}
	path->open = nameless ? "any file without a name" : NULL;
	path->run = use->run;
	path->perms = use->perms | (use->linked ? PERM_LINK : 0u);
	path->fixed = nameless || all->files->options->exact || use->perms & PERM_EXEC ||
		      file_is_root(all->files, use->path) || path_is_kept(bytes);
	if (!nameless && !all->files->options->exact && !file_is_root(all->files, use->path))
		path->open = versions_widen(&path->cells, bytes, path->perms);
}

/* Where what somebody owns is of no concern to others. */
static bool owner_matters(const struct cells *cells)
{
	static const char *const places[] = {"/home/",    "/root/",     "/tmp/",
					     "/var/tmp/", "/run/user/", "/dev/shm/"};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (cells_begin(cells, places[i]) && cells->count > strlen(places[i]))
			return true;
	return cells_begin(cells, "/proc/") && cells->count > 6 && cells->list[6] == CELL_PID;
}

/* Is its last part a star and nothing else? */
static bool holds_every(const struct cells *cells)
{
	return cells->count > 1 && cells->list[cells->count - 1] == CELL_STAR &&
	       cells->list[cells->count - 2] == '/';
}

static char *rule_word(const struct gathering *all, size_t index, bool owned)
{
	const struct use *use = &all->uses.list[index];
	const struct cells *cells = &all->paths[index].cells;
	unsigned int variables = 0;

	if (all->files->attached && !use->flags && file_is_root(all->files, use->path))
		return xstrdup("@{exec_path}");
	if (!(use->perms & ~(uint32_t)(PERM_READ | PERM_MAP)))
		variables |= APPARMOR_MULTIARCH;
	if (owned && !all->paths[index].fixed)
		variables |= APPARMOR_HOME;
	return apparmor_word(cells, variables);
}

/* What a rule must grant for it: of what is doubtful, only what is not sure anyway. */
static uint32_t use_perms(const struct uses *uses, size_t index)
{
	const struct use *use = &uses->list[index], *sure = use;

	while (sure > uses->list && !strcmp(sure[-1].path, use->path))
		sure--;
	return sure->flags || sure == use
		       ? use->perms
		       : perms_left(use->perms, use->owned, sure->perms, sure->owned);
}

static void use_rule(const struct gathering *all, size_t index)
{
	const struct use *use = &all->uses.list[index];
	const struct cells *cells = &all->paths[index].cells;
	struct file_rules *files = all->files;
	struct file_rule rule = {.perms = use_perms(&all->uses, index)};
	char words[64];

	if (!rule.perms)
		return;
	if (!cells->count) {
		flags_words(use->flags, words, sizeof(words));
		comment_add(files, use->flags ? words : "not a path", use->path, rule.perms);
		return;
	}
	rule.owned = use->owned && !(use->perms & PERM_EXEC);
	rule.personal = owner_matters(cells);
	rule.foreign = use->foreign;
	rule.word = rule_word(all, index, rule.owned && rule.personal);
	if (!rule.word) {
		comment_add(files, "too long for a rule", use->path, use->perms);
		return;
	}
	/* What has no name was created, hence w; and r, for the name is asked for both. */
	if (use->flags == PATH_DELETED)
		rule.perms |= PERM_READ | PERM_WRITE;
	rule.exec = "ix";
	if (use->perms & PERM_EXEC && files->exec_words)
		rule.exec = files->exec_words(files->exec_ctx, use->path);
	rule.group = file_group(use->path, use->perms);
	rule.unresolved = use->flags == PATH_UNRESOLVED;
	rule.glob = cells_are_glob(cells);
	rule.open = all->paths[index].open;
	rule.every = holds_every(cells);
	rule.withdrawn = all->paths[index].withdrawn;
	rule.marks = all->paths[index].marks;
	names_add(&rule.sources, use->path);
	rule_add(files, rule);
}

static int use_find(const void *key, const void *use)
{
	return strcmp(key, ((const struct use *)use)->path);
}

/* Where the path of a link is among the uses; the count where it can't be a rule's. */
static size_t link_find(const struct gathering *all, const char *path)
{
	const struct use *list = all->uses.list;
	const struct use *found = bsearch(path, list, all->uses.count, sizeof(*list), use_find);
	size_t at = found ? (size_t)(found - list) : all->uses.count;

	/* What is sure comes first. */
	while (found && at && !strcmp(list[at - 1].path, path))
		at--;
	while (at < all->uses.count && !strcmp(list[at].path, path) && !all->paths[at].cells.count)
		at++;
	return at < all->uses.count && !strcmp(list[at].path, path) ? at : all->uses.count;
}

static void link_rule(const struct gathering *all, const struct fact *link)
{
	size_t from = link_find(all, link->operation.source);
	size_t to = link_find(all, link->operation.target);
	uint32_t doubt = link->operation.flags & ~(uint32_t)(PATH_DELETED | PATH_UNRESOLVED);
	struct file_rule rule = {.group = file_group_links()};
	char words[64];

	if (!doubt && from < all->uses.count && to < all->uses.count) {
		rule.word = apparmor_word(&all->paths[to].cells, 0);
		rule.link = apparmor_word(&all->paths[from].cells, 0);
	}
	if (!rule.word || !rule.link) {
		free(rule.word);
		free(rule.link);
		flags_words(link->operation.flags, words, sizeof(words));
		comment_add(all->files, *words ? words : "not a path", link->operation.target,
			    PERM_LINK);
		return;
	}
	rule.glob =
		cells_are_glob(&all->paths[to].cells) || cells_are_glob(&all->paths[from].cells);
	rule.unresolved = link->operation.flags & PATH_UNRESOLVED;
	rule.marks = all->paths[to].marks | all->paths[from].marks;
	names_add(&rule.sources, link->operation.target);
	names_add(&rule.sources, link->operation.source);
	rule_add(all->files, rule);
}

static int words_compare(const struct file_rule *x, const struct file_rule *y)
{
	int order = strcmp(x->word, y->word);

	return order ? order : strcmp(x->link ? x->link : "", y->link ? y->link : "");
}

static int word_compare(const void *a, const void *b)
{
	const struct file_rule *x = a, *y = b;
	int order = words_compare(x, y);

	return order ? order : number_compare(x->unresolved, y->unresolved);
}

static int rule_compare(const void *a, const void *b)
{
	const struct file_rule *x = a, *y = b;

	return x->group != y->group ? number_compare(x->group, y->group) : word_compare(a, b);
}

static void rule_drop(struct file_rule *rule)
{
	free(rule->word);
	free(rule->link);
	names_drop(&rule->sources);
}

/* Of the same words, and both resolved or both not; or `into` grants all of what is not. */
static void rule_merge(struct file_rule *into, struct file_rule *rule)
{
	size_t i;

	/* Where how to execute it is not asked of both, the one that is knows. */
	if (!(into->perms & PERM_EXEC))
		into->exec = rule->exec;
	into->perms |= rule->perms;
	into->owned &= rule->owned && !(into->perms & PERM_EXEC);
	into->marks &= rule->marks;
	into->glob |= rule->glob;
	into->open = into->open ? into->open : rule->open;
	into->every |= rule->every;
	into->personal |= rule->personal;
	into->foreign |= rule->foreign;
	into->withdrawn |= rule->withdrawn;
	into->group = rule->group < into->group ? rule->group : into->group;
	for (i = 0; i < rule->sources.count; i++)
		names_add(&into->sources, rule->sources.list[i]);
	rule_drop(rule);
}

/* Of a rule that is not resolved only what the one of the same words leaves open; how many are left. */
static size_t rules_resolve(struct file_rule *rules, size_t count)
{
	struct file_rule *last = NULL;
	size_t used = 0, i;

	for (i = 0; i < count; i++) {
		struct file_rule *rule = &rules[i];

		if (last && rule->unresolved && !last->unresolved && !words_compare(last, rule)) {
			uint32_t left =
				perms_left(rule->perms, rule->owned, last->perms, last->owned);

			if (!left) {
				rule_merge(last, rule);
				continue;
			}
			rule->perms = left;
		}
		last = &rules[used++];
		*last = *rule;
	}
	return used;
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
		if (last && !word_compare(last, &rules[i])) {
			rule_merge(last, &rules[i]);
			continue;
		}
		last = &rules[used++];
		*last = rules[i];
	}
	/* Who may write whatever fits a glob does so to files of his own. */
	for (i = 0; i < used; i++)
		rules[i].owned &= rules[i].personal ||
				  (rules[i].glob && rules[i].perms & (PERM_WRITE | PERM_APPEND));
	used = rules_resolve(rules, used);
	files->rule_count = used;
	for (i = 0; i < used; i++)
		names_settle(&rules[i].sources);
	qsort(rules, used, sizeof(*rules), rule_compare);
}

/* What no finished rule may be goes back to the names that were seen. */
static void globs_withdraw(const struct gathering *all)
{
	struct glob_path *path;
	size_t i;

	for (i = 0; i < all->uses.count; i++) {
		path = &all->paths[i];
		if (path->fixed || !cells_are_glob(&path->cells) ||
		    !cells_too_wide(&path->cells, path->perms))
			continue;
		cells_drop(&path->cells);
		path_make(all, i);
		path->withdrawn = !cells_are_glob(&path->cells);
	}
}

void file_rules_gather(struct file_rules *files)
{
	struct gathering all = {.files = files};
	const struct emit_options *options = files->options;
	size_t i;

	uses_gather(files, &all.uses);
	all.paths = xcalloc(all.uses.count, sizeof(*all.paths));
	for (i = 0; i < all.uses.count; i++)
		path_make(&all, i);
	if (!options->exact)
		globs_find(all.paths, all.uses.count);
	if (!options->exact && options->apparmor.glob_dirs)
		globs_find_siblings(all.paths, all.uses.count, options->apparmor.glob_dirs);
	globs_withdraw(&all);
	marks_find(all.paths, all.uses.count);
	for (i = 0; i < all.uses.count; i++)
		use_rule(&all, i);
	for (i = 0; i < all.uses.link_count; i++)
		link_rule(&all, all.uses.links[i]);
	rules_settle(files);
	for (i = 0; i < all.uses.count; i++)
		cells_drop(&all.paths[i].cells);
	free(all.paths);
	uses_drop(&all.uses);
}

void file_rules_drop(struct file_rules *files)
{
	size_t i;

	for (i = 0; i < files->rule_count; i++)
		rule_drop(&files->rules[i]);
	for (i = 0; i < files->comment_count; i++)
		free(files->comments[i]);
	free(files->rules);
	free(files->comments);
}
