/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the facts alone, without the code that makes rules: so that one can be held against the other.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor_accesses.h"
#include "apparmor_text.h"
#include "model/text.h"
#include "policy/call.h"

/*
 * The program that a run began with is executed by nobody who is confined. apparmor_exec.c's is_root()
 * is not asked: a mistake there is to be seen here.
 */
static bool is_root(const struct model *model, const char *workload, const char *path)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;

	for (i = 0; i < count; i++)
		if (workload_is(&facts[i], workload) && facts[i].workload_.root &&
		    !strcmp(facts[i].workload_.root, path))
			return true;
	return false;
}

/* An interpreter is executed where it was executed as such, and not for a script. */
static bool is_executed(const struct model *model, const struct fact *file)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_OPERATION, &facts), i;
	bool told = false;

	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];

		if (fact->operation.op != OP_EXEC || strcmp(fact->run, file->run) != 0 ||
		    strcmp(fact->workload, file->workload) != 0 || !fact->operation.target)
			continue;
		if (fact->operation.source && !strcmp(fact->operation.source, file->file.path))
			return true;
		if (strcmp(fact->operation.target, file->file.path) != 0)
			continue;
		if (!fact->operation.source)
			return true;
		told = true;
	}
	return !told;
}

void accesses_gather(const struct model *model, const char *workload, struct accesses *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_FILE, &facts), i;

	*ret = (struct accesses){.list = xcalloc(count, sizeof(*ret->list))};
	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];
		_cleanup_free_ char *word = NULL;

		if (fact->file.flags & ~(uint32_t)PATH_UNRESOLVED ||
		    !fact_counts(fact, workload, PHASES_APPLICATION))
			continue;
		word = apparmor_path(fact->file.path);
		if (!word)
			continue;
		ret->list[ret->count++] = (struct aa_access){
			.path = text_unescape(fact->file.path, NULL),
			.perms = fact->file.perms,
			.owner = fact->file.owner == OWNER_YES,
			.child = fact->file.perms & PERM_EXEC &&
				 !is_root(model, workload, fact->file.path) &&
				 is_executed(model, fact),
		};
	}
}

void accesses_drop(struct accesses *accesses)
{
	size_t i;

	for (i = 0; i < accesses->count; i++)
		free((char *)accesses->list[i].path);
	free(accesses->list);
	*accesses = (struct accesses){};
}
