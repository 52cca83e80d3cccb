/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a program like the recorded one does some day, and was not seen to do (rare_path.inc). */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "completeness.h"

static bool any_is_in(const struct names *names, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count && list[i]; i++)
		if (names_have(names, list[i]))
			return true;
	return false;
}

#define MADE(names, ...)                                                                           \
	any_is_in(names, (const char *const[]){__VA_ARGS__},                                       \
		  ARRAY_SIZE(((const char *const[]){__VA_ARGS__})))

/* True where no sockets were recorded, for then that is not known. */
static bool has_ip(const struct model *model, const char *workload)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SOCKET, &facts), i;
	bool any = false;

	for (i = 0; i < count; i++) {
		if (!fact_counts(&facts[i], workload, PHASES_APPLICATION))
			continue;
		any = true;
		if (facts[i].socket.family == AF_INET || facts[i].socket.family == AF_INET6)
			return true;
	}
	return !any;
}

/* Does it write files, and does it append to some? No device and nothing of the kernel's counts. */
static void writes_find(const struct model *model, const char *workload, bool *ret_writes,
			bool *ret_appends)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_FILE, &facts), i;

	*ret_writes = *ret_appends = false;
	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];

		if (!fact_counts(fact, workload, PHASES_APPLICATION) ||
		    !strncmp(fact->file.path, "/dev/", 5) ||
		    !strncmp(fact->file.path, "/proc/", 6) || !strncmp(fact->file.path, "/sys/", 5))
			continue;
		if (fact->file.perms & PERM_APPEND)
			*ret_appends = true;
		else if (fact->file.perms & PERM_WRITE)
			*ret_writes = true;
	}
}

unsigned int completeness_whens(const struct model *model, const char *workload,
				const struct names *names)
{
	bool serves = MADE(names, "accept", "accept4", "listen"), writes, appends;
	bool is[RARE_WHENS] = {};
	unsigned int whens = 0;
	size_t i;

	writes_find(model, workload, &writes, &appends);
	is[RARE_SERVER] = serves;
	is[RARE_LOG] = serves && appends;
	is[RARE_KEEPER] = serves && writes;
	is[RARE_CLIENT] = MADE(names, "connect") && has_ip(model, workload);
	is[RARE_THREADS] = MADE(names, "clone", "clone3") &&
			   MADE(names, "futex", "futex_time64", "futex_wait");
	is[RARE_HANDLER] = MADE(names, "rt_sigaction", "sigaction", "signal");
	is[RARE_SLEEPER] = MADE(names, "clock_nanosleep", "clock_nanosleep_time64", "futex",
				"futex_time64", "nanosleep", "poll");
	for (i = 0; i < RARE_WHENS; i++)
		whens |= is[i] ? 1u << i : 0;
	return whens;
}

/* There was a sign of it, or it can't be known. */
static bool was_taken(const struct completeness *completeness, const struct rare_path *path)
{
	size_t i;

	if (any_is_in(&completeness->names, path->signs, ARRAY_SIZE(path->signs)))
		return true;
	for (i = 0; i < ARRAY_SIZE(path->errnos) && path->errnos[i]; i++)
		if (!completeness->has_errnos ||
		    completeness->errnos[path->errnos[i] / 64] >> path->errnos[i] % 64 & 1)
			return true;
	return false;
}

static bool needs_more(const struct rare_path *path, const struct names *allowed)
{
	for (size_t i = 0; i < ARRAY_SIZE(path->calls) && path->calls[i]; i++)
		if (!names_have(allowed, path->calls[i]))
			return true;
	return false;
}

void completeness_allowed(const struct completeness *completeness, struct names *ret)
{
	size_t i;

	*ret = (struct names){};
	for (i = 0; i < completeness->names.count; i++)
		names_add(ret, completeness->names.list[i]);
	for (i = 0; i < always_count; i++)
		names_add(ret, always_rows[i].name);
	names_settle(ret);
}

size_t completeness_lacks(const struct completeness *completeness, const struct names *allowed,
			  const struct rare_path ***ret)
{
	const struct rare_path **list = xcalloc(rare_path_count, sizeof(*list));
	size_t count = 0, i;

	for (i = 0; i < rare_path_count; i++)
		if (completeness->whens & 1u << rare_paths[i].when &&
		    !was_taken(completeness, &rare_paths[i]) && needs_more(&rare_paths[i], allowed))
			list[count++] = &rare_paths[i];
	*ret = list;
	return count;
}
