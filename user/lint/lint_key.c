/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The keys of a profile: which there are, who reads them, and what their values are made of. Knows
 * nothing of what the values say.
 */
#include <strings.h>

#include "lint_internal.h"

/* The objects of a profile. */
enum place { PLACE_TOP, PLACE_RULE, PLACE_ARG, PLACE_MAP, PLACE_FILTER, PLACES };

#define ALL    (1u << READER_RUNTIME | 1u << READER_DOCKER | 1u << READER_PODMAN | 1u << READER_K8S)
#define ENGINE (1u << READER_DOCKER | 1u << READER_PODMAN)
#define PODMAN (1u << READER_PODMAN)
#define DOCKER (1u << READER_DOCKER)

/*
 * By place: the runtime-spec's config-linux.md; github.com/moby/profiles, seccomp/seccomp.go;
 * github.com/containers/container-libs, common/pkg/seccomp/types.go.
 */
static const struct key_row {
	enum place place;
	const char *key;
	unsigned int readers; /* bits */
	unsigned int kinds;
	int within; /* enum place of the object, or of the list's elements; -1: neither */
} keys[] = {
	{PLACE_TOP, "defaultAction", ALL, NODE_STRING, -1},
	{PLACE_TOP, "defaultErrnoRet", ALL, NODE_NUMBER | NODE_STRING, -1},
	{PLACE_TOP, "defaultErrno", PODMAN, NODE_STRING, -1},
	{PLACE_TOP, "architectures", ALL, NODE_ARRAY, -1},
	{PLACE_TOP, "archMap", ENGINE, NODE_ARRAY, PLACE_MAP},
	{PLACE_TOP, "flags", ALL, NODE_ARRAY, -1},
	{PLACE_TOP, "listenerPath", ALL, NODE_STRING, -1},
	{PLACE_TOP, "listenerMetadata", ALL, NODE_STRING, -1},
	{PLACE_TOP, "syscalls", ALL, NODE_ARRAY, PLACE_RULE},
	{PLACE_RULE, "name", ENGINE, NODE_STRING, -1},
	{PLACE_RULE, "names", ALL, NODE_ARRAY, -1},
	{PLACE_RULE, "action", ALL, NODE_STRING, -1},
	{PLACE_RULE, "errnoRet", ALL, NODE_NUMBER | NODE_STRING, -1},
	{PLACE_RULE, "errno", PODMAN, NODE_STRING, -1},
	{PLACE_RULE, "args", ALL, NODE_ARRAY, PLACE_ARG},
	{PLACE_RULE, "comment", ENGINE, NODE_STRING, -1},
	{PLACE_RULE, "includes", ENGINE, NODE_OBJECT, PLACE_FILTER},
	{PLACE_RULE, "excludes", ENGINE, NODE_OBJECT, PLACE_FILTER},
	{PLACE_ARG, "index", ALL, NODE_NUMBER, -1},
	{PLACE_ARG, "value", ALL, NODE_NUMBER, -1},
	{PLACE_ARG, "valueTwo", ALL, NODE_NUMBER, -1},
	{PLACE_ARG, "op", ALL, NODE_STRING, -1},
	{PLACE_MAP, "architecture", ENGINE, NODE_STRING, -1},
	{PLACE_MAP, "subArchitectures", ENGINE, NODE_ARRAY, -1},
	{PLACE_FILTER, "caps", ENGINE, NODE_ARRAY, -1},
	{PLACE_FILTER, "arches", ENGINE, NODE_ARRAY, -1},
	{PLACE_FILTER, "minKernel", DOCKER, NODE_STRING, -1},
};

static const struct key_row *key_find(enum place place, const char *key, bool any_case)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].place == place && !(any_case ? strcasecmp : strcmp)(keys[i].key, key))
			return &keys[i];
	return NULL;
}

static bool rules_have(const struct node *top, const char *key)
{
	const struct node *rules = node_member(top, "syscalls"), *rule;

	for (rule = rules ? rules->child : NULL; rule; rule = rule->next)
		if (node_member(rule, key))
			return true;
	return false;
}

/* "name" and "comment" tell nothing: people write them for every reader. */
enum lint_reader lint_guess(const struct node *top)
{
	if (node_member(top, "defaultErrno") || rules_have(top, "errno"))
		return READER_PODMAN;
	if (node_member(top, "archMap") || rules_have(top, "includes") ||
	    rules_have(top, "excludes"))
		return READER_DOCKER;
	return READER_RUNTIME;
}

static int key_compare(const void *a, const void *b)
{
	const struct node *const *one = a, *const *two = b;
	int order = strcmp((*one)->key, (*two)->key);

	return order ? order : number_compare((*one)->offset, (*two)->offset);
}

static void keys_twice(struct linter *linter, const struct node *object)
{
	_cleanup_free_ const struct node **list = NULL;
	const struct node *child;
	size_t count = 0, i;

	list = xcalloc(node_count(object), sizeof(struct node *));
	for (child = object->child; child; child = child->next)
		list[count++] = child;
	if (count)
		qsort(list, count, sizeof(*list), key_compare);
	for (i = 1; i < count; i++)
		if (!strcmp(list[i - 1]->key, list[i]->key))
			lint_add(linter->lint, LINT_KEY_TWICE, list[i]->key_offset,
				 "\"%.60s\" stands twice in this object: Docker and runc take "
				 "the last, crun the first",
				 list[i]->key);
}

