/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rows of engine.inc against a path. It knows no engine and reads no file. */
#include <ctype.h>
#include <string.h>

#include "tables/engine.h"
#include "util/util.h"

static const char *const engine_names[] = {
	[ENGINE_DOCKER] = "docker", [ENGINE_PODMAN] = "podman", [ENGINE_CONTAINERD] = "containerd",
	[ENGINE_CRI] = "cri",       [ENGINE_LXC] = "lxc",       [ENGINE_NSPAWN] = "nspawn",
	[ENGINE_OCI] = "oci",       [ENGINE_UNIT] = "unit",
};

static const struct engine_row {
	enum engine engine;
	const char *above, *component;
	bool needs_state;
} engine_rows[] = {
#include "tables/engine.inc"
};

const char *engine_name(enum engine engine)
{
	return (size_t)engine < ARRAY_SIZE(engine_names) ? engine_names[engine] : NULL;
}

struct component {
	const char *start;
	size_t size;
};

static bool is_id(const char *text, size_t size)
{
	for (size_t i = 0; i < ENGINE_ID_SIZE; i++) {
		if (i >= size || !isxdigit((unsigned char)text[i]) ||
		    isupper((unsigned char)text[i]))
			return false;
	}
	return true;
}

/* A pattern has one marker at the most that fills ret; a "*" may stand before it or behind it. */
static bool pattern_fits(const char *pattern, const char *text, size_t size,
			 struct engine_match *ret)
{
	bool is_name = !strncmp(pattern, "%n", 2);

	if (*pattern == '*' || is_name) {
		for (size_t taken = is_name; taken <= size; taken++) {
			if (!pattern_fits(pattern + 1 + is_name, text + taken, size - taken, ret))
				continue;
			if (is_name) {
				ret->text = text;
				ret->size = taken;
			}
			return true;
		}
		return false;
	}
	if (!strncmp(pattern, "%i", 2)) {
		if (!is_id(text, size) ||
		    !pattern_fits(pattern + 2, text + ENGINE_ID_SIZE, size - ENGINE_ID_SIZE, ret))
			return false;
		ret->text = text;
		ret->size = ENGINE_ID_SIZE;
		ret->is_id = true;
		return true;
	}
	if (!*pattern || !size)
		return !*pattern && !size;
	return *pattern == *text && pattern_fits(pattern + 1, text + 1, size - 1, ret);
}

/* The component that ends at `length`. */
static struct component component_last(const char *path, size_t length)
{
	size_t start = length;

	while (start > 0 && path[start - 1] != '/')
		start--;
	return (struct component){path + start, length - start};
}

bool engine_match(const char *path, size_t length, struct engine_match *ret)
{
	struct component last = component_last(path, length), above;
	size_t end = length - last.size;

	above = component_last(path, end ? end - 1 : 0);
	for (size_t i = 0; i < ARRAY_SIZE(engine_rows); i++) {
		const struct engine_row *row = &engine_rows[i];
		struct engine_match match = {.engine = row->engine,
					     .needs_state = row->needs_state};

		if (!pattern_fits(row->component, last.start, last.size, &match) ||
		    (row->above && !pattern_fits(row->above, above.start, above.size, &match)))
			continue;
		if (row->engine == ENGINE_UNIT) {
			/* systemd puts a "_" before what the kernel may take for a file of its own */
			bool is_escaped = last.start[0] == '_';

			match.text = last.start + is_escaped;
			match.size = last.size - is_escaped;
			match.is_id = false;
		}
		*ret = match;
		return true;
	}
	return false;
}
