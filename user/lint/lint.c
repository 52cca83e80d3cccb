/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The findings of one profile, and the order in which they are looked for. Knows no rule itself. */
#include "lint_internal.h"
#include "model/text.h"

/* Of one id: whoever has more will not read them. */
#define LISTED_MAX 50

const struct lint_row lint_rows[LINT_IDS] = {
#define FINDING(symbol, level, id, words) [LINT_##symbol] = {id, LINT_##level, words},
#include "lint.inc"
#undef FINDING
};

static const char *const level_names[LINT_LEVELS] = {
	[LINT_NOTE] = "note",
	[LINT_WARNING] = "warning",
	[LINT_ERROR] = "error",
};

const char *lint_level_name(enum lint_level level)
{
	return level_names[level];
}

static const char *const reader_names[READERS] = {
	[READER_GUESS] = "guess",   [READER_RUNTIME] = "runtime", [READER_DOCKER] = "docker",
	[READER_PODMAN] = "podman", [READER_K8S] = "k8s",
};

const char *lint_reader_name(enum lint_reader reader)
{
	return reader_names[reader];
}

bool lint_reader_from_name(const char *name, enum lint_reader *ret)
{
	for (size_t i = READER_RUNTIME; i < READERS; i++) {
		if (strcmp(reader_names[i], name) == 0) {
			*ret = (enum lint_reader)i;
			return true;
		}
	}
	return false;
}

static void finding_put(struct lint *lint, enum lint_id id, size_t offset, char *words)
{
	if (lint->count == lint->room) {
		lint->room = lint->room ? lint->room * 2 : 32;
		lint->list = xrealloc(lint->list, lint->room, sizeof(*lint->list));
	}
	lint->list[lint->count++] =
		(struct lint_finding){.id = id, .offset = offset, .words = words};
}

bool lint_lists(const struct lint *lint, enum lint_id id)
{
	return lint->seen[id] < LISTED_MAX;
}

void lint_add(struct lint *lint, enum lint_id id, size_t offset, const char *format, ...)
{
	char words[1024];
	va_list args;

	lint->counts[lint_rows[id].level]++;
	if (lint->seen[id]++ >= LISTED_MAX)
		return;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	finding_put(lint, id, offset, text_printable(words));
}

static void more_add(struct lint *lint, size_t size)
{
	for (int id = 0; id < LINT_IDS; id++)
		if (lint->seen[id] > LISTED_MAX)
			finding_put(lint, LINT_MORE, size,
				    xasprintf("%zu more of [%s]", lint->seen[id] - LISTED_MAX,
					      lint_rows[id].id));
}

static int finding_compare(const void *a, const void *b)
{
	const struct lint_finding *one = a, *two = b;
	int order = number_compare(one->offset, two->offset);

	if (!order)
		order = number_compare(one->id, two->id);
	return order ? order : strcmp(one->words, two->words);
}

/* Sorts by place, and finds the lines and columns in one pass. */
static void findings_locate(struct lint *lint, const char *text, size_t size)
{
	size_t line = 1, column = 1, at = 0, i;

	if (lint->count)
		qsort(lint->list, lint->count, sizeof(*lint->list), finding_compare);
	for (i = 0; i < lint->count; i++) {
		for (; at < lint->list[i].offset && at < size; at++) {
			if (text[at] == '\n') {
				line++;
				column = 1;
			} else if ((text[at] & 0xc0) != 0x80) { /* a character's first byte */
				column++;
			}
		}
		lint->list[i].line = line;
		lint->list[i].column = column;
	}
}

/* The profile within a config.json of the runtime-spec. */
static const struct node *profile_find(const struct node *top, struct lint *lint)
{
	const struct node *inner = node_member(node_member(top, "linux"), "seccomp");

	if (!inner || inner->kind != NODE_OBJECT)
		return top;
	lint_add(lint, LINT_CONFIG, inner->offset,
		 "this is a whole config.json: what is looked at is linux.seccomp in it");
	return inner;
}

/* Something that is an object but no profile: what it may be instead. */
static bool is_profile(const struct node *top, struct lint *lint)
{
	if (top->kind != NODE_OBJECT)
		lint_add(lint, LINT_NOT_PROFILE, top->offset,
			 "a seccomp profile is a JSON object, in { and }; this is %s",
			 node_kind_name(top->kind));
	else if (node_member(top, "fact"))
		lint_add(lint, LINT_NOT_PROFILE, top->offset,
			 "this is a recording: leastcall profile seccomp makes a profile of it");
	else if (node_member(top, "apiVersion"))
		lint_add(lint, LINT_NOT_PROFILE, top->offset,
			 "this is a Kubernetes object; a profile is the file that it names, or "
			 "what stands in its spec");
	else if (node_member(top, "ociVersion"))
		lint_add(lint, LINT_NOT_PROFILE, top->offset,
			 "this config.json has no linux.seccomp: the container is not filtered");
	else if (!top->child)
		lint_add(lint, LINT_EMPTY, top->offset,
			 "the profile is empty: runc switches seccomp off, crun refuses it");
	else
		return true;
	return false;
}

static void reader_choose(const struct node *top, const struct lint_options *options,
			  struct lint *lint)
{
	lint->reader = options->reader;
	if (options->reader != READER_GUESS)
		return;
	lint->reader = lint_guess(top);
	if (lint->reader != READER_RUNTIME)
		lint_add(lint, LINT_READER, top->offset,
			 "read as %s reads it, by the keys in it; --for=runtime, docker, podman or "
			 "k8s says who really does",
			 lint->reader == READER_DOCKER ? "Docker" : "Podman");
}

static void object_lint(struct linter *linter)
{
	lint_keys(linter);
	lint_head(linter);
	lint_rules(linter);
	lint_calls(linter);
	if (!linter->lint->counts[LINT_ERROR])
		lint_needs(linter);
	free(linter->rules);
	free(linter->names);
}

void lint_profile(const char *text, size_t size, const struct lint_options *options,
		  struct lint *ret)
{
	struct linter linter = {.text = text, .size = size, .options = options, .lint = ret};
	struct node *top;

	*ret = (struct lint){.reader = options->reader ? options->reader : READER_RUNTIME};
	top = node_read(text, size, ret);
	if (top) {
		linter.top = profile_find(top, ret);
		if (is_profile(linter.top, ret)) {
			reader_choose(linter.top, options, ret);
			object_lint(&linter);
		}
	}
	node_drop(top);
	more_add(ret, size);
	findings_locate(ret, text, size);
}

void lint_drop(struct lint *lint)
{
	for (size_t i = 0; i < lint->count; i++)
		free(lint->list[i].words);
	free(lint->list);
	*lint = (struct lint){};
}
