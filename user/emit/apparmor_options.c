/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The words of an AppArmor profile's options. */
#include <string.h>

#include "emit.h"

static const char *const abis[APPARMOR_ABIS] = {"3.0", "4.0", "5.0"};
static const char *const children[APPARMOR_CHILDREN] = {"inherit", "profile", "unconfined"};
static const char *const uses[APPARMOR_USES] = {"profile", "docker", "k8s", "systemd"};

const char *apparmor_abi_name(enum apparmor_abi abi)
{
	return abis[abi];
}

static bool word_find(const char *const *words, size_t count, const char *word, unsigned int *ret)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*ret = (unsigned int)i;
		return true;
	}
	return false;
}

bool apparmor_abi_from_name(const char *name, enum apparmor_abi *ret)
{
	return word_find(abis, ARRAY_SIZE(abis), name, ret);
}

const char *apparmor_children_name(enum apparmor_children word)
{
	return children[word];
}

bool apparmor_children_from_name(const char *name, enum apparmor_children *ret)
{
	return word_find(children, ARRAY_SIZE(children), name, ret);
}

bool apparmor_use_from_name(const char *name, enum apparmor_use *ret)
{
	return word_find(uses, ARRAY_SIZE(uses), name, ret);
}
