/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The text of `systemd-analyze syscall-filter`: a group's name at the start of a line, its members
 * below it, indented, groups among them; lines that begin with # are for people.
 */
#include <stdlib.h>
#include <string.h>

#include "systemd_groups.h"
#include "util/util.h"

#define GROUPS_MAX 256
#define NAME_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static bool is_name(const char *word)
{
	word += *word == '@';
	return *word && !word[strspn(word, NAME_BYTES)];
}

static void line_take(char *line, struct systemd_groups *groups)
{
	bool is_member = *line == ' ' || *line == '\t';
	char *word = line + strspn(line, " \t");

	if (!is_name(word))
		return;
	if (is_member && groups->count) {
		names_add(&groups->list[groups->count - 1].members, word);
		return;
	}
	if (is_member || *word != '@' || groups->count == GROUPS_MAX)
		return;
	groups->list = xrealloc(groups->list, groups->count + 1, sizeof(*groups->list));
	groups->list[groups->count++] = (struct systemd_group){.name = word};
}

const struct systemd_group *systemd_group_find(const struct systemd_groups *groups,
					       const char *name)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (!strcmp(groups->list[i].name, name))
			return &groups->list[i];
	return NULL;
}

/* What is in the groups among the members is there in their place. One that is not listed, or in
 * itself, stays, and so nobody takes the group around it for known. */
static void members_add(const struct systemd_groups *groups, const struct names *members,
			unsigned int depth, struct names *ret)
{
	const struct systemd_group *group;
	size_t i;

	for (i = 0; i < members->count; i++) {
		group = systemd_group_find(groups, members->list[i]);
		if (group && depth)
			members_add(groups, &group->members, depth - 1, ret);
		else
			names_add(ret, members->list[i]);
	}
}

#define NESTED_MAX 4

void systemd_groups_parse(const char *text, struct systemd_groups *ret)
{
	struct names *flat;
	char *line, *rest;
	size_t i;

	*ret = (struct systemd_groups){.text = xstrdup(text)};
	for (line = strtok_r(ret->text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		line_take(line, ret);
	flat = xcalloc(ret->count, sizeof(*flat));
	for (i = 0; i < ret->count; i++)
		members_add(ret, &ret->list[i].members, NESTED_MAX, &flat[i]);
	for (i = 0; i < ret->count; i++) {
		names_drop(&ret->list[i].members);
		names_settle(&flat[i]);
		ret->list[i].members = flat[i];
	}
	free(flat);
}

void systemd_groups_drop(struct systemd_groups *groups)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		names_drop(&groups->list[i].members);
	free(groups->list);
	free(groups->text);
	*groups = (struct systemd_groups){};
}