static void key_unknown(struct linter *linter, enum place place, const struct node *member)
{
	const struct key_row *row = key_find(place, member->key, true);
	const char *list[ARRAY_SIZE(keys)], *nearest;
	size_t count = 0, i;

	if (row) {
		lint_add(linter->lint, LINT_KEY_CASE, member->key_offset,
			 "\"%.60s\" is written \"%s\": runc takes it as it is, crun does not know "
			 "it",
			 member->key, row->key);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].place == place && keys[i].readers & 1u << linter->lint->reader)
			list[count++] = keys[i].key;
	nearest = lint_lists(linter->lint, LINT_KEY_UNKNOWN)
			  ? word_nearest(member->key, list, count)
			  : NULL;
	lint_add(linter->lint, LINT_KEY_UNKNOWN, member->key_offset,
		 "nobody reads \"%.60s\" here: it does nothing%s%s%s", member->key,
		 nearest ? "; is \"" : "", nearest ? nearest : "", nearest ? "\" meant?" : "");
}

/* What becomes of the profile where a key is passed over. */
static const char *dialect_loss(const char *key)
{
	if (!strcmp(key, "includes") || !strcmp(key, "excludes"))
		return "the rule counts for every container";
	if (!strcmp(key, "archMap"))
		return "only the machine's own architecture is left, and programs of others are "
		       "killed; write \"architectures\"";
	if (!strcmp(key, "minKernel"))
		return "the rule counts for every kernel";
	return "the call is answered with another errno; write \"errnoRet\" and a number";
}

static void key_foreign(struct linter *linter, const struct node *member, const struct key_row *row)
{
	static const char *const readers[READERS] = {
		[READER_RUNTIME] = "runc and crun",
		[READER_DOCKER] = "Docker",
		[READER_PODMAN] = "Podman",
		[READER_K8S] = "containerd",
	};
	const char *reader = readers[linter->lint->reader];

	if (!strcmp(row->key, "name"))
		return; /* name_check() */
	if (!strcmp(row->key, "comment"))
		lint_add(linter->lint, LINT_KEY_IGNORED, member->key_offset,
			 "%s pass%s over \"comment\": it does no harm", reader,
			 linter->lint->reader == READER_RUNTIME ? "" : "es");
	else
		lint_add(linter->lint, LINT_KEY_DIALECT, member->key_offset,
			 "%s pass%s over \"%s\" without a word: %s", reader,
			 linter->lint->reader == READER_RUNTIME ? "" : "es", row->key,
			 dialect_loss(row->key));
}

static void object_check(struct linter *linter, const struct node *object, enum place place);

static void value_check(struct linter *linter, const struct node *value, const struct key_row *row)
{
	const struct node *element;

	if (!(value->kind & row->kinds)) {
		lint_add(linter->lint, LINT_WRONG_TYPE, value->offset,
			 "\"%s\" wants %s, this is %s", row->key,
			 node_kind_name(row->kinds & -row->kinds), node_kind_name(value->kind));
		return;
	}
	if (row->within < 0)
		return;
	if (value->kind == NODE_OBJECT) {
		object_check(linter, value, (enum place)row->within);
		return;
	}
	for (element = value->child; element; element = element->next) {
		if (element->kind == NODE_OBJECT)
			object_check(linter, element, (enum place)row->within);
		else
			lint_add(linter->lint, LINT_WRONG_TYPE, element->offset,
				 "\"%s\" is a list of objects, in { and }; this is %s", row->key,
				 node_kind_name(element->kind));
	}
}

static void object_check(struct linter *linter, const struct node *object, enum place place)
{
	const struct key_row *row;
	const struct node *member;

	keys_twice(linter, object);
	for (member = object->child; member; member = member->next) {
		row = key_find(place, member->key, false);
		if (!row)
			key_unknown(linter, place, member);
		row = key_find(place, member->key, true);
		if (!row || member->kind == NODE_NULL)
			continue;
		/* An empty condition is none. */
		if (!(row->readers & 1u << linter->lint->reader) &&
		    !(row->within == PLACE_FILTER && !member->child))
			key_foreign(linter, member, row);
		else
			value_check(linter, member, row);
	}
}

static bool is_engine(const struct linter *linter)
{
	return linter->lint->reader == READER_DOCKER || linter->lint->reader == READER_PODMAN;
}

/* Both are an error for every reader: whose profile it is may change. */
static void name_check(struct linter *linter, const struct node *rule)
{
	const struct node *name = node_member(rule, "name"), *names = node_member(rule, "names");
	const char *word = name && name->text ? name->text : "";

	if (name && names)
		lint_add(linter->lint, LINT_NAME_BOTH, name->key_offset,
			 "\"name\" and \"names\" in one rule: Docker and Podman refuse that, runc "
			 "and crun pass over \"name\"; keep \"names\"");
	else if (name && is_engine(linter))
		lint_add(linter->lint, LINT_NAME_OLD, name->key_offset,
			 "\"name\" is for Docker and Podman only, and deprecated there: others "
			 "read \"names\": [\"%.60s\"]",
			 word);
	else if (name)
		lint_add(linter->lint, LINT_NAME_KEY, name->key_offset,
			 "write \"names\": [\"%.60s\"] instead of \"name\": runc and containerd "
			 "lose this rule without a word, crun refuses the file",
			 word);
}

void lint_keys(struct linter *linter)
{
	const struct node *map, *archs = node_member(linter->top, "architectures");
	const struct node *rules = node_member(linter->top, "syscalls"), *rule;

	object_check(linter, linter->top, PLACE_TOP);
	for (rule = rules ? rules->child : NULL; rule; rule = rule->next)
		name_check(linter, rule);
	map = is_engine(linter) ? node_member(linter->top, "archMap") : NULL;
	if (map && map->child && archs && archs->child)
		lint_add(linter->lint, LINT_ARCH_BOTH, map->key_offset,
			 "\"archMap\" and \"architectures\" in one profile: Docker and Podman "
			 "refuse that; keep one of them");
}
