/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Docker's default profile as the runtime gets it, for a container with Docker's default capabilities:
 * the names of tables/docker_default.inc, and the rules of those that are allowed for some arguments.
 */
#include <stdlib.h>
#include <string.h>

#include "emit.h"

/* github.com/moby/profiles, seccomp/default.json at 02e898b137ae: without CAP_SYS_ADMIN. */
static const struct {
	const char *name, *rule;
} narrowed[] = {
	{"clone",
	 "{\"index\":0,\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}"},
	{"personality", "{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}"},
	{"personality", "{\"index\":0,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}"},
	{"personality", "{\"index\":0,\"value\":131072,\"op\":\"SCMP_CMP_EQ\"}"},
	{"personality", "{\"index\":0,\"value\":131080,\"op\":\"SCMP_CMP_EQ\"}"},
	{"personality", "{\"index\":0,\"value\":4294967295,\"op\":\"SCMP_CMP_EQ\"}"},
	{"socket", "{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"}"},
};

static bool is_narrowed(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(narrowed); i++)
		if (!strcmp(narrowed[i].name, name))
			return true;
	return false;
}

char *docker_default_json(size_t *ret_size)
{
	const char *comma = "";
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_size);

	if (!out)
		abort();
	fputs("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"architectures\":["
	      "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":["
	      "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(narrowed); i++)
		fprintf(out, ",{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[%s]}",
			narrowed[i].name, narrowed[i].rule);
	fputs(",{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[", out);
	for (size_t i = 0; i < docker_default_count; i++) {
		if (is_narrowed(docker_default_names[i]))
			continue;
		fprintf(out, "%s\"%s\"", comma, docker_default_names[i]);
		comma = ",";
	}
	fputs("]}]}", out);
	if (fclose(out) != 0)
		abort();
	return text;
}
