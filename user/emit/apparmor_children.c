/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A profile's children are one level deep: what a child executes goes to a sibling by its full name
 * (Px -> parent//sibling), for Cx would look below the child. The kernel decides by what execve(2)
 * was given, so a script leads to the profile of its interpreter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_children.h"
#include "apparmor_text.h"
#include "model/text.h"
#include "policy/call.h"

static const struct fact *exec_next(const struct model *model, const char *workload, size_t *at)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_OPERATION, &facts);

	while (*at < count) {
		const struct fact *fact = &facts[(*at)++];

		if (fact->operation.op == OP_EXEC && fact->operation.target &&
		    *fact->operation.target == '/' &&
		    fact_counts(fact, workload, PHASES_APPLICATION))
			return fact;
	}
	return NULL;
}

static const struct child *child_find(const struct children *children, const char *exe)
{
	size_t i;

	for (i = 0; i < children->count; i++)
		if (!strcmp(children->list[i].exe, exe))
			return &children->list[i];
	return NULL;
}

static bool name_taken(const struct children *children, const char *name)
{
	size_t i;

	for (i = 0; i < children->count; i++)
		if (!strcmp(children->list[i].name, name))
			return true;
	return false;
}

/* The last part of the path, unless that is somebody's already; then all of it, and a digest; and
 * should somebody have aimed at that, a number. */
static char *name_choose(const struct children *children, const char *exe)
{
	char *name = apparmor_name(path_base(exe));

	if (!name_taken(children, name))
		return name;
	free(name);
	name = apparmor_name(exe);
	if (!name_taken(children, name))
		return name;
	free(name);
	return xasprintf("child.%zu", children->count);
}

static void child_add(struct children *children, const char *exe, const char *parent,
		      enum apparmor_children how)
{
	struct child child = {.exe = exe, .name = name_choose(children, exe)};

	if (how == CHILDREN_UNCONFINED) {
		child.from_parent = xstrdup("Ux");
		child.from_child = xstrdup("Ux");
	} else {
		child.from_parent = xasprintf("Cx -> %s", child.name);
		child.from_child = xasprintf("Px -> %s//%s", parent, child.name);
	}
	children->list[children->count++] = child;
}

int children_gather(const struct model *model, const char *workload, const char *const *roots,
		    size_t root_count, const char *parent, enum apparmor_children how,
		    struct children *ret, struct err *err)
{
	_cleanup_names_ struct names own = {};
	const struct fact *fact;
	size_t at, i, count = 0;

	*ret = (struct children){};
	if (how == CHILDREN_INHERIT)
		return 0;
	ret->back = xasprintf("Px -> %s", parent);
	for (i = 0; i < root_count; i++)
		names_add(&own, roots[i]);
	names_settle(&own);
	for (at = 0; (fact = exec_next(model, workload, &at)); count++)
		if (!names_have(&own, fact->operation.target))
			names_add(&ret->exes, fact->operation.target);
	names_settle(&ret->exes);
	if (ret->exes.count > CHILDREN_MAX)
		return err_set(err, -E2BIG,
			       "%zu programs were executed, and at most %d can be told apart: "
			       "--children inherit has one profile for all of them",
			       ret->exes.count, CHILDREN_MAX);
	ret->list = xcalloc(ret->exes.count, sizeof(*ret->list));
	for (i = 0; i < ret->exes.count; i++)
		child_add(ret, ret->exes.list[i], parent, how);
	ret->scripts = xcalloc(count, sizeof(*ret->scripts));
	for (at = 0; (fact = exec_next(model, workload, &at));)
		if (fact->operation.source)
			ret->scripts[ret->script_count++] = (struct child_script){
				fact->operation.source, child_find(ret, fact->operation.target)};
	return 0;
}

static bool is_script(const struct children *children, const char *path, const struct child **ret)
{
	size_t i;

	for (i = 0; i < children->script_count; i++) {
		if (strcmp(children->scripts[i].path, path) != 0)
			continue;
		*ret = children->scripts[i].child;
		return true;
	}
	return false;
}

const char *children_exec(const void *ctx, const char *path)
{
	const struct child_asks *asks = ctx;
	const struct child *to = child_find(asks->children, path);

	if (!to)
		is_script(asks->children, path, &to);
	if (to == asks->child)
		return "ix";
	if (!to)
		return asks->children->back;
	return asks->child ? to->from_child : to->from_parent;
}

void children_drop(struct children *children)
{
	size_t i;

	for (i = 0; i < children->count; i++) {
		free(children->list[i].name);
		free(children->list[i].from_parent);
		free(children->list[i].from_child);
	}
	free(children->list);
	free(children->scripts);
	free(children->back);
	names_drop(&children->exes);
}
