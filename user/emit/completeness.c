/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How complete a recording is, in words and as JSON. What is told of it is counted in
 * policy/completeness.c.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/json.h"
#include "show.h"

#define CALLS_MAX   8  /* that are listed of those that only some runs made */
#define SAMPLES_MAX 20 /* runs whose new calls are listed */

static void name_print(const struct completeness *completeness, const struct sampled_call *call,
		       FILE *out)
{
	if (call->abi != completeness->abi)
		fprintf(out, "%s ", abi_name(call->abi));
	if (call->name)
		fputs(call->name, out);
	else
		fprintf(out, "number %u", call->nr);
}

/* "2 in some (futex in 3, rt_sigreturn in 1)": those that not every sample made. */
static void some_print(const struct completeness *completeness, FILE *out)
{
	size_t all = completeness_shared(completeness, completeness->sample_count);
	size_t some = completeness->call_count - all, i;

	fprintf(out, "%zu in some (", some);
	for (i = 0; i < some && i < CALLS_MAX; i++) {
		fputs(i ? ", " : "", out);
		name_print(completeness, &completeness->calls[i], out);
		fprintf(out, " in %zu", completeness->calls[i].samples);
	}
	if (i < some)
		fprintf(out, " and %zu more", some - i);
	fputc(')', out);
}

static void agreement_print(const struct completeness *completeness, FILE *out)
{
	size_t count = completeness->sample_count;
	size_t all = completeness_shared(completeness, count);

	if (count == 1) {
		fprintf(out, "1 run: %zu call%s", all, plural(all));
		return;
	}
	fprintf(out, "%zu runs: ", count);
	if (all == completeness->call_count) {
		fprintf(out, "the same %zu call%s in all of them", all, plural(all));
		return;
	}
	fprintf(out, "%zu call%s in all of them, ", all, plural(all));
	some_print(completeness, out);
}

/* Where more runs come from: a command is run again, the rest is recorded again. */
static const char *more_runs(const struct completeness *completeness)
{
	const struct fact *header = completeness->samples->header;

	return header && !strcmp(header->recording.what, "command")
		       ? "leastcall record --runs 5 tells"
		       : "several recordings tell";
}

char *completeness_line(const struct completeness *completeness)
{
	double unseen = completeness_unseen(completeness);
	char *text = NULL;
	size_t size = 0;
	FILE *out = xmemstream(&text, &size);

	if (completeness->sample_count == 1)
		fprintf(out, "one run: calls that only some runs make may be missing (%s)",
			more_runs(completeness));
	else
		agreement_print(completeness, out);
	if (unseen >= 0.05)
		fprintf(out, "; Chao2 estimates %.1f more that none of them made", unseen);
	else if (completeness_next(completeness) > 0)
		fprintf(out, "; one more run would bring %.1f new ones",
			completeness_next(completeness));
	fclose(out);
	return text;
}

/* ---- leastcall show ------------------------------------------------------------------------- */

static void seconds_print(uint64_t ns, FILE *out)
{
	fprintf(out, "%" PRIu64 ".%06" PRIu64 " s", ns / 1000000000, ns / 1000 % 1000000);
}

/* Of the sample's time, in percent; the first one's last new call may be the last thing it did. */
static double quiet_percent(const struct sample *sample)
{
	return 100.0 * (double)(sample->length_ns - sample->seen_ns[SATURATION_POINTS - 1]) /
	       (double)sample->length_ns;
}

/* Of several samples the slowest one at each point. */
static void saturation_print(const struct completeness *completeness, FILE *out)
{
	bool several = completeness->sample_count > 1;
	double quiet = 100;
	size_t i, k;

	for (i = 0; i < SATURATION_POINTS; i++) {
		uint64_t slowest = 0;

		for (k = 0; k < completeness->sample_count; k++)
			if (completeness->samples[k].seen_ns[i] > slowest)
				slowest = completeness->samples[k].seen_ns[i];
		fprintf(out, "%s%u %%%s ", i ? ", " : "", saturation_percents[i],
			i         ? ""
			: several ? " of a run's had been seen after at most"
				  : " of them had been seen after");
		seconds_print(slowest, out);
	}
	for (k = 0; k < completeness->sample_count; k++) {
		if (!completeness->samples[k].length_ns)
			break;
		if (quiet_percent(&completeness->samples[k]) < quiet)
			quiet = quiet_percent(&completeness->samples[k]);
	}
	if (k == completeness->sample_count)
		fprintf(out, "; nothing new in the last %.0f %% of the time", quiet);
	fputc('\n', out);
}

static void one_print(const struct completeness *completeness, FILE *out)
{
	const struct sample *sample = completeness->samples;

	fprintf(out, "%zu of them %s made once, %zu twice\n", sample->once,
		sample->once == 1 ? "was" : "were", sample->twice);
	fprintf(out, "what differs between runs, and how much is missing, one does not tell (%s)\n",
		more_runs(completeness));
}

static void several_print(const struct completeness *completeness, FILE *out)
{
	size_t i;

	fputs("new in each run: ", out);
	for (i = 0; i < completeness->sample_count && i < SAMPLES_MAX; i++)
		fprintf(out, "%s%zu", i ? ", " : "", completeness->samples[i].fresh);
	if (i < completeness->sample_count)
		fprintf(out, " and so on");
	if (completeness_shared(completeness, 1))
		fprintf(out,
			"\nestimated: at least %.1f more that none of them made (Chao2), %.1f new "
			"in one more run\n",
			completeness_unseen(completeness), completeness_next(completeness));
	else
		fputs("\nestimated: none that all of them missed (Chao2)\n", out);
}

