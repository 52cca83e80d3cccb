/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sums over the facts of a sealed model. Relies on their order (model.h) and on nothing else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "model/text.h"

uint64_t add_saturating(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static bool same_call(const struct fact *a, const struct fact *b)
{
	return a->syscall.abi == b->syscall.abi && a->syscall.nr == b->syscall.nr &&
	       a->syscall.sub == b->syscall.sub && !strcmp(a->workload, b->workload);
}

static void call_add(struct call *call, const struct fact *fact)
{
	const struct errno_set *set = &fact->syscall.errnos;
	size_t i;

	call->count = add_saturating(call->count, fact->syscall.count);
	call->interrupted = add_saturating(call->interrupted, fact->syscall.interrupted);
	if (fact->syscall.first_ns < call->first_ns)
		call->first_ns = fact->syscall.first_ns;
	call->fact_count++;
	if (!fact->syscall.has_errnos) {
		call->has_errnos = false;
		return;
	}
	for (i = 0; i < set->count; i++)
		call->errnos[set->codes[i] / 64 % ERRNO_WORDS] |= UINT64_C(1) << set->codes[i] % 64;
}

bool call_next(const struct fact *facts, size_t count, size_t *at, unsigned int phases,
	       struct call *ret)
{
	const struct fact *first;

	while (*at < count && !(PHASE_BIT(facts[*at].phase) & phases))
		++*at;
	if (*at >= count)
		return false;
	first = facts + *at;
	*ret = (struct call){.workload = first->workload,
			     .abi = first->syscall.abi,
			     .nr = first->syscall.nr,
			     .sub = first->syscall.sub,
			     .first_ns = UINT64_MAX,
			     .has_errnos = true,
			     .facts = first};
	for (; *at < count && PHASE_BIT(facts[*at].phase) & phases && same_call(first, &facts[*at]);
	     ++*at)
		call_add(ret, &facts[*at]);
	return true;
}

const char *call_name(const struct call *call)
{
	const char *name = NULL;

	if (call->sub)
		name = syscall_sub_name(call->abi, call->nr, call->sub);
	return name ? name : syscall_name(call->abi, call->nr);
}

bool call_succeeded(const struct call *call)
{
	return !call->has_errnos || call->errnos[0] & 1;
}

bool call_only_enosys(const struct call *call)
{
	size_t i;

	if (!call->has_errnos || call->errnos[0] != UINT64_C(1) << ENOSYS)
		return false;
	for (i = 1; i < ERRNO_WORDS; i++)
		if (call->errnos[i])
			return false;
	return true;
}

char *call_results(const struct call *call)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	const char *space = "";
	uint32_t code;

	if (!out)
		return xstrdup("");
	for (code = 0; code < ERRNO_WORDS * 64; code++) {
		if (!(call->errnos[code / 64] >> code % 64 & 1))
			continue;
		if (code && errno_name(code))
			fprintf(out, "%s%s", space, errno_name(code));
		else if (code)
			fprintf(out, "%serrno %u", space, code);
		else
			fputs("ok", out);
		space = " ";
	}
	if (!call->has_errnos)
		fprintf(out, "%snot known", *space ? ", some " : "");
	else if (!*space)
		/* Called, and never seen to return: exit(2), or still in it at the end. */
		fputs("-", out);
	fclose(out);
	return text;
}

size_t workload_group(const char *workload)
{
	const char *mark = strrchr(workload, '#');
	size_t size = strlen(workload), digits;

	if (!mark || mark == workload || mark[1] == '0' || !strcmp(mark, "#1"))
		return size;
	digits = strspn(mark + 1, "0123456789");
	return digits && !mark[1 + digits] ? (size_t)(mark - workload) : size;
}

bool workload_matches(const char *workload, const char *wanted)
{
	size_t size = strlen(wanted);

	if (strncmp(workload, wanted, size) != 0)
		return false;
	return !workload[size] || workload_group(workload) == size;
}

bool workload_is(const struct fact *fact, const char *workload)
{
	return !workload || (fact->workload && workload_matches(fact->workload, workload));
}

bool fact_counts(const struct fact *fact, const char *workload, unsigned int phases)
{
	return PHASE_BIT(fact->phase) & phases && workload_is(fact, workload);
}

const struct fact *workload_container(const struct model *model, const char *workload)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_WORKLOAD, &facts), i;

	for (i = 0; i < count; i++)
		if (facts[i].workload_.engine && strcmp(facts[i].workload_.engine, "unit") != 0 &&
		    workload_is(&facts[i], workload))
			return &facts[i];
	return NULL;
}

/* Within a kind the facts of a workload stand together, so few names are added more than once. */
void workloads_list(const struct model *model, struct names *ret)
{
	const struct fact *facts;
	const char *last = NULL;
	size_t count, i;
	int kind;

	*ret = (struct names){};
	for (kind = 0; kind < FACT_KINDS; kind++) {
		count = model_facts(model, kind, &facts);
		for (i = 0; i < count; i++) {
			if (!facts[i].workload || (last && !strcmp(last, facts[i].workload)))
				continue;
			last = facts[i].workload;
			names_add(ret, last);
		}
	}
	names_settle(ret);
}

void groups_list(const struct model *model, struct groups *ret)
{
	_cleanup_names_ struct names names = {};
	size_t i;

	workloads_list(model, &names);
	*ret = (struct groups){.list = xcalloc(names.count, sizeof(*ret->list))};
	for (i = 0; i < names.count; i++)
		ret->list[i] = xstrndup(names.list[i], workload_group(names.list[i]));
	if (names.count)
		qsort(ret->list, names.count, sizeof(*ret->list), name_compare);
	for (i = 0; i < names.count; i++) {
		if (ret->count && !strcmp(ret->list[ret->count - 1], ret->list[i]))
			free(ret->list[i]);
		else
			ret->list[ret->count++] = ret->list[i];
	}
}

void groups_drop(struct groups *groups)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		free(groups->list[i]);
	free(groups->list);
	*groups = (struct groups){};
}

static int workload_find(const struct names *names, const char *wanted, char **ret, struct err *err)
{
	_cleanup_free_ char *joined = names_shown(names->list, names->count);
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (!workload_matches(names->list[i], wanted))
			continue;
		*ret = xstrdup(wanted);
		return 0;
	}
	return err_set(err, -EINVAL, "no workload \"%s\" in the recording, there is: %s", wanted,
		       joined);
}

int workload_choose(const struct model *model, const struct emit_options *options, char **ret,
		    struct err *err)
{
	_cleanup_names_ struct names names = {};
	_cleanup_groups_ struct groups groups = {};
	_cleanup_free_ char *joined = NULL;

	workloads_list(model, &names);
	if (!names.count)
		return err_set(err, -EINVAL, "the recording holds no workload");
	if (options->workload)
		return workload_find(&names, options->workload, ret, err);
	groups_list(model, &groups);
	if (groups.count == 1) {
		*ret = xstrdup(groups.list[0]);
		return 0;
	}
	joined = names_shown((const char *const *)groups.list, groups.count);
	return err_set(err, -EINVAL,
		       "the recording holds several workloads (%s): choose one with "
		       "--workload NAME, or write one file for each with --each DIR",
		       joined);
}
