/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counts samples and calls; what they come to for people is emit/completeness.c's. */
#include <stdlib.h>
#include <string.h>

#include "completeness.h"
#include "model/text.h"

const unsigned int saturation_percents[SATURATION_POINTS] = {50, 90, 99, 100};

/* One call in one sample: the sum of its facts over executables and phases. */
struct sighting {
	const struct fact *fact; /* one of them */
	size_t sample;
	uint64_t count, serving, first_ns;
};

static int call_compare(const struct fact *a, const struct fact *b)
{
	int order = number_compare(a->syscall.abi, b->syscall.abi);

	if (!order)
		order = number_compare(a->syscall.nr, b->syscall.nr);
	return order ? order : number_compare(a->syscall.sub, b->syscall.sub);
}

static int sample_of_compare(const struct fact *a, const struct fact *b)
{
	int order = text_compare(a->run, b->run);

	return order ? order : text_compare(a->workload, b->workload);
}

/* By sample, then by call. */
static int sighting_compare(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int order = sample_of_compare(x->fact, y->fact);

	return order ? order : call_compare(x->fact, y->fact);
}

static int sighting_compare_time(const void *a, const void *b)
{
	return number_compare(((const struct sighting *)a)->first_ns,
			      ((const struct sighting *)b)->first_ns);
}

/* By call, then by sample. */
static int sighting_compare_call(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	int order = call_compare(x->fact, y->fact);

	return order ? order : number_compare(x->sample, y->sample);
}

/* As they were started; what is equal then keeps an order that the recording decides on. */
static int sample_compare(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	const char *x_began = x->header ? x->header->recording.started : NULL;
	const char *y_began = y->header ? y->header->recording.started : NULL;
	int order = text_compare(x_began ? x_began : "", y_began ? y_began : "");

	if (!order)
		order = text_compare(x->run, y->run);
	return order ? order : text_compare(x->workload, y->workload);
}

static int sampled_compare(const void *a, const void *b)
{
	const struct sampled_call *x = a, *y = b;
	int order = number_compare(x->samples, y->samples);

	if (!order)
		order = (x->name == NULL) - (y->name == NULL);
	if (!order && x->name)
		order = strcmp(x->name, y->name);
	if (!order)
		order = number_compare(x->abi, y->abi);
	if (!order)
		order = number_compare(x->nr, y->nr);
	return order ? order : number_compare(x->sub, y->sub);
}

static void errnos_take(struct completeness *ret, const struct fact *fact)
{
	const struct errno_set *set = &fact->syscall.errnos;

	ret->has_errnos = ret->has_errnos && fact->syscall.has_errnos;
	for (size_t i = 0; fact->syscall.has_errnos && i < set->count; i++)
		ret->errnos[set->codes[i] / 64 % ERRNO_WORDS] |= UINT64_C(1) << set->codes[i] % 64;
}

/* The application's facts of the workload, a sighting each, sorted. */
static size_t sightings_find(const struct model *model, const char *workload,
			     struct completeness *ret, struct sighting **ret_list)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), found = 0, i;
	struct sighting *list = xcalloc(count, sizeof(*list));

	for (i = 0; i < count; i++) {
		if (!fact_counts(&facts[i], workload, PHASES_APPLICATION))
			continue;
		list[found++] = (struct sighting){
			.fact = &facts[i],
			.count = facts[i].syscall.count,
			.serving = facts[i].phase == PHASE_SERVING ? facts[i].syscall.count : 0,
			.first_ns = facts[i].syscall.first_ns,
		};
		errnos_take(ret, &facts[i]);
	}
	if (found)
		qsort(list, found, sizeof(*list), sighting_compare);
	*ret_list = list;
	return found;
}

/* Neighbours that are the same call in the same sample become one. */
static size_t sightings_sum(struct sighting *list, size_t count)
{
	size_t kept = 0, i;

	for (i = 0; i < count; i++) {
		if (!kept || sighting_compare(&list[kept - 1], &list[i])) {
			list[kept++] = list[i];
			continue;
		}
		list[kept - 1].count = add_saturating(list[kept - 1].count, list[i].count);
		list[kept - 1].serving = add_saturating(list[kept - 1].serving, list[i].serving);
		if (list[i].first_ns < list[kept - 1].first_ns)
			list[kept - 1].first_ns = list[i].first_ns;
	}
	return kept;
}

/* The sample that the sightings are all of; leaves them sorted by time. */
static struct sample sample_make(const struct model *model, struct sighting *list, size_t count)
{
	const struct fact *first = list->fact;
	const struct fact *end = model_run_fact(model, FACT_END, first->run);
	struct sample sample = {.run = first->run,
				.workload = first->workload,
				.header = model_run_fact(model, FACT_RECORDING, first->run),
				.calls = count};
	uint64_t began;
	size_t i;

	qsort(list, count, sizeof(*list), sighting_compare_time);
	began = list->first_ns;
	for (i = 0; i < SATURATION_POINTS; i++)
		sample.seen_ns[i] =
			list[(count * saturation_percents[i] + 99) / 100 - 1].first_ns - began;
	for (i = 0; i < count; i++) {
		sample.once += list[i].count == 1;
		sample.twice += list[i].count == 2;
	}
	if (end && end->end.duration_ns > list[count - 1].first_ns)
		sample.length_ns = end->end.duration_ns - began;
	return sample;
}

