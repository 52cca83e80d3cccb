/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: any bytes as a seccomp profile. What compiles must be a filter that the kernel could
 * take; what does not must be refused with words. The first byte chooses --action. What reads as a
 * policy does not differ from itself, nor from what is written of it.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "leaks.h"
#include "model/json.h"
#include "policy/diff.h"
#include "policy/policy_merge.h"
#include "profile/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "broken: %s\n", #condition);                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static void quiet(void *ctx, const char *format, ...)
{
	char text[256];
	va_list args;

	(void)ctx;
	va_start(args, format);
	MUST(vsnprintf(text, sizeof(text), format, args) > 0);
	va_end(args);
}

/* The differences, told in both ways; how many they are. */
static size_t differences(const struct diff_side *a, const struct diff_side *b)
{
	struct diff diff;
	struct err err;
	cJSON *json;
	char *text = NULL, *lines = NULL;
	size_t size, lines_size, count;
	FILE *out = open_memstream(&text, &size), *people = open_memstream(&lines, &lines_size);

	diff_make(a, b, &diff);
	diff_print_json(&diff, out);
	diff_print(&diff, people);
	fclose(out);
	fclose(people);
	MUST(json_parse(text, size, &json, &err) == 0);
	count = diff.count;
	MUST(!count == !lines_size);
	cJSON_Delete(json);
	free(text);
	free(lines);
	diff_drop(&diff);
	return count;
}

/* What can be written of it is read as the same. */
static void write_try(const struct diff_side *side)
{
	struct policy policy = {}, again = {};
	struct policy_defaults defaults = {}, again_defaults;
	struct diff_side again_side = {.policy = &again, .defaults = &again_defaults};
	struct emit_options options;
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!policy_take_in(&policy, &defaults, side->policy, side->defaults, &err) &&
	    !policy_defaults_options(&defaults, &options, &err)) {
		out = open_memstream(&text, &size);
		MUST(seccomp_emit(&policy, &options, out, &err) == 0);
		fclose(out);
		MUST(policy_parse(text, size, &again, &again_defaults, &err) == 0);
		MUST(differences(side, &again_side) == 0);
		policy_drop(&again);
		free(text);
	} else {
		MUST(*err.text);
	}
	policy_drop(&policy);
}

static void read_try(const char *json, size_t size)
{
	static const char other[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\","
		"\"socket\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	struct policy policy, second;
	struct policy_defaults defaults, second_defaults;
	struct diff_side side = {.policy = &policy, .defaults = &defaults};
	struct diff_side second_side = {.policy = &second, .defaults = &second_defaults};
	struct err err = {};

	if (policy_parse(json, size, &policy, &defaults, &err)) {
		MUST(*err.text);
		return;
	}
	MUST(policy_parse(other, sizeof(other) - 1, &second, &second_defaults, &err) == 0);
	MUST(differences(&side, &side) == 0);
	MUST(!differences(&side, &second_side) == !differences(&second_side, &side));
	write_try(&side);
	policy_drop(&second);
	policy_drop(&policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter_options options = {.warn = quiet};
	struct filter filter = {};
	struct err err = {};
	const struct sock_filter *last;
	char *json;

	if (!size)
		return 0;
	options.action = data[0] % (FILTER_LOG + 1);
	/* A copy of just this size, so that reading behind it shows. */
	json = malloc(size);
	MUST(json);
	memcpy(json, data + 1, size - 1);
	if (filter_compile(json, size - 1, &options, &filter, &err)) {
		MUST(*err.text);
	} else {
		MUST(filter.length > 0 && filter.length <= BPF_MAXINSNS);
		last = &filter.code[filter.length - 1];
		MUST(last->code == (BPF_RET | BPF_K));
		filter_drop(&filter);
	}
	read_try(json, size - 1);
	free(json);
	return 0;
}
