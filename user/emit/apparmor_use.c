/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Facts of one path come together: what is told of it without a doubt, and what is doubtful. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_exec.h"
#include "apparmor_use.h"
#include "policy/call.h"

bool file_is_root(const struct file_rules *files, const char *path)
{
	size_t i;

	for (i = 0; i < files->root_count; i++)
		if (!strcmp(files->roots[i], path))
			return true;
	return false;
}

static bool exe_counts(const void *ctx, const char *exe)
{
	const struct file_rules *files = ctx;

	return executable_counts(files->exes, files->not_exes, exe);
}

static void use_add(struct uses *uses, struct use use)
{
	if (uses->count == uses->room) {
		uses->room = uses->room ? uses->room * 2 : 256;
		uses->list = xrealloc(uses->list, uses->room, sizeof(*uses->list));
	}
	uses->list[uses->count++] = use;
}

static int link_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
	int order = strcmp(x->operation.target, y->operation.target);

	return order ? order : strcmp(x->run, y->run);
}

/* A run that tells what a path was made a link to needs no l for it, which allows links to all. */
static bool link_told(const struct uses *uses, const struct fact *file)
{
	const struct fact wanted = {.run = file->run, .operation.target = file->file.path};
	const struct fact *key = &wanted;

	return uses->link_count &&
	       bsearch(&key, uses->links, uses->link_count, sizeof(struct fact *), link_compare);
}

uint32_t perms_left(uint32_t perms, bool perms_owned, uint32_t sure, bool sure_owned)
{
	if (sure_owned && !perms_owned)
		return perms;
	if (sure & PERM_WRITE)
		sure |= PERM_APPEND;
	return perms & ~sure;
}

static void links_gather(const struct file_rules *files, struct uses *uses)
{
	const struct fact *facts;
	size_t count = model_facts(files->model, FACT_OPERATION, &facts), i;

	uses->links = xcalloc(count, sizeof(struct fact *));
	for (i = 0; i < count; i++) {
		const struct fact *link = &facts[i];

		if (link->operation.op != OP_LINK || !link->operation.source ||
		    !link->operation.target || !exe_counts(files, link->exe) ||
		    !fact_counts(link, files->workload, PHASES_APPLICATION))
			continue;
		uses->links[uses->link_count++] = link;
		if (link->operation.flags & ~(uint32_t)(PATH_DELETED | PATH_UNRESOLVED))
			continue;
		use_add(uses, (struct use){.path = link->operation.target,
					   .run = link->run,
					   .owned = true,
					   .linked = true});
		use_add(uses, (struct use){.path = link->operation.source,
					   .flags = link->operation.flags & PATH_DELETED,
					   .run = link->run,
					   .owned = true,
					   .linked = true});
	}
	if (uses->link_count)
		qsort(uses->links, uses->link_count, sizeof(struct fact *), link_compare);
}

/*
 * AppArmor asks for m and r as well where it maps what is executed; a script is read. What was
 * executed has a fact of its own, by itself: it is needed by those who executed it.
 */
static void file_use(const struct file_rules *files, const struct execs *execs,
		     const struct fact *fact, struct uses *uses)
{
	const char *path = fact->file.path;
	struct use use = {.path = path,
			  .perms = fact->file.perms,
			  .flags = fact->file.flags,
			  .run = fact->run,
			  .owned = fact->file.owner == OWNER_YES,
			  .foreign = fact->file.owner == OWNER_NO};

	if (!exe_counts(files, fact->exe)) {
		if (!(use.perms & PERM_EXEC) || !names_have(&execs->programs, path))
			return;
		use.perms = PERM_EXEC;
	}
	if (use.perms & PERM_LINK && link_told(uses, fact))
		use.perms &= ~(uint32_t)PERM_LINK;
	if (use.perms & PERM_EXEC) {
		if (!names_have(&execs->scripts, path) || names_have(&execs->programs, path))
			use.perms |= PERM_MAP;
		use.perms |= PERM_READ;
		if (!execs_have(execs, fact, file_is_root(files, path)))
			use.perms &= ~(uint32_t)PERM_EXEC;
	}
	use_add(uses, use);
}

/* What else is doubtful of a path takes nothing from what is only not resolved. */
static unsigned int doubt(const struct use *use)
{
	return !use->flags ? 0 : use->flags == PATH_UNRESOLVED ? 1 : 2;
}

static int use_compare(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : number_compare(doubt(x), doubt(y));
}

/*
 * What was spelled like a path that is known is that one, where nothing was done to it that was not
 * surely done to the path: it may have been looked up, and be something else. The list is sorted.
 */
static void uses_resolve(struct uses *uses)
{
	struct use *list = uses->list, sure = {.path = ""};
	size_t i;

	for (i = 0; i < uses->count; i++) {
		if (strcmp(list[i].path, sure.path) != 0)
			sure = (struct use){.path = list[i].path, .owned = true};
		if (!list[i].flags) {
			sure.perms |= list[i].perms;
			sure.owned &= list[i].owned;
		} else if (list[i].flags == PATH_UNRESOLVED &&
			   !perms_left(list[i].perms, list[i].owned, sure.perms, sure.owned)) {
			list[i].flags = 0;
		}
	}
}

static bool same_run(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Once for what is sure of a path, once for what is not. */
static void uses_settle(struct uses *uses)
{
	struct use *list = uses->list, *last = NULL;
	size_t used = 0, i;

	for (i = 0; i < uses->count; i++) {
		if (!last || use_compare(last, &list[i]) != 0) {
			list[used] = list[i];
			last = &list[used++];
			continue;
		}
		last->perms |= list[i].perms;
		last->flags |= list[i].flags;
		last->owned &= list[i].owned;
		last->foreign |= list[i].foreign;
		last->linked |= list[i].linked;
		if (!same_run(last->run, list[i].run))
			last->run = NULL;
	}
	uses->count = used;
}

void uses_gather(const struct file_rules *files, struct uses *ret)
{
	struct execs execs = {};
	const struct fact *facts;
	size_t count = model_facts(files->model, FACT_FILE, &facts), i;

	execs_gather(files->model, files->workload, exe_counts, files, &execs);
	links_gather(files, ret);
	for (i = 0; i < count; i++)
		if (fact_counts(&facts[i], files->workload, PHASES_APPLICATION))
			file_use(files, &execs, &facts[i], ret);
	for (i = 0; i < execs.scripts.count; i++)
		use_add(ret, (struct use){.path = execs.scripts.list[i],
					  .perms = PERM_READ | PERM_EXEC,
					  .flags = names_have(&execs.sure, execs.scripts.list[i])
							   ? 0
							   : PATH_UNRESOLVED});
	for (i = 0; i < files->root_count; i++)
		use_add(ret, (struct use){.path = files->roots[i], .perms = PERM_READ | PERM_MAP});
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), use_compare);
	uses_resolve(ret);
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), use_compare);
	uses_settle(ret);
	execs_drop(&execs);
}

void uses_drop(struct uses *uses)
{
	free(uses->list);
	free(uses->links);
}
