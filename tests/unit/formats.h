/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tests of formats share: the policy of a small server, and what a format makes of it. Knows
 * no format.
 */
#ifndef LEASTCALL_FORMATS_H
#define LEASTCALL_FORMATS_H

#include <stdarg.h>
#include <stdlib.h>

#include "emit/emit.h"
#include "policy/policy.h"
#include "test.h"

#define LINES_MAX 4000

static char warnings[8192];

static inline void warn(void *ctx, const char *format, ...)
{
	size_t used = strlen(warnings);
	va_list args;

	(void)ctx;
	va_start(args, format);
	vsnprintf(warnings + used, sizeof(warnings) - used, format, args);
	va_end(args);
	used = strlen(warnings);
	snprintf(warnings + used, sizeof(warnings) - used, ". ");
}

static struct emit_options options = {.warn = warn, .file = "web.json"};

static inline void allow(struct policy *policy, const char *name)
{
	policy_add(policy, &(struct rule){.name = name, .reason = REASON_OBSERVED});
}

static inline struct alternative masked(unsigned int index, uint64_t mask, uint64_t value)
{
	return (struct alternative){{{index, COMPARE_MASKED, mask, value}}, 1};
}

static inline void allow_when(struct policy *policy, const char *name,
			      struct alternative alternative)
{
	policy_add(
		policy,
		&(struct rule){.name = name, .alternatives = &alternative, .alternative_count = 1});
}

/* What a small server is allowed; on x86-64. */
static inline struct policy server(const char *workload)
{
	static const char *const names[] = {"execve",     "read", "write",   "chown",     "fchown",
					    "lchown",     "brk",  "openat",  "nanosleep", "mseal",
					    "exit_group", "mmap", "fchownat"};
	struct policy policy = {.abis = {true}, .is_native = {true}};
	struct alternative both = masked(0, UINT32_MAX, 2);
	size_t i;

	policy.workload = workload ? xstrdup(workload) : NULL;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		allow(&policy, names[i]);
	both.list[1] = (struct condition){1, COMPARE_MASKED, 0xf, 1};
	both.count = 2;
	allow_when(&policy, "socket", both);
	allow_when(&policy, "socket", masked(0, UINT32_MAX, 1));
	allow_when(&policy, "clone", masked(0, 0x7e020000, 0));
	allow_when(&policy, "personality", masked(0, UINT32_MAX, UINT32_MAX));
	allow_when(&policy, "ptrace", masked(0, UINT64_MAX, UINT64_C(1) << 63));
	policy_add(&policy, &(struct rule){.name = "clone3", .is_refused = true});
	policy_settle(&policy, &options);
	return policy;
}

static inline char *emitted(policy_emit_fn *fn, const struct policy *policy)
{
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out = xmemstream(&text, &size);
	int r;

	warnings[0] = '\0';
	r = fn(policy, &options, out, &err);
	fclose(out);
	if (!r)
		return text;
	printf("# %s\n", err.text);
	free(text);
	return xstrdup("");
}

static inline char *emitted_of_server(policy_emit_fn *fn)
{
	struct policy policy = server("web");
	char *text = emitted(fn, &policy);

	policy_drop(&policy);
	return text;
}

/* The first line that begins so, without that; NULL: none. The caller frees it. */
static inline char *line_of(const char *text, const char *start)
{
	size_t length = strlen(start);

	for (; text && *text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (!strncmp(text, start, length))
			return xstrndup(text + length, strcspn(text + length, "\n"));
	return NULL;
}

static inline size_t line_split(char *text, char **lines)
{
	size_t count = 0;
	char *rest;

	for (text = strtok_r(text, "\n", &rest); text && count < LINES_MAX;
	     text = strtok_r(NULL, "\n", &rest))
		lines[count++] = text;
	return count;
}

#endif
