/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The words of an audit, the worst first, and its JSON. What is found is policy/audit.c's. */
#include <inttypes.h>

#include "audit.h"
#include "model/json.h"
#include "model/text.h"
#include "show.h"

#define WHO_SHOWN 4

static void counted(size_t count, const char *word, const char *behind, FILE *out)
{
	fprintf(out, "%zu %s%s%s", count, word, plural(count), behind);
}

static void verdict_print(const struct audit *audit, const struct audit_words *words, FILE *out)
{
	size_t counts[SEVERITIES] = {};

	for (size_t i = 0; i < audit->count; i++)
		counts[audit->list[i].severity]++;
	shown_print(words->subject, out);
	fputs(" under ", out);
	shown_print(words->profile, out);
	fputs(": ", out);
	counted(counts[SEVERITY_ERROR], "error", ", ", out);
	counted(counts[SEVERITY_WARNING], "warning", "; ", out);
	fprintf(out, "%zu calls allowed, %zu called, %zu allowed and never called\n",
		audit->allowed, audit->called, audit->unused);
	if (words->sampled > 0)
		fprintf(out,
			"a sample of %.1f s of what ran already: what was not called may be called "
			"at another time, as at its start, on an error, or when it is stopped\n",
			words->sampled);
}

static void who_tell(const struct finding *finding, FILE *out)
{
	for (size_t i = 0; i < finding->who.count && i < WHO_SHOWN; i++) {
		fputs(i ? ", " : " by ", out);
		shown_print(finding->who.list[i], out);
	}
	if (finding->who.count > WHO_SHOWN)
		fprintf(out, " and %zu more", finding->who.count - WHO_SHOWN);
}

static void finding_print(const struct finding *finding, FILE *out)
{
	fprintf(out, "%-8s %-19s", severity_name(finding->severity),
		audit_kind_name(finding->kind));
	if (finding->name)
		fprintf(out, " %s", finding->name);
	if (finding->name && finding->kind <= AUDIT_DENIED)
		fprintf(out, " (%s)", abi_name(finding->abi));
	if (finding->count) {
		fprintf(out, " %" PRIu64 " time%s", finding->count, plural(finding->count));
		who_tell(finding, out);
	}
	if (finding->text) {
		fputs(finding->name ? ": " : " ", out);
		shown_print(finding->text, out);
	}
	fputc('\n', out);
}

/* Told together: a line for each tier, the riskiest first. */
static bool is_grouped(enum audit_kind kind)
{
	return kind == AUDIT_UNUSED || kind == AUDIT_CAPABILITY || kind == AUDIT_ARGUMENTS;
}

static void group_print(const struct audit *audit, enum severity severity, enum audit_kind kind,
			enum tier tier, bool all, FILE *out)
{
	const char *words = kind == AUDIT_CAPABILITY  ? "held, and never used:"
			    : kind == AUDIT_ARGUMENTS ? "allowed whatever their arguments are:"
			    : tier                    ? "allowed, and never called:"
						      : "without a known risk:";
	size_t count = 0;

	for (size_t i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->list[i];

		if (finding->kind != kind || finding->severity != severity ||
		    (kind == AUDIT_UNUSED && finding->tier != tier))
			continue;
		if (!count++)
			fprintf(out, "%-8s %-19s %s%s%s", severity_name(finding->severity),
				audit_kind_name(kind), tier ? tier_name(tier) : "",
				tier ? " risk, " : "", words);
		if (all || tier || kind != AUDIT_UNUSED)
			fprintf(out, " %s", finding->name);
	}
	if (count && !all && !tier && kind == AUDIT_UNUSED)
		fprintf(out, " %zu others, by name with --all", count);
	fputs(count ? "\n" : "", out);
}

static void groups_print(const struct audit *audit, enum severity severity, bool all, FILE *out)
{
	group_print(audit, severity, AUDIT_CAPABILITY, TIER_NONE, all, out);
	group_print(audit, severity, AUDIT_ARGUMENTS, TIER_NONE, all, out);
	for (int tier = TIERS - 1; tier >= 0; tier--)
		group_print(audit, severity, AUDIT_UNUSED, (enum tier)tier, all, out);
}

void audit_print(const struct audit *audit, const struct audit_words *words, FILE *out)
{
	verdict_print(audit, words, out);
	for (int severity = SEVERITIES - 1; severity >= 0; severity--) {
		for (size_t i = 0; i < audit->count; i++)
			if (!is_grouped(audit->list[i].kind) &&
			    (int)audit->list[i].severity == severity)
				finding_print(&audit->list[i], out);
		groups_print(audit, (enum severity)severity, words->all, out);
	}
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static void finding_print_json(const struct finding *finding, FILE *out)
{
	fprintf(out, "{\"id\":\"%s\",\"severity\":\"%s\"", audit_kind_name(finding->kind),
		severity_name(finding->severity));
	if (finding->name)
		fprintf(out, ",\"name\":\"%s\"", finding->name);
	if (finding->name && (finding->kind <= AUDIT_DENIED || finding->kind == AUDIT_UNUSED))
		fprintf(out, ",\"abi\":\"%s\",\"nr\":%u,\"tier\":\"%s\"", abi_name(finding->abi),
			finding->nr, tier_name(finding->tier));
	if (finding->count)
		fprintf(out,
			finding->count > EXACT_MAX ? ",\"count\":\"%" PRIu64 "\""
						   : ",\"count\":%" PRIu64,
			finding->count);
	if (finding->who.count) {
		fputs(",\"exes\":[", out);
		for (size_t i = 0; i < finding->who.count; i++) {
			fputs(i ? "," : "", out);
			json_text_print(finding->who.list[i], out);
		}
		fputc(']', out);
	}
	if (finding->text) {
		fputs(",\"text\":", out);
		json_text_print(finding->text, out);
	}
	fputc('}', out);
}

void audit_print_json(const struct audit *audit, const struct audit_words *words, FILE *out)
{
	fputs("{\"subject\":", out);
	json_text_print(words->subject, out);
	fputs(",\"profile\":", out);
	json_text_print(words->profile, out);
	if (words->process)
		fprintf(out, ",\"process\":%d", words->process);
	if (words->sampled > 0)
		fprintf(out, ",\"sample\":{\"seconds\":%.3f,\"wanted\":%.3f}", words->sampled,
			words->wanted);
	fprintf(out,
		",\"worst\":%s%s%s,\"allowed\":%zu,\"called\":%zu,\"unused\":%zu,\"findings\":[",
		audit->count ? "\"" : "", audit->count ? severity_name(audit_worst(audit)) : "null",
		audit->count ? "\"" : "", audit->allowed, audit->called, audit->unused);
	for (size_t i = 0; i < audit->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		finding_print_json(&audit->list[i], out);
	}
	fputs("\n]}\n", out);
}
