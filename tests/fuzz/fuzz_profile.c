/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: any bytes as a seccomp profile. What compiles must be a filter that the kernel could
 * take; what does not must be refused with words. The first byte chooses --action.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "emit/filter.h"

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
	free(json);
	return 0;
}
