/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a profile's rules, which stand in an order, to a policy's, which stand by name: what runc and
 * crun make of them with libseccomp. Knows nothing of JSON but the flags.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile/filter_reader.h"
#include "imply.h"
#include "model/text.h"
#include "policy_read.h"

/* Alternatives of one name: they are compared with each other. */
#define KINDS_MAX 4096

/* A name's place in the profile. */
struct entry {
	const char *name;
	size_t rule;
};

struct entries {
	struct entry *list; /* by name, then by rule */
	size_t count;
};

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : number_compare(x->rule, y->rule);
}

static struct entries entries_list(const struct profile_json *profile)
{
	struct entries entries = {};
	size_t i, k, room = 0;

	for (i = 0; i < profile->rule_count; i++)
		room += profile->rules[i].name_count;
	entries.list = xcalloc(room, sizeof(*entries.list));
	for (i = 0; i < profile->rule_count; i++)
		for (k = 0; k < profile->rules[i].name_count; k++)
			entries.list[entries.count++] =
				(struct entry){profile->rules[i].names[k], i};
	if (entries.count)
		qsort(entries.list, entries.count, sizeof(*entries.list), entry_compare);
	return entries;
}

static const char *word_of(const struct profile_word *words, size_t count, uint32_t value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (words[i].value == value)
			return words[i].text;
	return NULL;
}

static uint32_t action_base(uint32_t action)
{
	return action & SECCOMP_RET_ACTION_FULL;
}

static const char *action_word(uint32_t action)
{
	return word_of(profile_actions, profile_action_count, action_base(action));
}

static bool lets_through(uint32_t action)
{
	return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG;
}

/* As libseccomp does: of MASKED_EQ the value's bits behind the mask do not count. */
static struct condition condition_of(const struct scmp_arg_cmp *arg)
{
	static const enum compare compares[] = {
		[SCMP_CMP_NE] = COMPARE_NE,
		[SCMP_CMP_LT] = COMPARE_LT,
		[SCMP_CMP_LE] = COMPARE_LE,
		[SCMP_CMP_EQ] = COMPARE_MASKED,
		[SCMP_CMP_GE] = COMPARE_GE,
		[SCMP_CMP_GT] = COMPARE_GT,
		[SCMP_CMP_MASKED_EQ] = COMPARE_MASKED,
	};
	bool masked = arg->op == SCMP_CMP_MASKED_EQ;

	return (struct condition){.index = arg->arg,
				  .compare = compares[arg->op],
				  .mask = masked ? arg->datum_a : UINT64_MAX,
				  .value = masked ? arg->datum_b & arg->datum_a : arg->datum_a};
}

static int index_compare(const void *a, const void *b)
{
	const struct condition *x = a, *y = b;

	return number_compare(x->index, y->index);
}

/*
 * A rule's conditions: one alternative of all of them, or, where an argument stands twice, one of
 * each. A mask of no bits is no condition. `ret` has room for CONDITIONS_MAX.
 */
static size_t alternatives_take(const struct profile_rule *rule, struct alternative *ret)
{
	bool apart = profile_rule_repeats(rule);
	struct alternative *into = ret;
	struct condition condition;
	unsigned int i;

	*into = (struct alternative){};
	for (i = 0; i < rule->arg_count; i++) {
		if (apart && i)
			*++into = (struct alternative){};
		condition = condition_of(&rule->args[i]);
		if (condition.mask)
			into->list[into->count++] = condition;
	}
	qsort(into->list, into->count, sizeof(*into->list), index_compare);
	return rule->arg_count ? (size_t)(into - ret) + 1 : 0;
}

/* The rules of one name, while it is decided what they come to. */
struct gathering {
	const struct profile_json *profile;
	const struct entry *entries;
	size_t count;
	struct alternative *allowed, *refused;
	struct answer *answers; /* of each that is refused */
	size_t allowed_count, refused_count;
};

/* The first rule without conditions; those that say no more than the default come last. */
static const struct profile_rule *plain_find(const struct gathering *gathering)
{
	const struct profile_rule *rule, *idle = NULL;
	size_t i;

	for (i = 0; i < gathering->count; i++) {
		rule = &gathering->profile->rules[gathering->entries[i].rule];
		if (rule->arg_count)
			continue;
		if (rule->action != gathering->profile->default_action)
			return rule;
		idle = idle ? idle : rule;
	}
	return idle;
}

