/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What run says of a run, in lines for people or in JSON. Knows how nothing of it came to be. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "model/json.h"
#include "model/text.h"
#include "run.h"

#define LINES_MAX 200 /* a program may make numbers up */

static const struct {
	const char *word; /* for programs */
	const char *words;
} kinds[] = {
	[DENIAL_DEFAULT] = {"denied", "denied"},
	[DENIAL_LOGGED] = {"logged", "let through, though the profile does not allow it"},
	[DENIAL_RULE] = {"rule", "refused by a rule of the profile"},
};

const char *denial_word(enum denial_kind kind)
{
	return kinds[kind].word;
}

static char *call_words(const struct denial *denial)
{
	const char *name = syscall_name(denial->abi, denial->nr);
	bool is_native = denial->abi == ABI_X86_64;

	if (name)
		return xasprintf("%s%s%s", is_native ? "" : abi_name(denial->abi),
				 is_native ? "" : " ", name);
	return xasprintf("%s number %u", abi_name(denial->abi), denial->nr);
}

static char *answer_words(const struct denial *denial)
{
	const char *name = errno_name(denial->errnum);

	if (denial->kind == DENIAL_LOGGED)
		return xstrdup("");
	if (!denial->errnum)
		return xstrdup(", killed, trapped or answered 0");
	return name ? xasprintf(", %s", name) : xasprintf(", errno %u", denial->errnum);
}

char *denial_words(const struct denial *denial)
{
	_cleanup_free_ char *call = call_words(denial), *answer = answer_words(denial);

	return xasprintf("%s: %s %" PRIu64 " time%s%s%s%s", kinds[denial->kind].words, call,
			 denial->count, denial->count == 1 ? "" : "s", answer,
			 denial->exe ? ", by " : "", denial->exe ? denial->exe : "");
}

/* What the profile refuses on purpose is only worth a line to those who want to hear of it. */
static void lines_print(const struct enforced_result *result, FILE *out)
{
	size_t i;

	for (i = 0; i < result->denial_count && i < LINES_MAX; i++) {
		const struct denial *denial = &result->denials[i];
		_cleanup_free_ char *words = denial_words(denial), *shown = NULL;

		if (out) {
			shown = text_printable(words);
			fprintf(out, "%s\n", shown);
		} else if (denial->kind == DENIAL_RULE) {
			hint("%s", words);
		} else {
			say("%s", words);
		}
	}
	if (i < result->denial_count && out)
		fprintf(out, "and %zu more\n", result->denial_count - i);
	else if (i < result->denial_count)
		say("and %zu more", result->denial_count - i);
}

static void denial_json(const struct denial *denial, FILE *out)
{
	const char *name = syscall_name(denial->abi, denial->nr);

	fprintf(out, "{\"kind\":\"%s\",\"abi\":\"%s\",\"nr\":%u", denial_word(denial->kind),
		abi_name(denial->abi), denial->nr);
	if (name)
		fprintf(out, ",\"name\":\"%s\"", name);
	if (denial->kind != DENIAL_LOGGED)
		fprintf(out, ",\"errno\":%u", denial->errnum);
	fprintf(out, ",\"count\":%" PRIu64, denial->count);
	if (denial->exe) {
		fputs(",\"exe\":", out);
		json_text_print(denial->exe, out);
	}
	fputc('}', out);
}

static void json_line(const struct enforced_result *result, int status, FILE *out)
{
	size_t i;

	fprintf(out,
		"{\"status\":%d,\"command_status\":%d,\"started\":%s,\"traced\":%s,\"complete\":%s",
		status, result->status, result->has_started ? "true" : "false",
		result->is_blind ? "false" : "true", result->complete ? "true" : "false");
	fputs(",\"denials\":[", out);
	for (i = 0; i < result->denial_count; i++) {
		fputs(i ? "," : "", out);
		denial_json(&result->denials[i], out);
	}
	fputs("]}\n", out);
}

int denials_print(const struct enforced_result *result, int status, bool json,
		  struct output *report, struct err *err)
{
	if (json)
		json_line(result, status, report ? report->file : stderr);
	else
		lines_print(result, report ? report->file : NULL);
	return report ? output_commit(report, err) : 0;
}
