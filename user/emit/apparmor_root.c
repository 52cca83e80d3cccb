/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The executable that a profile is attached to, and what it was called by. Writes no rules. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_root.h"
#include "apparmor_text.h"
#include "model/text.h"
#include "policy/call.h"

/*
 * Programs that run other programs' words, or other programs: a profile attached to one of them would
 * confine every script of the host, or all that is run so.
 */
bool root_runs_others(const char *path)
{
	static const char *const names[] = {
		"ash",      "awk",     "bash",    "busybox", "chroot", "chrt",    "dash",
		"doas",     "env",     "flock",   "gawk",    "ionice", "java",    "ksh",
		"lua",      "make",    "mawk",    "nice",    "node",   "nohup",   "nsenter",
		"parallel", "perl",    "php",     "pypy",    "python", "ruby",    "runuser",
		"script",   "setarch", "setpriv", "setsid",  "sh",     "stdbuf",  "strace",
		"su",       "sudo",    "taskset", "tclsh",   "time",   "timeout", "unshare",
		"xargs",    "zsh"};
	const char *base = path_base(path);
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size = strlen(names[i]);
		if (!strncmp(base, names[i], size) &&
		    !base[size + strspn(base + size, "0123456789.-")])
			return true;
	}
	return false;
}

/* The recording's header of this run; NULL: it has none. */
static const struct fact *run_header(const struct model *model, const char *run)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_RECORDING, &facts), i;

	for (i = 0; i < count; i++)
		if (!strcmp(facts[i].run, run))
			return &facts[i];
	return NULL;
}

/* Does the text begin with the word? A path may hold spaces, as what is behind it does. */
static bool begins_with(const char *text, const char *word)
{
	size_t size = strlen(word);

	return !strncmp(text, word, size) && (!text[size] || text[size] == ' ');
}

/* The last part of its first word. */
static const char *command_base(const char *target)
{
	const char *base = target + strcspn(target, " ");

	while (base > target && base[-1] != '/')
		base--;
	return base;
}

char *root_started_as(const struct model *model, const char *workload)
{
	const struct fact *facts, *header;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;

	for (i = 0; i < count; i++) {
		_cleanup_free_ char *word = NULL;
		const char *root = facts[i].workload_.root, *base;

		if (!root || !workload_is(&facts[i], workload))
			continue;
		header = run_header(model, facts[i].run);
		if (!header || strcmp(header->recording.what, "command") != 0 ||
		    !header->recording.target)
			continue;
		base = command_base(header->recording.target);
		if (begins_with(header->recording.target, root) ||
		    begins_with(base, path_base(root)))
			continue;
		word = xstrndup(base, strcspn(base, " "));
		return apparmor_comment(word);
	}
	return NULL;
}
