/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sums over the facts of a sealed model. Relies on their order (model.h) and on nothing else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "model/text.h"

#define LISTED_MAX 10

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

bool call_next(const struct fact *facts, size_t count, size_t *at, struct call *ret)
{
	const struct fact *first = facts + *at;

	if (*at >= count)
		return false;
	*ret = (struct call){.workload = first->workload,
			     .abi = first->syscall.abi,
			     .nr = first->syscall.nr,
			     .sub = first->syscall.sub,
			     .first_ns = UINT64_MAX,
			     .has_errnos = true,
			     .facts = first};
	for (; *at < count && same_call(first, &facts[*at]); ++*at)
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

bool workload_is(const struct fact *fact, const char *workload)
{
	return !workload || (fact->workload && !strcmp(fact->workload, workload));
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Within a kind the facts of a workload stand together, so few names are kept more than once. */
size_t workloads_list(const struct model *model, const char ***ret)
{
	size_t count = 0, room = 0, used = 0, fact_count, i;
	const struct fact *facts;
	const char **names = NULL;
	int kind;

	for (kind = 0; kind < FACT_KINDS; kind++) {
		fact_count = model_facts(model, kind, &facts);
		for (i = 0; i < fact_count; i++) {
			if (!facts[i].workload ||
			    (count && !strcmp(names[count - 1], facts[i].workload)))
				continue;
			if (count == room) {
				room = room ? room * 2 : 16;
				names = xrealloc(names, room, sizeof(*names));
			}
			names[count++] = facts[i].workload;
		}
	}
	if (count)
		qsort(names, count, sizeof(*names), name_compare);
	for (i = 0; i < count; i++)
		if (!used || strcmp(names[used - 1], names[i]))
			names[used++] = names[i];
	*ret = names;
	return used;
}

/* "a, b, c and 17 more" */
static char *names_joined(const char *const *names, size_t count)
{
	char *text = NULL, *name;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return xstrdup("");
	for (i = 0; i < count && i < LISTED_MAX; i++) {
		name = text_printable(names[i]);
		fprintf(out, "%s%.60s", i ? ", " : "", name);
		free(name);
	}
	if (count > i)
		fprintf(out, " and %zu more", count - i);
	fclose(out);
	return text;
}

int workload_choose(const struct model *model, const struct emit_options *options, const char **ret,
		    struct err *err)
{
	_cleanup_free_ const char **names = NULL;
	_cleanup_free_ char *joined = NULL;
	size_t count = workloads_list(model, &names), i;

	joined = names_joined(names, count);
	if (!count)
		return err_set(err, -EINVAL, "the recording holds no workload");
	if (!options->workload && count == 1) {
		*ret = names[0];
		return 0;
	}
	if (!options->workload)
		return err_set(err, -EINVAL,
			       "the recording holds several workloads (%s): choose one with "
			       "--workload NAME, or write one file for each with --each DIR",
			       joined);
	for (i = 0; i < count; i++) {
		if (!strcmp(names[i], options->workload)) {
			*ret = names[i];
			return 0;
		}
	}
	return err_set(err, -EINVAL, "no workload \"%s\" in the recording, there is: %s",
		       options->workload, joined);
}
