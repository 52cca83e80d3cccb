/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * When calls were new, as a picture: how many different calls each run had made after how long, on a
 * logarithmic axis. The same numbers stand beside it as a table.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"

#define CURVES_MAX 12
#define LEFT       44
#define TOP        10
#define WIDTH      640
#define HEIGHT     200

/* Of one sample: when each of its calls was first made, in order. */
struct curve {
	uint64_t *ns;
	size_t count;
};

static int ns_compare(const void *a, const void *b)
{
	return number_compare(*(const uint64_t *)a, *(const uint64_t *)b);
}

static bool is_of(const struct fact *fact, const struct sample *sample)
{
	return !strcmp(fact->run, sample->run) && !strcmp(fact->workload, sample->workload);
}

/* Facts of one call stand together: the earliest of each call. */
static void curve_make(const struct html *html, const struct sample *sample, struct curve *ret)
{
	const struct fact *facts;
	size_t count = model_facts(html->model, FACT_SYSCALL, &facts), at = 0, i;
	struct call call;

	*ret = (struct curve){.ns = xcalloc(count + 1, sizeof(*ret->ns))};
	while (call_next(facts, count, &at, PHASES_APPLICATION, &call)) {
		uint64_t first = UINT64_MAX;

		for (i = 0; i < call.fact_count; i++)
			if (PHASE_BIT(call.facts[i].phase) & PHASES_APPLICATION &&
			    is_of(&call.facts[i], sample) && call.facts[i].syscall.first_ns < first)
				first = call.facts[i].syscall.first_ns;
		if (first < UINT64_MAX)
			ret->ns[ret->count++] = first;
	}
	if (ret->count)
		qsort(ret->ns, ret->count, sizeof(*ret->ns), ns_compare);
	for (i = ret->count; i-- > 0;)
		ret->ns[i] -= ret->ns[0];
}

/* The decimal logarithm, to a thousandth; 0 below 1. */
static double logarithm(double value)
{
	double result = 0, bit;

	for (; value >= 10; value /= 10)
		result++;
	for (bit = 0.5; bit > 0.0005 && value > 1; bit /= 2) {
		value *= value;
		if (value >= 10) {
			value /= 10;
			result += bit;
		}
	}
	return result;
}

/* Of the picture: a microsecond is at the left. */
struct axes {
	double decades; /* after it */
	size_t calls;   /* at the top */
};

static int x_of(const struct axes *axes, uint64_t ns)
{
	return LEFT + (int)(WIDTH * logarithm((double)ns / 1000) / axes->decades);
}

static int y_of(const struct axes *axes, size_t calls)
{
	return TOP + HEIGHT - (int)(HEIGHT * calls / axes->calls);
}

static void axes_print(const struct axes *axes, FILE *out)
{
	static const char *const words[] = {"1 µs",   "10 µs", "100 µs", "1 ms",  "10 ms",
					    "100 ms", "1 s",   "10 s",   "100 s", "1000 s",
					    "10⁴ s",  "10⁵ s", "10⁶ s"};
	uint64_t ns = 1000;
	size_t i;

	for (i = 0; i <= (size_t)axes->decades && i < ARRAY_SIZE(words); i++, ns *= 10)
		fprintf(out,
			"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
			"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
			x_of(axes, ns), x_of(axes, ns), TOP, TOP + HEIGHT, x_of(axes, ns),
			TOP + HEIGHT + 18, words[i]);
	for (i = 0; i <= 2; i++)
		fprintf(out,
			"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
			"<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%zu</text>\n",
			LEFT, LEFT + WIDTH, y_of(axes, axes->calls * i / 2),
			y_of(axes, axes->calls * i / 2), LEFT - 6,
			y_of(axes, axes->calls * i / 2) + 4, axes->calls * i / 2);
}

static void curve_print(const struct axes *axes, const struct curve *curve, uint64_t length,
			FILE *out)
{
	size_t i;

	fprintf(out, "<path class=\"curve\" d=\"M%d %d", LEFT, TOP + HEIGHT);
	for (i = 0; i < curve->count; i++)
		fprintf(out, "H%dV%d", x_of(axes, curve->ns[i]), y_of(axes, i + 1));
	if (curve->count && length > curve->ns[curve->count - 1])
		fprintf(out, "H%d", x_of(axes, length));
	fputs("\"/>\n", out);
}

void html_curve(struct html *html, const struct completeness *completeness)
{
	size_t count = completeness->sample_count, i;
	struct axes axes = {.decades = 1, .calls = 1};
	FILE *out = html->out;

	for (i = 0; i < count; i++) {
		const struct sample *sample = &completeness->samples[i];
		uint64_t last = sample->seen_ns[SATURATION_POINTS - 1];
		uint64_t end = sample->length_ns > last ? sample->length_ns : last;

		if (sample->calls > axes.calls)
			axes.calls = sample->calls;
		while (logarithm((double)end / 1000) > axes.decades)
			axes.decades++;
	}
	fprintf(out,
		"<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"curve%zu\">\n"
		"<title id=\"curve%zu\">Different system calls made so far, over the time since "
		"the "
		"first "
		"call (logarithmic), a line a run; the table has the numbers</title>\n",
		LEFT + WIDTH + 24, TOP + HEIGHT + 28, html->parts, html->parts);
	axes_print(&axes, out);
	for (i = 0; i < count && i < CURVES_MAX; i++) {
		struct curve curve;

		curve_make(html, &completeness->samples[i], &curve);
		curve_print(&axes, &curve, completeness->samples[i].length_ns, out);
		free(curve.ns);
	}
	fputs("</svg>\n<figcaption>Different calls over the time since the first one. A line that "
	      "is "
	      "flat for long at its end is a good sign.</figcaption></figure>\n",
	      out);
}
