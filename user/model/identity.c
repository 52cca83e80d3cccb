/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names against what somebody asked for. It reads nothing. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "model/identity.h"
#include "model/text.h"

/* What an id must begin with, at the least, to be meant by it. */
#define ID_PREFIX_MIN 3

void identity_drop(struct identity *identity)
{
	free(identity->name);
	free(identity->id);
	free(identity->image);
	free(identity->pod);
	free(identity->container);
	*identity = (struct identity){};
}

static bool is_hex(const char *text)
{
	for (; *text; text++) {
		if (!isxdigit((unsigned char)*text))
			return false;
	}
	return true;
}

static bool id_matches(const char *id, const char *text)
{
	size_t size = strlen(text);

	if (!id)
		return false;
	if (!strcmp(id, text))
		return true;
	return size >= ID_PREFIX_MIN && strlen(id) == ENGINE_ID_SIZE && is_hex(id) &&
	       !strncasecmp(id, text, size);
}

static bool same(const char *name, const char *text)
{
	return name && !strcmp(name, text);
}

/* systemd.unit(5)'s list of types. */
static bool has_unit_suffix(const char *name)
{
	static const char *const suffixes[] = {".service", ".socket",    ".device", ".mount",
					       ".swap",    ".automount", ".target", ".path",
					       ".timer",   ".slice",     ".scope"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < ARRAY_SIZE(suffixes); i++) {
		if (!strcmp(dot, suffixes[i]))
			return true;
	}
	return false;
}

static bool unit_matches(const struct identity *identity, const char *text)
{
	_cleanup_free_ char *service = xasprintf("%s.service", text);

	return identity->engine == ENGINE_UNIT &&
	       same(identity->name, has_unit_suffix(text) ? text : service);
}

bool identity_matches(const struct identity *identity, enum query query, const char *text)
{
	_cleanup_free_ char *escaped = text_escape(text, strlen(text));

	if (query == QUERY_UNIT)
		return unit_matches(identity, escaped);
	if (identity->engine == ENGINE_UNIT || identity->engine == ENGINE_NONE)
		return false;
	if (query == QUERY_CONTAINER && id_matches(identity->id, escaped))
		return true;
	if (identity->sandbox)
		return false;
	if (query == QUERY_POD)
		return identity->pod &&
		       (same(identity->pod, escaped) || same(identity->name, escaped));
	return same(identity->name, escaped) || same(identity->container, escaped);
}

bool path_names(const char *path, const char *text)
{
	const char *last = strrchr(path, '/');

	return *text && last && !strcmp(last + 1, text);
}
