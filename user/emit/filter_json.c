/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads a profile strictly: where runc and crun differ, or drop a rule in silence, this is an error
 * that names the place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "filter_json.h"
#include "model/json.h"
#include "model/text.h"

#define RULES_MAX    4096
#define EXACT_DIGITS 15 /* as many as a double keeps */
/* Marks a number that was put in quotes to keep it exact, see numbers_keep(). */
#define NUMBER_MARK '#'

const struct profile_word profile_actions[] = {
	{"SCMP_ACT_KILL", SCMP_ACT_KILL},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0)},
	{"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0)},
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG},
};
const size_t profile_action_count = ARRAY_SIZE(profile_actions);

const struct profile_word profile_archs[] = {
	{"SCMP_ARCH_X86", SCMP_ARCH_X86},
	{"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
	{"SCMP_ARCH_X32", SCMP_ARCH_X32},
	{"SCMP_ARCH_ARM", SCMP_ARCH_ARM},
	{"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
	{"SCMP_ARCH_MIPS", SCMP_ARCH_MIPS},
	{"SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64},
	{"SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32},
	{"SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL},
	{"SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64},
	{"SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32},
	{"SCMP_ARCH_PPC", SCMP_ARCH_PPC},
	{"SCMP_ARCH_PPC64", SCMP_ARCH_PPC64},
	{"SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE},
	{"SCMP_ARCH_S390", SCMP_ARCH_S390},
	{"SCMP_ARCH_S390X", SCMP_ARCH_S390X},
	{"SCMP_ARCH_PARISC", SCMP_ARCH_PARISC},
	{"SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64},
	{"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64},
};
const size_t profile_arch_count = ARRAY_SIZE(profile_archs);

const struct profile_word profile_operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};
const size_t profile_operator_count = ARRAY_SIZE(profile_operators);

struct reader {
	const struct filter_options *options;
	struct err *err;
	char place[64]; /* "syscalls[3].args[0]." */
};

static int wrong(const struct reader *reader, const char *key, const char *words)
{
	return err_set(reader->err, -EBADMSG, "%s%s: %s", reader->place, key, words);
}

static void ignored_warn(const struct reader *reader, const cJSON *object, const char *key,
			 const char *why)
{
	if (reader->options->warn && cJSON_GetObjectItemCaseSensitive(object, key))
		reader->options->warn(reader->options->warn_ctx, "%s%s is ignored: %s",
				      reader->place, key, why);
}

static int word_find(const struct reader *reader, const char *key, const cJSON *item,
		     const struct profile_word *words, size_t count, uint32_t *ret)
{
	_cleanup_free_ char *shown = NULL;
	size_t i;

	if (!cJSON_IsString(item))
		return wrong(reader, key, item ? "not a string" : "missing");
	for (i = 0; i < count; i++) {
		if (!strcmp(words[i].text, item->valuestring)) {
			*ret = words[i].value;
			return 0;
		}
	}
	shown = text_printable(item->valuestring);
	return err_set(reader->err, -EBADMSG, "%s%s: %.60s is not known here", reader->place, key,
		       shown);
}

/* A whole number, exact up to 2^64 - 1; *ret is untouched where the key is absent. */
static int number_find(const struct reader *reader, const cJSON *object, const char *key,
		       bool required, uint64_t max, uint64_t *ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	const char *digits;
	uint64_t value = 0;

	if (!item)
		return required ? wrong(reader, key, "missing") : 0;
	digits = cJSON_IsString(item) ? item->valuestring : "";
	errno = 0;
	if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1e15)
		value = (uint64_t)item->valuedouble;
	else if (*digits == NUMBER_MARK)
		value = strtoull(digits + 1, NULL, 10);
	else
		return wrong(reader, key, "not a whole number");
	if (errno || (cJSON_IsNumber(item) && (double)value != item->valuedouble))
		return wrong(reader, key, "not a whole number");
	if (value > max)
		return err_set(reader->err, -EBADMSG, "%s%s: above %llu", reader->place, key,
			       (unsigned long long)max);
	*ret = value;
	return 0;
}

/* An action and the errno beside it, which only SCMP_ACT_ERRNO and SCMP_ACT_TRACE may have. */
static int action_find(const struct reader *reader, const cJSON *object, const char *key,
		       const char *errno_key, uint32_t *ret, bool *ret_has_errno)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	uint64_t errnum = EPERM;
	uint32_t action;
	int r;

	if (item && cJSON_IsString(item) && !strcmp(item->valuestring, "SCMP_ACT_NOTIFY"))
		return wrong(reader, key, "SCMP_ACT_NOTIFY needs an agent, and there is none here");
	r = word_find(reader, key, item, profile_actions, profile_action_count, &action);
	if (!r)
		r = number_find(reader, object, errno_key, false, ERRNO_MAX, &errnum);
	if (r)
		return r;
	*ret_has_errno = cJSON_HasObjectItem(object, errno_key);
	if (action == SCMP_ACT_ERRNO(0))
		action = SCMP_ACT_ERRNO((uint32_t)errnum);
	else if (action == SCMP_ACT_TRACE(0))
		action = SCMP_ACT_TRACE((uint32_t)errnum);
	else if (*ret_has_errno)
		return wrong(reader, errno_key, "the action returns no errno");
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
		return wrong(reader, "", "not an object");
	if ((r = number_find(reader, object, "index", true, ARGS_MAX - 1, &index)) < 0 ||
	    (r = number_find(reader, object, "value", true, UINT64_MAX, &value)) < 0 ||
	    (r = number_find(reader, object, "valueTwo", false, UINT64_MAX, &second)) < 0 ||
	    (r = word_find(reader, "op", cJSON_GetObjectItemCaseSensitive(object, "op"),
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
		return wrong(reader, "args", "not an array");
	cJSON_ArrayForEach (item, array) {
		if (ret->arg_count == CONDITIONS_MAX)
			return wrong(reader, "args", "too many conditions");
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
		return wrong(reader, "names",
			     array ? "not an array of at least one name" : "missing");
	ret->names = xcalloc((size_t)cJSON_GetArraySize(array), sizeof(*ret->names));
	cJSON_ArrayForEach (item, array) {
		if (!cJSON_IsString(item) || !*item->valuestring)
			return wrong(reader, "names", "not an array of names");
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
		return wrong(reader, "", "not an object");
	/* Docker and Podman decide by these whether the rule counts; to ignore them is to guess. */
	for (i = 0; i < ARRAY_SIZE(dialect); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, dialect[i]);

		if (item && !cJSON_IsNull(item) && cJSON_GetArraySize(item))
			return wrong(reader, dialect[i],
				     "only Docker and Podman know this key; it is not in the "
				     "runtime-spec");
	}
	if ((r = names_parse(reader, cJSON_GetObjectItemCaseSensitive(object, "names"), ret)) < 0 ||
	    (r = action_find(reader, object, "action", "errnoRet", &ret->action, &has_errno)) < 0)
		return r;
	return conditions_parse(reader, index, cJSON_GetObjectItemCaseSensitive(object, "args"),
				ret);
}

static int rules_parse(struct reader *reader, const cJSON *array, struct profile_json *ret)
{
	const cJSON *item;
	int r;

	if (!array || cJSON_IsNull(array))
		return 0;
	if (!cJSON_IsArray(array))
		return wrong(reader, "syscalls", "not an array");
	if (cJSON_GetArraySize(array) > RULES_MAX)
		return wrong(reader, "syscalls", "too many rules");
	ret->rules = xcalloc((size_t)cJSON_GetArraySize(array), sizeof(*ret->rules));
	cJSON_ArrayForEach (item, array) {
		r = rule_parse(reader, ret->rule_count, item, &ret->rules[ret->rule_count]);
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
		return wrong(reader, "architectures", "not an array");
	cJSON_ArrayForEach (item, array) {
		r = word_find(reader, "architectures", item, profile_archs, profile_arch_count,
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

/*
 * cJSON keeps numbers as doubles. Long ones are put in quotes behind a mark, so that a 64-bit mask
 * arrives whole. Returns a new text of *size bytes.
 */
static char *numbers_keep(const char *text, size_t *size)
{
	/* A number so long is at least 16 bytes; quotes and mark are 3. */
	char *kept = xcalloc(*size + *size / 5 + 4, 1), *out = kept;
	size_t i = 0, digits;
	bool inside = false;

	while (i < *size) {
		for (digits = 0; !inside && i + digits < *size && text[i + digits] >= '0' &&
				 text[i + digits] <= '9';)
			digits++;
		if (digits > EXACT_DIGITS && digits <= 20 && i &&
		    strchr(": \t\n\r[,", text[i - 1]) && i + digits < *size &&
		    strchr(" \t\n\r,]}", text[i + digits])) {
			*out++ = '"';
			*out++ = NUMBER_MARK;
			out = mempcpy(out, text + i, digits);
			*out++ = '"';
			i += digits;
			continue;
		}
		if (text[i] == '"')
			inside = !inside;
		else if (inside && text[i] == '\\' && i + 1 < *size)
			*out++ = text[i++];
		*out++ = text[i++];
	}
	*size = (size_t)(out - kept);
	return kept;
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
	ignored_warn(reader, object, "archMap", "only Docker and Podman know it");
	ignored_warn(reader, object, "flags", "the filter is loaded without flags");
	ignored_warn(reader, object, "listenerPath", "there is no agent here");
	ignored_warn(reader, object, "listenerMetadata", "there is no agent here");
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
	kept = numbers_keep(text, &size);
	r = json_parse(kept, size, &json, err);
	if (r)
		return r;
	ret->json = json;
	r = top_parse(&reader, json, ret);
	if (r)
		profile_json_drop(ret);
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