static struct answer answer_of(uint32_t action)
{
	return (struct answer){action_word(action), action & SECCOMP_RET_DATA};
}

static void refused_take(struct gathering *gathering, const struct profile_rule *rule)
{
	size_t end = gathering->refused_count +
		     alternatives_take(rule, gathering->refused + gathering->refused_count);

	while (gathering->refused_count < end)
		gathering->answers[gathering->refused_count++] = answer_of(rule->action);
}

static void conditions_gather(struct gathering *gathering)
{
	const struct profile_rule *rule;
	size_t i, room = 0;

	for (i = 0; i < gathering->count; i++)
		room += gathering->profile->rules[gathering->entries[i].rule].arg_count + 1;
	gathering->allowed = xcalloc(room, sizeof(*gathering->allowed));
	gathering->refused = xcalloc(room, sizeof(*gathering->refused));
	gathering->answers = xcalloc(room, sizeof(*gathering->answers));
	for (i = 0; i < gathering->count; i++) {
		rule = &gathering->profile->rules[gathering->entries[i].rule];
		if (!rule->arg_count || rule->action == gathering->profile->default_action)
			continue;
		if (lets_through(rule->action))
			gathering->allowed_count += alternatives_take(
				rule, gathering->allowed + gathering->allowed_count);
		else
			refused_take(gathering, rule);
	}
}

/* What is allowed and refused at once comes out as libseccomp happens to order its comparisons. */
static bool contradicts(const struct gathering *gathering)
{
	size_t i, k;

	for (i = 0; i < gathering->allowed_count; i++)
		for (k = 0; k < gathering->refused_count; k++)
			if (!alternatives_exclude(&gathering->allowed[i], &gathering->refused[k]))
				return true;
	return false;
}

/* Conditions that hold always are none. */
static const struct answer *refused_always(const struct gathering *gathering)
{
	size_t i;

	for (i = 0; i < gathering->refused_count; i++)
		if (!gathering->refused[i].count)
			return &gathering->answers[i];
	return NULL;
}

static void answer_set(struct rule *rule, struct answer answer)
{
	rule->is_refused = true;
	rule->action = answer.action;
	rule->errnum = answer.errnum;
}

static void rule_keep(struct policy *policy, struct rule *rule)
{
	rule->name = policy_text_keep(policy, rule->name);
	policy_add(policy, rule);
}

static void plain_add(const struct profile_rule *plain, bool is_open, struct rule *rule,
		      struct policy *policy)
{
	if (!lets_through(plain->action))
		answer_set(rule, answer_of(plain->action));
	else if (is_open)
		return;
	rule_keep(policy, rule);
}

static void conditions_add(struct gathering *gathering, bool is_open, struct rule *rule,
			   struct policy *policy)
{
	if (is_open)
		rule->is_refused = true;
	rule->alternatives = is_open ? gathering->refused : gathering->allowed;
	rule->alternative_count = is_open ? gathering->refused_count : gathering->allowed_count;
	if (rule->alternative_count)
		rule_keep(policy, rule);
}

/* What a rule without conditions says, it says alone, unless it says no more than the default. */
static int name_add(struct gathering *gathering, bool is_open, struct policy *policy,
		    struct err *err)
{
	struct rule rule = {.name = gathering->entries[0].name, .reason = REASON_GIVEN};
	const struct profile_rule *plain = plain_find(gathering);
	const struct answer *always;
	_cleanup_free_ char *shown = NULL;

	conditions_gather(gathering);
	if (plain && (plain->action != gathering->profile->default_action ||
		      (!gathering->allowed_count && !gathering->refused_count))) {
		plain_add(plain, is_open, &rule, policy);
		return 0;
	}
	shown = text_printable(rule.name);
	if (gathering->allowed_count > KINDS_MAX || gathering->refused_count > KINDS_MAX)
		return err_set(err, -EBADMSG, "syscalls: too many conditions for %.60s", shown);
	if (contradicts(gathering))
		return err_set(
			err, -EBADMSG,
			"syscalls: %.60s is allowed and refused with the same arguments, and "
			"which of it holds is up to libseccomp",
			shown);
	always = refused_always(gathering);
	if (always) {
		answer_set(&rule, *always);
		rule_keep(policy, &rule);
		return 0;
	}
	if (gathering->refused_count)
		policy_refusal_add(policy, rule.name, gathering->refused, gathering->answers,
				   gathering->refused_count);
	conditions_add(gathering, is_open, &rule, policy);
	return 0;
}

