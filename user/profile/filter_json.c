/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads a profile strictly: where runc and crun differ, or drop a rule in silence, this is an error
 * that names the place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "filter_dialect.h"
#include "filter_reader.h"
#include "model/fact.h"
#include "model/json.h"

/* An action and the errno beside it, which only SCMP_ACT_ERRNO and SCMP_ACT_TRACE may have. */
static int action_find(const struct reader *reader, const cJSON *object, const char *key,
		       const char *errno_key, uint32_t *ret, bool *ret_has_errno)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	uint64_t errnum = EPERM;
	uint32_t action;
	int r;

	if (item && cJSON_IsString(item) && !strcmp(item->valuestring, "SCMP_ACT_NOTIFY") &&
	    !reader->options->for_reading)
		return reader_wrong(reader, key,
				    "SCMP_ACT_NOTIFY needs an agent, and there is none here");
	r = reader_word(reader, key, item, profile_actions, profile_action_count, &action);
	if (!r)
		r = reader_number(reader, object, errno_key, false, ERRNO_MAX, &errnum);
	if (r)
		return r;
	*ret_has_errno = cJSON_HasObjectItem(object, errno_key);
	if (action == SCMP_ACT_ERRNO(0))
		action = SCMP_ACT_ERRNO((uint32_t)errnum);
	else if (action == SCMP_ACT_TRACE(0))
		action = SCMP_ACT_TRACE((uint32_t)errnum);
	else if (*ret_has_errno)
		return reader_wrong(reader, errno_key, "the action returns no errno");
	*ret = action;
	return 0;
}

static int condition_parse(const struct reader *reader, const cJSON *object,
			   struct scmp_arg_cmp *ret)
{
	uint64_t index = 0, value = 0, second = 0;
	uint32_t op;
	int r;

	if (!cJSON_IsObject(object))
		return reader_wrong(reader, "", "not an object");
	if ((r = reader_number(reader, object, "index", true, ARGS_MAX - 1, &index)) < 0 ||
	    (r = reader_number(reader, object, "value", true, UINT64_MAX, &value)) < 0 ||
	    (r = reader_number(reader, object, "valueTwo", false, UINT64_MAX, &second)) < 0 ||
	    (r = reader_word(reader, "op", cJSON_GetObjectItemCaseSensitive(object, "op"),
			     profile_operators, profile_operator_count, &op)) < 0)
		return r;
	*ret = (struct scmp_arg_cmp){.arg = (unsigned int)index,
				     .op = (enum scmp_compare)op,
				     .datum_a = value,
				     .datum_b = second};
	return 0;
}

static int conditions_parse(struct reader *reader, size_t rule, const cJSON *array,
			    struct profile_rule *ret)
{
	const cJSON *item;
	int r;

	if (!array)
		return 0;
	if (!cJSON_IsArray(array))
		return reader_wrong(reader, "args", "not an array");
	cJSON_ArrayForEach (item, array) {
		if (ret->arg_count == CONDITIONS_MAX)
			return reader_wrong(reader, "args", "too many conditions");
		snprintf(reader->place, sizeof(reader->place), "syscalls[%zu].args[%u].", rule,
			 ret->arg_count);
		r = condition_parse(reader, item, &ret->args[ret->arg_count]);
		if (r)
			return r;
		ret->arg_count++;
	}
	return 0;
}

static int names_parse(const struct reader *reader, const cJSON *array, struct profile_rule *ret)
{
	const cJSON *item;

	if (!cJSON_IsArray(array) || !cJSON_GetArraySize(array))
		return reader_wrong(reader, "names",
				    array ? "not an array of at least one name" : "missing");
	ret->names = xcalloc((size_t)cJSON_GetArraySize(array), sizeof(*ret->names));
	cJSON_ArrayForEach (item, array) {
		if (!cJSON_IsString(item) || !*item->valuestring)
			return reader_wrong(reader, "names", "not an array of names");
		ret->names[ret->name_count++] = item->valuestring;
	}
	return 0;
}

static int rule_parse(struct reader *reader, size_t index, const cJSON *object,
		      struct profile_rule *ret)
{
	static const char *const dialect[] = {"includes", "excludes"};
	bool has_errno;
	size_t i;
	int r;

	snprintf(reader->place, sizeof(reader->place), "syscalls[%zu].", index);
	if (!cJSON_IsObject(object))
		return reader_wrong(reader, "", "not an object");
	/* Docker and Podman decide by these whether the rule counts; to ignore them is to guess. */
	for (i = 0; i < ARRAY_SIZE(dialect); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, dialect[i]);

		if (item && !cJSON_IsNull(item) && cJSON_GetArraySize(item))
			return reader_wrong(
				reader, dialect[i],
				"only Docker and Podman know this key; it is not in the "
				"runtime-spec");
	}
	if ((r = names_parse(reader, cJSON_GetObjectItemCaseSensitive(object, "names"), ret)) < 0 ||
	    (r = action_find(reader, object, "action", "errnoRet", &ret->action, &has_errno)) < 0)
		return r;
	return conditions_parse(reader, index, cJSON_GetObjectItemCaseSensitive(object, "args"),
				ret);
}

/* A name and where it stands. */
struct placed_name {
	const char *name;
	struct profile_rule *rule;
	size_t place;
};

/* Rules that say the same are equal. */
static int rule_compare(const struct profile_rule *a, const struct profile_rule *b)
{
	int order = number_compare(a->action, b->action);

	if (!order)
		order = number_compare(a->arg_count, b->arg_count);
	return order ? order : memcmp(a->args, b->args, a->arg_count * sizeof(*a->args));
}

