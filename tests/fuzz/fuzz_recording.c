/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: any bytes as a recording, through the model and every emitter. What comes out must be
 * well-formed whatever went in: a merge that reads back to the same bytes, JSON that parses, an
 * AppArmor profile of one profile, text that a terminal only shows.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "emit/apparmor_text.h"
#include "emit/emit.h"
#include "model/text.h"
#include "policy/call.h"
#include "policy/policy.h"
#include "policy/summary.h"
#include "../unit/replay.h"

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
	(void)ctx;
	(void)format;
}

static struct model *model_of(const void *bytes, size_t size)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct model *model = model_new();
	struct err err = {};
	char path[32];

	MUST(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (model_read(model, path, &err)) {
		MUST(*err.text);
		model_free(model);
		model = NULL;
	} else {
		model_seal(model);
	}
	close(fd);
	return model;
}

typedef int emit_fn(const struct model *, const struct emit_options *, FILE *, struct err *);

/* NULL where there is nothing to emit, which must have its words. The caller frees it. */
static char *emitted(emit_fn *emit, const struct model *model, const char *workload)
{
	struct emit_options options = {
		.workload = workload, .files = true, .setup = true, .warn = quiet};
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int code;

	MUST(out);
	code = emit(model, &options, out, &err);
	MUST(!fclose(out) && strlen(text) == size);
	MUST(code == 0 || *err.text);
	if (!code)
		return text;
	free(text);
	return NULL;
}

static int write_emit(const struct model *model, const struct emit_options *options, FILE *out,
		      struct err *err)
{
	(void)options;
	(void)err;
	return model_write(model, out);
}

static int explain(const struct model *model, const struct emit_options *options, FILE *out,
		   struct err *err)
{
	bool in;

	return explain_emit(model, options, "openat", out, &in, err);
}

static int profile_emit(const struct model *model, const struct emit_options *options, FILE *out,
			struct err *err)
{
	_cleanup_policy_ struct policy policy = {};
	struct seccomp_summary summary;
	int r = policy_make(model, options, &policy, err);

	if (r)
		return r;
	seccomp_summarise(&policy, &summary);
	seccomp_summary_drop(&summary);
	return seccomp_emit(&policy, options, out, err);
}

/* The phases and the denied calls that the default leaves out. */
static int serving_emit(const struct model *model, const struct emit_options *options, FILE *out,
			struct err *err)
{
	struct emit_options serving = *options;

	serving.phase_serving = serving.include_denied = true;
	return profile_emit(model, &serving, out, err);
}

static void merge_check(const struct model *model)
{
	char *once = emitted(write_emit, model, NULL), *twice;
	struct model *again = model_of(once, strlen(once));

	MUST(again);
	twice = emitted(write_emit, again, NULL);
	MUST(!strcmp(once, twice));
	model_free(again);
	free(once);
	free(twice);
}

static void json_check(const char *text)
{
	cJSON *json;

	if (!text)
		return;
	json = cJSON_Parse(text);
	MUST(json && cJSON_IsObject(json));
	cJSON_Delete(json);
}

/* Nothing that a terminal acts upon. */
static void shown_check(const char *text)
{
	for (const char *c = text; c && *c; c++)
		MUST((*c & 0x80) || (*c >= 0x20 && *c != 0x7f) || *c == '\n');
	MUST(!text || text_is_utf8(text, strlen(text)));
}

/* Lines that the parser's scanner can take, of characters that can be read; and what they allow. */
static void apparmor_check(const struct model *model, const char *workload, const char *text)
{
	struct emit_options options = {.workload = workload};
	_cleanup_free_ char *group = NULL, *wrong = NULL;
	struct err err = {};
	const char *at;

	if (!text)
		return;
	for (at = text; *at; at++)
		MUST((*at >= 0x20 && *at != 0x7f) || *at == '\n' || *at < 0);
	for (at = text; *at; at = strchr(at, '\n') + 1) {
		MUST(strchr(at, '\n'));
		MUST(strcspn(at, "\n") <= 2 * APPARMOR_WORD_MAX + 64);
	}
	MUST(!workload_choose(model, &options, &group, &err));
	wrong = replay(model, group, text, NULL);
	if (wrong)
		fprintf(stderr, "%s\n", wrong);
	MUST(!wrong);
}

/* All that the options of AppArmor profiles can add. */
static int children_emit(const struct model *model, const struct emit_options *options, FILE *out,
			 struct err *err)
{
	struct emit_options all = *options;

	all.apparmor.abi = APPARMOR_ABI_5_0;
	all.apparmor.children = CHILDREN_PROFILE;
	all.apparmor.complain = all.apparmor.no_base = true;
	return apparmor_emit(model, &all, out, err);
}

static void children_check(const struct model *model, const char *text)
{
	const struct fact *facts;
	_cleanup_free_ char *wrong = NULL;

	if (!text)
		return;
	wrong = replay_form(text, model_facts(model, FACT_OPERATION, &facts));
	if (wrong)
		fprintf(stderr, "%s\n", wrong);
	MUST(!wrong);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static emit_fn *const emitters[] = {profile_emit,  serving_emit, apparmor_emit,
					    children_emit, show_emit,    explain,
					    show_emit_json};
	struct model *model = model_of(data, size);
	struct names names;
	size_t i, k;
	char *text;

	if (!model)
		return 0;
	merge_check(model);
	workloads_list(model, &names);
	/* Index names.count stands for "none named". */
	for (i = 0; i <= names.count && i < 4; i++) {
		for (k = 0; k < ARRAY_SIZE(emitters); k++) {
			text = emitted(emitters[k], model, i < names.count ? names.list[i] : NULL);
			if (emitters[k] == apparmor_emit)
				apparmor_check(model, i < names.count ? names.list[i] : NULL, text);
			else if (emitters[k] == children_emit)
				children_check(model, text);
			else if (emitters[k] == show_emit || emitters[k] == explain)
				shown_check(text);
			else
				json_check(text);
			free(text);
		}
	}
	names_drop(&names);
	model_free(model);
	return 0;
}
