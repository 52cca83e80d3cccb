/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Identity, union and order of facts. Which member goes by which rule is in fact_field.c; every rule
 * is commutative, associative and idempotent.
 */
#include <stdlib.h>
#include <string.h>

#include "fact_field.h"
#include "fact_merge.h"
#include "text.h"

void fact_intern(struct fact *fact, struct pool *pool)
{
	const struct field *field;

	for (field = fact_fields[fact->kind]; field->key; field++)
		if (field_is_text(field))
			*field_text(fact, field) = pool_text(pool, *field_text(fact, field));
}

void fact_own(struct fact *fact)
{
	struct errno_set *set = &fact->syscall.errnos;
	uint16_t *codes;

	if (fact->kind != FACT_SYSCALL)
		return;
	if (!fact->syscall.has_errnos || !set->count) {
		*set = (struct errno_set){};
		return;
	}
	codes = xcalloc(set->count, sizeof(*codes));
	set->codes = memcpy(codes, set->codes, set->count * sizeof(*codes));
}

void fact_drop(struct fact *fact)
{
	if (fact->kind == FACT_SYSCALL && fact->syscall.has_errnos && fact->syscall.errnos.count)
		free((void *)fact->syscall.errnos.codes);
}

static void key_add(struct fact_key *key, size_t *count, uint64_t word)
{
	if (*count == FACT_KEY_WORDS)
		abort(); /* a row too many in fact_field.c */
	key->words[(*count)++] = word;
}

void fact_key(const struct fact *fact, struct fact_key *ret)
{
	const struct field *field;
	size_t count = 0, i;

	*ret = (struct fact_key){};
	key_add(ret, &count, fact->kind);
	for (field = fact_fields[fact->kind]; field->key; field++) {
		if (field->merge != MERGE_WHO && field->merge != MERGE_FIRST &&
		    field->merge != MERGE_KEY)
			continue;
		if (field->type == FIELD_VALUES) {
			key_add(ret, &count, fact->arguments.known);
			for (i = 0; i < CALL_ARGS; i++)
				key_add(ret, &count, fact->arguments.values[i]);
		} else {
			key_add(ret, &count,
				field_is_text(field) ? (uintptr_t)*field_text(fact, field)
						     : field_number(fact, field));
		}
	}
}

static void errnos_merge(struct fact *into, const struct fact *fact)
{
	const struct errno_set *a = &into->syscall.errnos, *b = &fact->syscall.errnos;
	struct errno_set old = *a;
	uint16_t *codes;
	size_t i = 0, k = 0, used = 0;

	if (!fact->syscall.has_errnos)
		return;
	codes = xcalloc(a->count + b->count, sizeof(*codes));
	while (i < a->count || k < b->count) {
		if (k == b->count || (i < a->count && a->codes[i] <= b->codes[k])) {
			if (k < b->count && a->codes[i] == b->codes[k])
				k++;
			codes[used++] = a->codes[i++];
		} else {
			codes[used++] = b->codes[k++];
		}
	}
	into->syscall.has_errnos = true;
	if (used == old.count) {
		free(codes);
		return;
	}
	into->syscall.errnos = (struct errno_set){.codes = codes, .count = used};
	free((void *)old.codes);
}

static int values_compare(const struct fact *a, const struct fact *b)
{
	int i, order = number_compare(a->arguments.known, b->arguments.known);

	for (i = 0; i < CALL_ARGS && !order; i++)
		order = number_compare(a->arguments.values[i], b->arguments.values[i]);
	return order;
}

static int field_compare(const struct fact *a, const struct fact *b, const struct field *field)
{
	if (field_is_text(field))
		return text_compare(*field_text(a, field), *field_text(b, field));
	if (field->type == FIELD_VALUES)
		return values_compare(a, b);
	return number_compare(field_number(a, field), field_number(b, field));
}

/* Two facts of one kind by those of their members that merge in this way. */
static int fields_compare(const struct fact *a, const struct fact *b, enum field_merge merge)
{
	const struct field *field;
	int order = 0;

	for (field = fact_fields[a->kind]; field->key && !order; field++)
		if (field->merge == merge)
			order = field_compare(a, b, field);
	return order;
}

static void field_merge(struct fact *into, const struct fact *fact, const struct field *field)
{
	if (field->merge == MERGE_UNION && field->type == FIELD_ERRNOS)
		errnos_merge(into, fact);
	else if (field->merge == MERGE_UNION)
		field_number_set(into, field,
				 field_number(into, field) | field_number(fact, field));
	else if ((field->merge == MERGE_LEAST && field_compare(fact, into, field) < 0) ||
		 (field->merge == MERGE_MOST && field_compare(fact, into, field) > 0))
		memcpy((char *)into + field->offset, (const char *)fact + field->offset,
		       field->size);
}

void fact_merge(struct fact *into, const struct fact *fact)
{
	const struct field *field;

	/* two headers of one run: somebody edited one */
	if (fields_compare(fact, into, MERGE_WHOLE) < 0)
		*into = *fact;
	for (field = fact_fields[into->kind]; field->key; field++)
		field_merge(into, fact, field);
}

/*
 * As time goes, so that the phases of a container that a filter judges stand together, and those of
 * the application.
 */
static unsigned int phase_rank(enum phase phase)
{
	static const unsigned int ranks[PHASES] = {
		[PHASE_SETUP] = 0,
		[PHASE_RUNTIME] = 1,
		[PHASE_START] = 2,
		[PHASE_SERVING] = 3,
	};

	return ranks[phase];
}

int fact_compare(const struct fact *a, const struct fact *b)
{
	int order = number_compare(a->kind, b->kind);

	if (!order)
		order = text_compare(a->workload, b->workload);
	if (!order)
		order = fields_compare(a, b, MERGE_FIRST);
	if (!order)
		order = fields_compare(a, b, MERGE_KEY);
	if (!order)
		order = number_compare(phase_rank(a->phase), phase_rank(b->phase));
	if (!order)
		order = text_compare(a->exe, b->exe);
	return order ? order : text_compare(a->run, b->run);
}