static int names_add_all(const struct profile_json *profile, bool is_open, struct policy *policy,
			 struct err *err)
{
	struct entries entries = entries_list(profile);
	size_t at, end;
	int r = 0;

	for (at = 0; at < entries.count && !r; at = end) {
		struct gathering gathering = {.profile = profile, .entries = entries.list + at};

		for (end = at;
		     end < entries.count && !strcmp(entries.list[at].name, entries.list[end].name);)
			end++;
		gathering.count = end - at;
		r = name_add(&gathering, is_open, policy, err);
		free(gathering.allowed);
		free(gathering.refused);
		free(gathering.answers);
	}
	free(entries.list);
	return r;
}

/* Without a list of architectures the machine's own counts. */
static void archs_take(const struct profile_json *profile, struct policy *policy,
		       struct policy_defaults *defaults)
{
	uint32_t native = seccomp_arch_native();
	const uint32_t *archs = profile->arch_count ? profile->archs : &native;
	size_t count = profile->arch_count ? profile->arch_count : 1, i;
	int abi;

	for (i = 0; i < count; i++) {
		for (abi = 0; abi < ABI_COUNT && abi_scmp_token(abi) != archs[i];)
			abi++;
		if (abi < ABI_COUNT)
			policy->abis[abi] = true;
		else
			defaults->archs[defaults->arch_count++] =
				word_of(profile_archs, profile_arch_count, archs[i]);
	}
	if (defaults->arch_count)
		qsort(defaults->archs, defaults->arch_count, sizeof(*defaults->archs),
		      name_compare);
}

static int flags_take(const cJSON *profile, struct err *err, unsigned int *ret)
{
	const cJSON *flags = cJSON_GetObjectItemCaseSensitive(profile, "flags"), *item;
	const struct reader reader = {.err = err};
	uint32_t flag;
	int r;

	*ret = cJSON_IsArray(flags) ? 0 : FLAG_SPEC_ALLOW;
	if (flags && !cJSON_IsArray(flags))
		return reader_wrong(&reader, "flags", "not an array");
	cJSON_ArrayForEach (item, flags) {
		r = reader_word(&reader, "flags", item, profile_flags, profile_flag_count, &flag);
		if (r)
			return r;
		*ret |= flag;
	}
	return 0;
}

int policy_parse(const char *text, size_t size, struct policy *ret,
		 struct policy_defaults *ret_defaults, struct err *err)
{
	const struct filter_options options = {.for_reading = true};
	struct policy_defaults defaults = {};
	struct policy policy = {.runtime = RUNTIME_NONE};
	struct profile_json profile;
	int r = profile_json_parse(text, size, &options, &profile, err);

	if (r)
		return r;
	defaults.action = action_word(profile.default_action);
	defaults.errnum = profile.default_action & SECCOMP_RET_DATA;
	defaults.is_open = profile.default_action == SCMP_ACT_ALLOW;
	defaults.is_logged = profile.default_action == SCMP_ACT_LOG;
	archs_take(&profile, &policy, &defaults);
	r = flags_take(profile.json, err, &defaults.flags);
	if (!r)
		r = names_add_all(&profile, defaults.is_open, &policy, err);
	profile_json_drop(&profile);
	if (r) {
		policy_drop(&policy);
		return r;
	}
	policy_settle(&policy, NULL);
	*ret = policy;
	*ret_defaults = defaults;
	return 0;
}

int policy_read(const char *path, struct policy *ret, struct policy_defaults *ret_defaults,
		struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int r = profile_read(path, &text, &size, err);

	if (r)
		return r;
	r = policy_parse(text, size, ret, ret_defaults, err);
	return r ? profile_failed(path, text, r, err) : 0;
}
