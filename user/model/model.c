/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The set of facts: a hash table while facts come in, a sorted array once sealed. What two tellings
 * of one fact agree on is in fact_merge.c; where lines come from is in recording.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fact_merge.h"
#include "model.h"
#include "pool.h"

#define BUCKETS_FIRST 1024u
#define SOURCES_MAX   256 /* runs whose file is remembered */

/* Told by model_seal(), not by a recorder: known by their addresses, never written. */
static const char cut_short[] = "cut-short";
static const char no_header[] = "no-header";

struct bucket {
	uint32_t fact; /* index + 1; 0: free */
	uint32_t hash;
};

struct model {
	struct pool *pool;
	struct fact *facts;
	size_t count, room;
	struct bucket *buckets;
	size_t bucket_count; /* a power of two */
	const char **torn;   /* runs whose last line was cut */
	size_t torn_count;
	struct {
		const char *run, *path;
	} sources[SOURCES_MAX];
	size_t source_count;
	size_t files;
	size_t start[FACT_KINDS + 1]; /* sealed: where each kind's facts begin */
};

struct model *model_new(void)
{
	struct model *model = xcalloc(1, sizeof(*model));

	model->pool = pool_new();
	model->bucket_count = BUCKETS_FIRST;
	model->buckets = xcalloc(model->bucket_count, sizeof(*model->buckets));
	return model;
}

void model_free(struct model *model)
{
	size_t i;

	if (!model)
		return;
	for (i = 0; i < model->count; i++)
		fact_drop(&model->facts[i]);
	free(model->facts);
	free(model->buckets);
	free(model->torn);
	pool_free(model->pool);
	free(model);
}

/* The bucket that holds the fact of this key, or the free one where it belongs. */
static struct bucket *bucket_find(const struct model *model, const struct fact_key *key,
				  uint32_t hash)
{
	size_t mask = model->bucket_count - 1, i = hash & mask;
	struct fact_key other;

	for (; model->buckets[i].fact; i = (i + 1) & mask) {
		if (model->buckets[i].hash != hash)
			continue;
		fact_key(&model->facts[model->buckets[i].fact - 1], &other);
		if (!memcmp(&other, key, sizeof(other)))
			break;
	}
	return &model->buckets[i];
}

static void buckets_double(struct model *model)
{
	size_t mask = model->bucket_count * 2 - 1, i, at;
	struct bucket *buckets = xcalloc(mask + 1, sizeof(*buckets));

	for (i = 0; i < model->bucket_count; i++) {
		if (!model->buckets[i].fact)
			continue;
		for (at = model->buckets[i].hash & mask; buckets[at].fact; at = (at + 1) & mask)
			;
		buckets[at] = model->buckets[i];
	}
	free(model->buckets);
	model->buckets = buckets;
	model->bucket_count = mask + 1;
}

static void fact_append(struct model *model, const struct fact *fact)
{
	if (model->count == model->room) {
		model->room = model->room ? model->room * 2 : BUCKETS_FIRST / 2;
		model->facts = xrealloc(model->facts, model->room, sizeof(*model->facts));
	}
	model->facts[model->count++] = *fact;
}

int model_add(struct model *model, const struct fact *fact, struct err *err)
{
	struct fact own = *fact;
	struct fact_key key;
	struct bucket *bucket;
	uint32_t hash;

	fact_intern(&own, model->pool);
	fact_key(&own, &key);
	hash = (uint32_t)pool_hash(model->pool, &key, sizeof(key));
	bucket = bucket_find(model, &key, hash);
	if (bucket->fact) {
		fact_merge(&model->facts[bucket->fact - 1], &own);
		return 0;
	}
	if (model->count >= MODEL_FACTS_MAX)
		return err_set(err, -E2BIG,
			       "more than %u facts: no recording of ours is that large",
			       MODEL_FACTS_MAX);
	fact_own(&own);
	fact_append(model, &own);
	*bucket = (struct bucket){.fact = (uint32_t)model->count, .hash = hash};
	if (model->count > model->bucket_count / 2)
		buckets_double(model);
	return 0;
}

void model_mark_torn(struct model *model, const char *run)
{
	model->torn = xrealloc(model->torn, model->torn_count + 1, sizeof(*model->torn));
	model->torn[model->torn_count++] = pool_text(model->pool, run);
}

void model_count_file(struct model *model)
{
	model->files++;
}

void model_note_source(struct model *model, const char *run, const char *path)
{
	if (model->source_count == SOURCES_MAX || model_source(model, run))
		return;
	model->sources[model->source_count].run = pool_text(model->pool, run);
	model->sources[model->source_count++].path = pool_text(model->pool, path);
}

const char *model_source(const struct model *model, const char *run)
{
	size_t i;

	for (i = 0; i < model->source_count; i++)
		if (!strcmp(model->sources[i].run, run))
			return model->sources[i].path;
	return NULL;
}

