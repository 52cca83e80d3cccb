/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * archMap, includes, excludes, name and errnos by name: moby/profiles seccomp_linux.go and
 * container-libs common/pkg/seccomp. Knows nothing of actions and conditions.
 */
#include <errno.h>
#include <string.h>

#include "filter_dialect.h"
#include "tables/tables.h"

/* moby daemon/pkg/oci/caps/defaults.go; Podman's default ones are among them. */
static const char *const default_capabilities[] = {
	"CAP_AUDIT_WRITE",
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_MKNOD",
	"CAP_NET_RAW",
	"CAP_SETFCAP",
	"CAP_SETGID",
	"CAP_NET_BIND_SERVICE",
	"CAP_SETPCAP",
	"CAP_SETUID",
	"CAP_SYS_CHROOT",
};

/* What Go calls the machines: includes and excludes go by these. */
static const struct profile_word machines[] = {
	{"386", SCMP_ARCH_X86},         {"amd64", SCMP_ARCH_X86_64},
	{"arm", SCMP_ARCH_ARM},         {"arm64", SCMP_ARCH_AARCH64},
	{"ppc64le", SCMP_ARCH_PPC64LE}, {"riscv64", SCMP_ARCH_RISCV64},
	{"s390x", SCMP_ARCH_S390X},
};

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool is_text(const cJSON *item)
{
	return cJSON_IsString(item) && *item->valuestring;
}

static bool has_capability(const cJSON *item)
{
	size_t i;

	for (i = 0; cJSON_IsString(item) && i < ARRAY_SIZE(default_capabilities); i++)
		if (!strcmp(item->valuestring, default_capabilities[i]))
			return true;
	return false;
}

static bool is_this_machine(const cJSON *item)
{
	size_t i;

	for (i = 0; cJSON_IsString(item) && i < ARRAY_SIZE(machines); i++)
		if (!strcmp(item->valuestring, machines[i].text))
			return machines[i].value == seccomp_arch_native();
	return false;
}

static bool any_is(const cJSON *list, bool is(const cJSON *item))
{
	const cJSON *item;

	cJSON_ArrayForEach (item, list)
		if (is(item))
			return true;
	return false;
}

static bool all_are(const cJSON *list, bool is(const cJSON *item))
{
	const cJSON *item;

	cJSON_ArrayForEach (item, list)
		if (!is(item))
			return false;
	return true;
}

/* All that is included must hold, and nothing of what is excluded. Every minKernel has been reached. */
static bool rule_counts(const cJSON *rule)
{
	const cJSON *includes = member(rule, "includes"), *excludes = member(rule, "excludes");
	const cJSON *archs = member(includes, "arches");

	if (!all_are(member(includes, "caps"), has_capability) ||
	    (cJSON_GetArraySize(archs) && !any_is(archs, is_this_machine)))
		return false;
	return !any_is(member(excludes, "caps"), has_capability) &&
	       !any_is(member(excludes, "arches"), is_this_machine) &&
	       !is_text(member(excludes, "minKernel"));
}

/* Podman's errno by name; it wins over the number beside it. */
static int errno_settle(const struct reader *reader, cJSON *object, const char *key,
			const char *number_key)
{
	const cJSON *item = member(object, key);
	uint32_t code;

	if (is_text(item)) {
		if (!errno_from_name(item->valuestring, &code))
			return reader_wrong(reader, key, "no errno is called that");
		cJSON_DeleteItemFromObjectCaseSensitive(object, number_key);
		cJSON_AddNumberToObject(object, number_key, code);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(object, key);
	return 0;
}

/* To Go's reader, which theirs is, a null is as good as nothing. */
static void nulls_drop(cJSON *object)
{
	cJSON *item = object->child, *next;

	for (; item; item = next) {
		next = item->next;
		if (cJSON_IsNull(item))
			cJSON_Delete(cJSON_DetachItemViaPointer(object, item));
	}
}

static int rule_settle(const struct reader *reader, cJSON *rule)
{
	cJSON *name, *names;

	nulls_drop(rule);
	name = cJSON_GetObjectItemCaseSensitive(rule, "name");
	if (is_text(name) && cJSON_GetArraySize(member(rule, "names")))
		return reader_wrong(reader, "name", "stands beside names");
	if (is_text(name)) {
		cJSON_DeleteItemFromObjectCaseSensitive(rule, "names");
		names = cJSON_AddArrayToObject(rule, "names");
		cJSON_AddItemToArray(names, cJSON_DetachItemViaPointer(rule, name));
	}
	cJSON_DeleteItemFromObjectCaseSensitive(rule, "includes");
	cJSON_DeleteItemFromObjectCaseSensitive(rule, "excludes");
	return errno_settle(reader, rule, "errno", "errnoRet");
}

static int rules_settle(struct reader *reader, cJSON *rules)
{
	cJSON *rule = rules ? rules->child : NULL, *next, *gap;
	size_t index;
	int r;

	for (index = 0; rule; rule = next, index++) {
		next = rule->next;
		if (!cJSON_IsObject(rule))
			continue;
		snprintf(reader->place, sizeof(reader->place), "syscalls[%zu].", index);
		if (rule_counts(rule)) {
			r = rule_settle(reader, rule);
			if (r)
				return r;
			continue;
		}
		gap = cJSON_CreateNull();
		if (!gap || !cJSON_ReplaceItemViaPointer(rules, rule, gap))
			return err_errno(reader->err, -ENOMEM, "cannot read the profile");
	}
	reader->place[0] = '\0';
	return 0;
}

/* The entry of this machine becomes "architectures", its own one first. */
static int archs_settle(const struct reader *reader, cJSON *profile)
{
	const cJSON *map = member(profile, "archMap"), *entry, *sub;
	cJSON *archs;
	uint32_t token;

	if (!cJSON_GetArraySize(map))
		return 0;
	if (cJSON_GetArraySize(member(profile, "architectures")))
		return reader_wrong(reader, "archMap", "stands beside architectures");
	cJSON_DeleteItemFromObjectCaseSensitive(profile, "architectures");
	cJSON_ArrayForEach (entry, map) {
		if (reader_word(reader, "archMap", member(entry, "architecture"), profile_archs,
				profile_arch_count, &token))
			return -EBADMSG;
		if (token != seccomp_arch_native())
			continue;
		archs = cJSON_AddArrayToObject(profile, "architectures");
		cJSON_AddItemToArray(archs, cJSON_Duplicate(member(entry, "architecture"), true));
		cJSON_ArrayForEach (sub, member(entry, "subArchitectures"))
			cJSON_AddItemToArray(archs, cJSON_Duplicate(sub, true));
		break;
	}
	return 0;
}

int dialect_settle(struct reader *reader, cJSON *profile)
{
	int r;

	if (!cJSON_IsObject(profile))
		return 0;
	nulls_drop(profile);
	r = archs_settle(reader, profile);
	if (!r)
		r = errno_settle(reader, profile, "defaultErrno", "defaultErrnoRet");
	cJSON_DeleteItemFromObjectCaseSensitive(profile, "archMap");
	return r ? r : rules_settle(reader, cJSON_GetObjectItemCaseSensitive(profile, "syscalls"));
}