static void serving_print(const struct completeness *completeness, FILE *out)
{
	struct abundance abundance;

	completeness_abundance(completeness, &abundance);
	if (!abundance.total)
		return;
	fprintf(out, "while serving: %zu call%s, %zu of them once, %zu twice; ", abundance.calls,
		plural(abundance.calls), abundance.once, abundance.twice);
	fprintf(out, "at least %.1f more (Chao1)", abundance.unseen);
	if (abundance.once)
		fprintf(out, ", one new in %.0f calls", 1 / abundance.next);
	fputc('\n', out);
}

static void lacks_print(const struct completeness *completeness, FILE *out)
{
	_cleanup_free_ const struct rare_path **paths = NULL;
	_cleanup_names_ struct names allowed = {};
	size_t count, i, k;

	completeness_allowed(completeness, &allowed);
	count = completeness_lacks(completeness, &allowed, &paths);
	if (count)
		fputs("no sign of, and how to provoke it:\n", out);
	for (i = 0; i < count; i++) {
		fprintf(out, "  %s: %s\n    %s; may call", paths[i]->what, paths[i]->happens,
			paths[i]->provoke);
		for (k = 0; k < ARRAY_SIZE(paths[i]->calls) && paths[i]->calls[k]; k++)
			if (!names_have(&allowed, paths[i]->calls[k]))
				fprintf(out, " %s", paths[i]->calls[k]);
		fputc('\n', out);
	}
}

void completeness_print(const struct completeness *completeness, FILE *out)
{
	if (!completeness->sample_count)
		return;
	fputs("\nCOMPLETENESS\n", out);
	agreement_print(completeness, out);
	fputc('\n', out);
	saturation_print(completeness, out);
	if (completeness->sample_count == 1)
		one_print(completeness, out);
	else
		several_print(completeness, out);
	serving_print(completeness, out);
	lacks_print(completeness, out);
}

/* ---- leastcall show --json ------------------------------------------------------------------ */

static void sample_print_json(const struct sample *sample, FILE *out)
{
	size_t i;

	fprintf(out, "{\"run\":\"%s\",\"workload\":", sample->run);
	json_text_print(sample->workload, out);
	fprintf(out, ",\"calls\":%zu,\"new\":%zu,\"once\":%zu,\"twice\":%zu,\"seen_ns\":{",
		sample->calls, sample->fresh, sample->once, sample->twice);
	for (i = 0; i < SATURATION_POINTS; i++)
		fprintf(out, "%s\"%u\":%" PRIu64, i ? "," : "", saturation_percents[i],
			sample->seen_ns[i]);
	fputc('}', out);
	if (sample->length_ns)
		fprintf(out, ",\"length_ns\":%" PRIu64, sample->length_ns);
	fputc('}', out);
}

static void calls_print_json(const struct completeness *completeness, FILE *out)
{
	const struct sampled_call *call = completeness->calls;
	size_t i;

	for (i = 0; i < completeness->call_count; i++, call++) {
		if (call->samples == completeness->sample_count)
			break;
		fprintf(out, "%s{\"abi\":\"%s\",\"nr\":%u", i ? "," : "", abi_name(call->abi),
			call->nr);
		if (call->name)
			fprintf(out, ",\"name\":\"%s\"", call->name);
		fprintf(out, ",\"runs\":%zu}", call->samples);
	}
}

static void lacks_print_json(const struct completeness *completeness, FILE *out)
{
	_cleanup_free_ const struct rare_path **paths = NULL;
	_cleanup_names_ struct names allowed = {};
	size_t count, i, k;

	completeness_allowed(completeness, &allowed);
	count = completeness_lacks(completeness, &allowed, &paths);
	for (i = 0; i < count; i++) {
		fprintf(out, "%s{\"what\":\"%s\",\"happens\":\"%s\",\"provoke\":\"%s\",\"calls\":[",
			i ? "," : "", paths[i]->what, paths[i]->happens, paths[i]->provoke);
		for (k = 0; k < ARRAY_SIZE(paths[i]->calls) && paths[i]->calls[k]; k++)
			fprintf(out, "%s\"%s\"", k ? "," : "", paths[i]->calls[k]);
		fputs("]}", out);
	}
}

void completeness_print_json(const struct completeness *completeness, FILE *out)
{
	size_t all = completeness_shared(completeness, completeness->sample_count), i;
	struct abundance abundance;

	fprintf(out, "\"calls\":%zu,\"in_all\":%zu,\"in_some\":[", completeness->call_count, all);
	calls_print_json(completeness, out);
	fputs("],\"runs\":[", out);
	for (i = 0; i < completeness->sample_count; i++) {
		fputs(i ? ",\n" : "\n", out);
		sample_print_json(&completeness->samples[i], out);
	}
	fputc(']', out);
	if (completeness->sample_count > 1)
		fprintf(out, ",\"chao2_unseen\":%.3f,\"new_in_next_run\":%.3f",
			completeness_unseen(completeness), completeness_next(completeness));
	completeness_abundance(completeness, &abundance);
	if (abundance.total)
		fprintf(out,
			",\"serving\":{\"calls\":%zu,\"total\":%" PRIu64
			",\"once\":%zu,\"twice\":%zu,\"chao1_unseen\":%.3f,\"new_in_next_call\":%"
			"g}",
			abundance.calls, abundance.total, abundance.once, abundance.twice,
			abundance.unseen, abundance.next);
	fputs(",\"no_sign_of\":[", out);
	lacks_print_json(completeness, out);
	fputc(']', out);
}
