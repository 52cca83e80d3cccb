/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * AppArmor asks for x on what execve(2) was given: of a script that is the script, and its
 * interpreter is read and mapped only.
 */
#include <string.h>

#include "apparmor_exec.h"
#include "policy/call.h"

bool executable_counts(const struct names *exes, const struct names *not_exes, const char *exe)
{
	if (exes && !(exe && names_have(exes, exe)))
		return false;
	return !not_exes || !exe || !names_have(not_exes, exe);
}

static bool is_exec(const struct fact *fact, const char *workload)
{
	return fact->operation.op == OP_EXEC && fact->operation.target &&
	       fact_counts(fact, workload, PHASES_APPLICATION);
}

static bool is_root(const struct model *model, const struct fact *exec)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;

	for (i = 0; i < count; i++)
		if (facts[i].workload_.root && !strcmp(facts[i].run, exec->run) &&
		    !strcmp(facts[i].workload, exec->workload) &&
		    !strcmp(facts[i].workload_.root, exec->operation.target))
			return true;
	return false;
}

/* By somebody who was not executed in the run himself. */
static bool begins(const struct model *model, const struct names *started, const struct fact *exec)
{
	return (!exec->exe || !names_have(started, exec->exe)) && is_root(model, exec);
}

/*
 * A recording that does not tell who executed what tells how often: where there were more execs than
 * the one that began each run, a root may have been executed again. To run itself confined as it is
 * gives a program nothing that it has not.
 */
static bool more_execs(const struct model *model, const char *workload, const struct names *told)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;
	uint64_t runs = 0, execs = 0;
	const char *name;

	for (i = 0; i < count; i++)
		runs += facts[i].workload_.root && workload_is(&facts[i], workload) &&
			!names_have(told, facts[i].run);
	count = model_facts(model, FACT_SYSCALL, &facts);
	for (i = 0; i < count && runs; i++) {
		name = syscall_name(facts[i].syscall.abi, facts[i].syscall.nr);
		if (name && fact_counts(&facts[i], workload, PHASES_APPLICATION) &&
		    !names_have(told, facts[i].run) &&
		    (!strcmp(name, "execve") || !strcmp(name, "execveat")))
			execs = add_saturating(execs, facts[i].syscall.count);
	}
	return runs && execs > runs;
}

static void told_gather(const struct model *model, const char *workload, struct execs *execs)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_OPERATION, &facts), i;

	for (i = 0; i < count; i++) {
		if (!is_exec(&facts[i], workload))
			continue;
		names_add(&execs->runs, facts[i].run);
		names_add(&execs->told, facts[i].operation.target);
	}
	names_settle(&execs->runs);
	names_settle(&execs->told);
}

/* /dev/fd/N, /proc/PID/fd/N: a number after /fd/, in one of the two. */
static bool is_descriptor(const char *path)
{
	const char *fd = strstr(path, "/fd/");

	return fd && fd[4] >= '0' && fd[4] <= '9' &&
	       (!strncmp(path, "/proc/", 6) || !strncmp(path, "/dev/fd/", 8));
}

static void script_add(const struct fact *exec, struct execs *execs)
{
	const char *script = exec->operation.source;

	if (exec->operation.flags & ~(uint32_t)PATH_UNRESOLVED)
		return;
	if (is_descriptor(script)) {
		names_add(&execs->scripts, SCRIPT_DESCRIPTOR);
		return;
	}
	names_add(&execs->scripts, script);
	if (!exec->operation.flags)
		names_add(&execs->sure, script);
}

void execs_gather(const struct model *model, const char *workload,
		  bool (*wants)(const void *ctx, const char *exe), const void *ctx,
		  struct execs *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_OPERATION, &facts), i;

	told_gather(model, workload, ret);
	for (i = 0; i < count; i++) {
		const struct fact *exec = &facts[i];

		if (!is_exec(exec, workload) || !wants(ctx, exec->exe) ||
		    begins(model, &ret->told, exec))
			continue;
		if (!exec->operation.source)
			names_add(&ret->programs, exec->operation.target);
		else
			script_add(exec, ret);
	}
	ret->again = more_execs(model, workload, &ret->runs);
	names_settle(&ret->programs);
	names_settle(&ret->scripts);
	names_settle(&ret->sure);
}

bool execs_have(const struct execs *execs, const struct fact *file, bool root)
{
	const char *path = file->file.path;

	if (names_have(&execs->programs, path) || names_have(&execs->scripts, path))
		return true;
	if (names_have(&execs->runs, file->run) && names_have(&execs->told, path))
		return false;
	return !root || execs->again;
}

void execs_drop(struct execs *execs)
{
	names_drop(&execs->programs);
	names_drop(&execs->scripts);
	names_drop(&execs->sure);
	names_drop(&execs->told);
	names_drop(&execs->runs);
}