static bool says_the_same(const struct placed_name *a, const struct placed_name *b)
{
	return !strcmp(a->name, b->name) && !rule_compare(a->rule, b->rule);
}

static int placed_name_compare(const void *a, const void *b)
{
	const struct placed_name *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = rule_compare(x->rule, y->rule);
	if (!order)
		order = number_compare((uintptr_t)x->rule, (uintptr_t)y->rule);
	return order ? order : number_compare(x->place, y->place);
}

static void names_close(struct profile_rule *rule)
{
	size_t used = 0, i;

	for (i = 0; i < rule->name_count; i++)
		if (rule->names[i])
			rule->names[used++] = rule->names[i];
	rule->name_count = used;
}

/* What is said again says nothing new, and is a search for libseccomp each time. */
static void names_unite(struct profile_json *profile)
{
	_cleanup_free_ struct placed_name *list = NULL;
	size_t count = 0, i, k;

	for (i = 0; i < profile->rule_count; i++)
		count += profile->rules[i].name_count;
	list = xcalloc(count, sizeof(*list));
	for (count = 0, i = 0; i < profile->rule_count; i++)
		for (k = 0; k < profile->rules[i].name_count; k++)
			list[count++] = (struct placed_name){profile->rules[i].names[k],
							     &profile->rules[i], k};
	if (count)
		qsort(list, count, sizeof(*list), placed_name_compare);
	for (i = 1; i < count; i++)
		if (says_the_same(&list[i - 1], &list[i]))
			list[i].rule->names[list[i].place] = NULL;
	for (i = 0; i < profile->rule_count; i++)
		names_close(&profile->rules[i]);
}

static int rules_parse(struct reader *reader, const cJSON *array, struct profile_json *ret)
{
	const cJSON *item;
	size_t index = 0;
	int r;

	if (!array || cJSON_IsNull(array))
		return 0;
	if (!cJSON_IsArray(array))
		return reader_wrong(reader, "syscalls", "not an array");
	if (cJSON_GetArraySize(array) > RULES_MAX)
		return reader_wrong(reader, "syscalls", "too many rules");
	ret->rules = xcalloc((size_t)cJSON_GetArraySize(array), sizeof(*ret->rules));
	cJSON_ArrayForEach (item, array) {
		if (reader->options->for_reading && cJSON_IsNull(item) && ++index)
			continue; /* dialect_settle() */
		r = rule_parse(reader, index++, item, &ret->rules[ret->rule_count]);
		ret->rule_count++;
		if (r)
			return r;
	}
	return 0;
}

static int archs_parse(struct reader *reader, const cJSON *array, struct profile_json *ret)
{
	const cJSON *item;
	uint32_t token;
	size_t i;
	int r;

	if (!array || cJSON_IsNull(array))
		return 0;
	if (!cJSON_IsArray(array))
		return reader_wrong(reader, "architectures", "not an array");
	cJSON_ArrayForEach (item, array) {
		r = reader_word(reader, "architectures", item, profile_archs, profile_arch_count,
				&token);
		if (r)
			return r;
		for (i = 0; i < ret->arch_count; i++)
			if (ret->archs[i] == token)
				break;
		if (i == ret->arch_count)
			ret->archs[ret->arch_count++] = token;
	}
	return 0;
}

static int top_parse(struct reader *reader, const cJSON *object, struct profile_json *ret)
{
	int r;

	if (!cJSON_IsObject(object))
		return err_set(reader->err, -EBADMSG, "not a JSON object");
	if ((r = action_find(reader, object, "defaultAction", "defaultErrnoRet",
			     &ret->default_action, &ret->has_errno)) < 0 ||
	    (r = archs_parse(reader, cJSON_GetObjectItemCaseSensitive(object, "architectures"),
			     ret)) < 0)
		return r;
	reader_ignore(reader, object, "archMap", "only Docker and Podman know it");
	reader_ignore(reader, object, "flags", "the filter is loaded without flags");
	reader_ignore(reader, object, "listenerPath", "there is no agent here");
	reader_ignore(reader, object, "listenerMetadata", "there is no agent here");
	return rules_parse(reader, cJSON_GetObjectItemCaseSensitive(object, "syscalls"), ret);
}

int profile_json_parse(const char *text, size_t size, const struct filter_options *options,
		       struct profile_json *ret, struct err *err)
{
	struct reader reader = {.options = options, .err = err};
	_cleanup_free_ char *kept = NULL;
	cJSON *json = NULL;
	int r;

	*ret = (struct profile_json){};
	if (memchr(text, '\0', size))
		return err_set(err, -EBADMSG, "not JSON: holds a NUL byte");
	kept = reader_numbers_keep(text, &size);
	r = json_parse(kept, size, &json, err);
	if (r)
		return r;
	ret->json = json;
	if (options->for_reading)
		r = dialect_settle(&reader, json);
	if (!r)
		r = top_parse(&reader, json, ret);
	if (r)
		profile_json_drop(ret);
	else
		names_unite(ret);
	return r;
}

void profile_json_drop(struct profile_json *profile)
{
	size_t i;

	for (i = 0; i < profile->rule_count; i++)
		free(profile->rules[i].names);
	free(profile->rules);
	cJSON_Delete(profile->json);
	*profile = (struct profile_json){};
}

bool profile_rule_repeats(const struct profile_rule *rule)
{
	unsigned int seen = 0, i;

	for (i = 0; i < rule->arg_count; i++) {
		if (seen & 1u << rule->args[i].arg)
			return true;
		seen |= 1u << rule->args[i].arg;
	}
	return false;
}