size_t model_files(const struct model *model)
{
	return model->files;
}

enum run_has { RUN_HEADER = 1 << 0, RUN_END = 1 << 1, RUN_TORN = 1 << 2 };

struct run {
	const char *id; /* interned */
	unsigned int has;
};

static int run_compare(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* Every run that a fact names, once, and what it has. The caller frees *ret. */
static size_t runs_list(const struct model *model, struct run **ret)
{
	size_t room = model->count + model->torn_count, count = 0, used = 0, i;
	struct run *runs = xcalloc(room, sizeof(*runs));
	const struct fact *fact;

	for (i = 0; i < model->count; i++) {
		fact = &model->facts[i];
		if (!fact->run)
			continue;
		runs[count].id = fact->run;
		if (fact->kind == FACT_RECORDING)
			runs[count].has = RUN_HEADER;
		else if (fact->kind == FACT_END)
			runs[count].has = RUN_END;
		count++;
	}
	for (i = 0; i < model->torn_count; i++)
		runs[count++] = (struct run){.id = model->torn[i], .has = RUN_TORN};
	qsort(runs, count, sizeof(*runs), run_compare);
	for (i = 0; i < count; i++) {
		if (used && runs[used - 1].id == runs[i].id)
			runs[used - 1].has |= runs[i].has;
		else
			runs[used++] = runs[i];
	}
	*ret = runs;
	return used;
}

static void incomplete_find(struct model *model, const char *run, const char *what,
			    const char *text)
{
	struct fact fact = {.kind = FACT_INCOMPLETE, .run = run}, told = fact;
	struct fact_key key;

	fact.incomplete.what = what;
	fact.incomplete.text = text;
	/* A recorder that said so itself need not be told again. */
	told.incomplete.what = pool_text(model->pool, what);
	fact_key(&told, &key);
	if (bucket_find(model, &key, (uint32_t)pool_hash(model->pool, &key, sizeof(key)))->fact)
		return;
	fact_append(model, &fact);
}

static int by_order(const void *a, const void *b)
{
	return fact_compare(a, b);
}

void model_seal(struct model *model)
{
	struct run *runs;
	size_t count = runs_list(model, &runs), i;
	int kind;

	for (i = 0; i < count; i++) {
		if (!(runs[i].has & RUN_END) || runs[i].has & RUN_TORN)
			incomplete_find(model, runs[i].id, cut_short,
					"the recording stops in the middle: the recorder was "
					"killed, is still at it, or the file was cut");
		if (!(runs[i].has & RUN_HEADER))
			incomplete_find(model, runs[i].id, no_header,
					"the recording has no first line: a part of it is "
					"missing");
	}
	free(runs);
	free(model->buckets);
	model->buckets = NULL;
	if (model->count)
		qsort(model->facts, model->count, sizeof(*model->facts), by_order);
	for (kind = 0, i = 0; kind < FACT_KINDS; kind++) {
		model->start[kind] = i;
		while (i < model->count && model->facts[i].kind == (enum fact_kind)kind)
			i++;
	}
	model->start[FACT_KINDS] = i;
}

size_t model_facts(const struct model *model, enum fact_kind kind, const struct fact **ret)
{
	*ret = model->facts ? model->facts + model->start[kind] : NULL;
	return model->start[kind + 1] - model->start[kind];
}

static int run_of_compare(const void *key, const void *fact)
{
	return strcmp(key, ((const struct fact *)fact)->run);
}

const struct fact *model_run_fact(const struct model *model, enum fact_kind kind, const char *run)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts);

	/* Headers and ends: one a run, without a workload, so the run alone orders them. */
	return count ? bsearch(run, facts, count, sizeof(*facts), run_of_compare) : NULL;
}

bool model_incomplete(const struct model *model)
{
	const struct fact *ends;
	size_t count = model_facts(model, FACT_END, &ends), i;

	for (i = 0; i < count; i++)
		if (!ends[i].end.complete)
			return true;
	return model_facts(model, FACT_INCOMPLETE, &ends) > 0;
}

static int kind_write(const struct model *model, enum fact_kind kind, FILE *out)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts), i;
	int r;

	for (i = 0; i < count; i++) {
		if (kind == FACT_INCOMPLETE && (facts[i].incomplete.what == cut_short ||
						facts[i].incomplete.what == no_header))
			continue;
		r = fact_write(&facts[i], out);
		if (r)
			return r;
	}
	return 0;
}

int model_write(const struct model *model, FILE *out)
{
	int kind, r;

	for (kind = 0; kind < FACT_KINDS; kind++) {
		if (kind == FACT_END)
			continue;
		r = kind_write(model, kind, out);
		if (r)
			return r;
	}
	/* Ends come last, so that a file that was cut always lacks one. */
	return kind_write(model, FACT_END, out);
}