static void samples_make(const struct model *model, struct sighting *list, size_t count,
			 struct completeness *ret)
{
	size_t begin, i;

	for (begin = 0; begin < count; begin = i) {
		for (i = begin; i < count && !sample_of_compare(list[begin].fact, list[i].fact);)
			i++;
		ret->samples = xrealloc(ret->samples, ret->sample_count + 1, sizeof(*ret->samples));
		ret->samples[ret->sample_count++] = sample_make(model, list + begin, i - begin);
	}
	if (ret->sample_count)
		qsort(ret->samples, ret->sample_count, sizeof(*ret->samples), sample_compare);
}

static size_t sample_find(const struct completeness *completeness, const struct fact *fact)
{
	size_t i = 0;

	while (text_compare(completeness->samples[i].run, fact->run) ||
	       text_compare(completeness->samples[i].workload, fact->workload))
		i++;
	return i;
}

static void calls_make(struct sighting *list, size_t count, struct completeness *ret)
{
	struct sampled_call *call = NULL;
	size_t i;

	for (i = 0; i < count; i++)
		list[i].sample = i && !sample_of_compare(list[i - 1].fact, list[i].fact)
					 ? list[i - 1].sample
					 : sample_find(ret, list[i].fact);
	if (count)
		qsort(list, count, sizeof(*list), sighting_compare_call);
	ret->calls = xcalloc(count, sizeof(*ret->calls));
	for (i = 0; i < count; i++) {
		const struct fact *fact = list[i].fact;

		if (!i || call_compare(list[i - 1].fact, fact)) {
			call = &ret->calls[ret->call_count++];
			*call = (struct sampled_call){
				.name = call_name(&(struct call){.abi = fact->syscall.abi,
								 .nr = fact->syscall.nr,
								 .sub = fact->syscall.sub}),
				.abi = fact->syscall.abi,
				.nr = fact->syscall.nr,
				.sub = fact->syscall.sub,
			};
			ret->samples[list[i].sample].fresh++;
			if (call->name)
				names_add(&ret->names, call->name);
		}
		call->samples++;
		call->serving = add_saturating(call->serving, list[i].serving);
	}
	if (ret->call_count)
		qsort(ret->calls, ret->call_count, sizeof(*ret->calls), sampled_compare);
	names_settle(&ret->names);
}

/* The first one where several have as many. */
static enum abi abi_of_most(const struct completeness *completeness)
{
	size_t counts[ABI_COUNT] = {}, i;
	enum abi abi, most = 0;

	for (i = 0; i < completeness->call_count; i++)
		counts[completeness->calls[i].abi]++;
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (counts[abi] > counts[most])
			most = abi;
	return most;
}

void completeness_make(const struct model *model, const char *workload, struct completeness *ret)
{
	struct sighting *list;
	size_t count;

	*ret = (struct completeness){.has_errnos = true};
	count = sightings_find(model, workload, ret, &list);
	count = sightings_sum(list, count);
	samples_make(model, list, count, ret);
	calls_make(list, count, ret);
	free(list);
	ret->abi = abi_of_most(ret);
	ret->whens = completeness_whens(model, workload, &ret->names);
}

void completeness_drop(struct completeness *completeness)
{
	free(completeness->samples);
	free(completeness->calls);
	names_drop(&completeness->names);
	*completeness = (struct completeness){};
}

size_t completeness_shared(const struct completeness *completeness, size_t samples)
{
	size_t count = 0, i;

	for (i = 0; i < completeness->call_count; i++)
		count += completeness->calls[i].samples == samples;
	return count;
}

/* The bias-corrected form of both of Chao's estimators. */
static double chao(double n, double once, double twice)
{
	return n < 1 || once < 1 ? 0 : (n - 1) / n * once * (once - 1) / (2 * (twice + 1));
}

double completeness_unseen(const struct completeness *completeness)
{
	return chao((double)completeness->sample_count,
		    (double)completeness_shared(completeness, 1),
		    (double)completeness_shared(completeness, 2));
}

double completeness_next(const struct completeness *completeness)
{
	if (completeness->sample_count < 2)
		return 0;
	return (double)completeness_shared(completeness, 1) / (double)completeness->sample_count;
}

void completeness_abundance(const struct completeness *completeness, struct abundance *ret)
{
	struct abundance abundance = {};
	size_t i;

	for (i = 0; i < completeness->call_count; i++) {
		uint64_t count = completeness->calls[i].serving;

		abundance.total = add_saturating(abundance.total, count);
		abundance.calls += count > 0;
		abundance.once += count == 1;
		abundance.twice += count == 2;
	}
	abundance.unseen =
		chao((double)abundance.total, (double)abundance.once, (double)abundance.twice);
	if (abundance.total)
		abundance.next = (double)abundance.once / (double)abundance.total;
	*ret = abundance;
}
