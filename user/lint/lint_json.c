/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Values in values, and the slips between them. Knows nothing of profiles. */
#include <strings.h>

#include "lint_internal.h"
#include "model/text.h"

/* No profile comes near either. */
#define DEPTH_MAX 64
#define NODES_MAX 250000

const char *node_kind_name(enum node_kind kind)
{
	switch (kind) {
	case NODE_NULL:
		return "null";
	case NODE_BOOL:
		return "true or false";
	case NODE_NUMBER:
		return "a number";
	case NODE_STRING:
		return "a string";
	case NODE_ARRAY:
		return "a list";
	case NODE_OBJECT:
		return "an object";
	}
	return "something else";
}

static void stop(struct node_reader *reader, enum lint_id id, size_t offset, const char *words)
{
	if (!reader->stopped)
		lint_add(reader->lint, id, offset, "%s", words);
	reader->stopped = true;
}

static char here(const struct node_reader *reader)
{
	return reader->at < reader->size ? reader->text[reader->at] : '\0';
}

/* Does a value, or a key, begin here? */
static bool begins(const struct node_reader *reader)
{
	char c = here(reader);

	return scan_quote(reader) || c == '{' || c == '[' || c == '-' || c == '_' ||
	       (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct node *value_read(struct node_reader *reader);

static void child_add(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->child = child;
	parent->last = child;
}

/* A key and its colon. NULL where reading stops. */
static char *key_read(struct node_reader *reader)
{
	struct node word = {};

	if (scan_quote(reader))
		return scan_string(reader);
	if (!begins(reader)) {
		stop(reader, LINT_JSON_SYNTAX, reader->at,
		     "a key is missing here: an object holds \"key\": value");
		return NULL;
	}
	if (here(reader) == '{' || here(reader) == '[') {
		stop(reader, LINT_JSON_SYNTAX, reader->at,
		     "a list or an object within an object wants a key in front: \"key\": value");
		return NULL;
	}
	scan_word(reader, &word);
	if (word.kind == NODE_NUMBER)
		stop(reader, LINT_JSON_SYNTAX, reader->at, "a number where a key belongs");
	return word.text;
}

static void colon_read(struct node_reader *reader)
{
	scan_space(reader);
	if (here(reader) == ':') {
		reader->at++;
		return;
	}
	if (here(reader) == '=') {
		lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
			 "JSON has : between a key and its value, not =");
		reader->at++;
	} else if (begins(reader)) {
		lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
			 "a : is missing between the key and its value");
	} else {
		stop(reader, LINT_JSON_SYNTAX, reader->at, "a : and a value are missing here");
	}
}

static struct node *member_read(struct node_reader *reader, bool is_object)
{
	size_t offset = reader->at;
	struct node *value;
	char *key = NULL;

	if (is_object) {
		key = key_read(reader);
		if (!reader->stopped)
			colon_read(reader);
		scan_space(reader);
	}
	value = reader->stopped ? NULL : value_read(reader);
	if (!value) {
		free(key);
		return NULL;
	}
	value->key = key;
	value->key_offset = offset;
	return value;
}

/* Behind a value of an array or an object: true where another one follows. */
static bool comma_read(struct node_reader *reader, const struct node *before, char close)
{
	size_t comma;

	if (begins(reader)) {
		lint_add(reader->lint, LINT_JSON_MISSING_COMMA, before->end,
			 "a comma is missing behind this %s: the next %s begins in line %zu",
			 before->kind == NODE_OBJECT  ? "}"
			 : before->kind == NODE_ARRAY ? "]"
						      : "value",
			 close == '}'          ? "key"
			 : here(reader) == '{' ? "{"
					       : "value",
			 scan_line(reader, reader->at));
		return true;
	}
	if (here(reader) != ',')
		return false;
	comma = reader->at++;
	for (scan_space(reader); here(reader) == ','; scan_space(reader)) {
		lint_add(reader->lint, LINT_JSON_EXTRA_COMMA, reader->at,
			 "one comma too many: a single one divides two values");
		reader->at++;
	}
	if (here(reader) != ']' && here(reader) != '}')
		return true;
	lint_add(reader->lint, LINT_JSON_EXTRA_COMMA, comma,
		 "take this comma away: nothing follows it before the %c", here(reader));
	return false;
}

static void close_read(struct node_reader *reader, const struct node *node, char close)
{
	char open = reader->text[node->offset], *words;

	if (here(reader) == close) {
		reader->at++;
		return;
	}
	if (reader->stopped)
		return;
	if (reader->at >= reader->size) {
		lint_add(reader->lint, LINT_JSON_BRACKETS, node->offset,
			 "this %c is never closed: a %c is missing, at the latest at the end of "
			 "the file",
			 open, close);
	} else if (here(reader) == ']' || here(reader) == '}') {
		lint_add(reader->lint, LINT_JSON_BRACKETS, reader->at,
			 "a %c, but what is open is the %c of line %zu, which wants a %c",
			 here(reader), open, scan_line(reader, node->offset), close);
	} else {
		words = xasprintf("expected a comma or %c here", close);
		stop(reader, LINT_JSON_SYNTAX, reader->at, words);
		free(words);
	}
	reader->stopped = true;
}

static void container_read(struct node_reader *reader, struct node *node)
{
	bool is_object = node->kind == NODE_OBJECT, more;
	char close = is_object ? '}' : ']';
	struct node *child;

	reader->at++;
	scan_space(reader);
	if (here(reader) == ',') {
		lint_add(reader->lint, LINT_JSON_EXTRA_COMMA, reader->at,
			 "take this comma away: nothing is in front of it");
		reader->at++;
		scan_space(reader);
	}
	more = here(reader) != close && reader->at < reader->size;
	while (more) {
		child = member_read(reader, is_object);
		if (!child)
			break;
		child_add(node, child);
		scan_space(reader);
		more = !reader->stopped && comma_read(reader, child, close);
	}
	close_read(reader, node, close);
}

static struct node *value_read(struct node_reader *reader)
{
	struct node *node;
	char c = here(reader);

	if (reader->depth == DEPTH_MAX || reader->nodes == NODES_MAX) {
		stop(reader, LINT_JSON_LARGE, reader->at,
		     reader->depth == DEPTH_MAX
			     ? "lists and objects in one another, deeper than in "
			       "any profile"
			     : "more values than in any profile");
		return NULL;
	}
	reader->nodes++;
	node = xcalloc(1, sizeof(*node));
	node->offset = reader->at;
	if (c == '{' || c == '[') {
		node->kind = c == '{' ? NODE_OBJECT : NODE_ARRAY;
		reader->depth++;
		container_read(reader, node);
		reader->depth--;
	} else if (scan_quote(reader)) {
		node->kind = NODE_STRING;
		node->text = scan_string(reader);
	} else {
		scan_word(reader, node);
		if (reader->at == node->offset)
			lint_add(reader->lint, LINT_JSON_SYNTAX, reader->at,
				 reader->at < reader->size ? "a value is missing in front of this"
							   : "the text ends where a value belongs");
	}
	node->end = reader->at;
	return node;
}

/* What keeps every reader from looking at the text at all. */
static bool encoding_check(struct node_reader *reader)
{
	const char *text = reader->text, *nul = memchr(text, '\0', reader->size);
	size_t good = text_utf8_size(text, reader->size);

	if (reader->size >= 2 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2))) {
		stop(reader, LINT_JSON_ENCODING, 0, "this is UTF-16: save the file as UTF-8");
	} else if (nul) {
		stop(reader, LINT_JSON_ENCODING, (size_t)(nul - text),
		     "a NUL byte: this is no text");
	} else if (good < reader->size) {
		lint_add(reader->lint, LINT_JSON_ENCODING, good,
			 "not UTF-8: crun refuses the file; save it as UTF-8");
	}
	if (reader->size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		lint_add(reader->lint, LINT_JSON_BOM, 0,
			 "a byte order mark, which cannot be seen: save the file as UTF-8 without "
			 "BOM; runc and crun refuse it");
		reader->at = 3;
	}
	return !reader->stopped;
}

struct node *node_read(const char *text, size_t size, struct lint *lint)
{
	struct node_reader reader = {.text = text, .size = size, .lint = lint};
	struct node *top;

	if (!encoding_check(&reader))
		return NULL;
	scan_space(&reader);
	if (reader.at == size) {
		lint_add(lint, LINT_JSON_EMPTY, 0, "there is nothing in the file");
		return NULL;
	}
	if (here(&reader) != '{' && here(&reader) != '[') {
		lint_add(lint, LINT_NOT_PROFILE, reader.at,
			 "this is no JSON object, which begins with {%s",
			 strchr(text, ':') ? "; is it YAML, or a profile of another kind?" : "");
		return NULL;
	}
	top = value_read(&reader);
	scan_space(&reader);
	if (!reader.stopped && reader.at < size)
		stop(&reader, LINT_JSON_REST, reader.at,
		     "the profile ends in front of this: is there a bracket too many, or a second "
		     "profile?");
	if (!reader.stopped)
		return top;
	node_drop(top);
	return NULL;
}

void node_drop(struct node *node)
{
	struct node *child, *next;

	if (!node)
		return;
	for (child = node->child; child; child = next) {
		next = child->next;
		node_drop(child);
	}
	free(node->text);
	free(node->key);
	free(node);
}

const struct node *node_member(const struct node *object, const char *key)
{
	const struct node *child, *found = NULL, *similar = NULL;

	if (!object || object->kind != NODE_OBJECT)
		return NULL;
	for (child = object->child; child; child = child->next) {
		if (!strcmp(child->key, key))
			found = child;
		else if (!strcasecmp(child->key, key))
			similar = child;
	}
	if (!found)
		found = similar;
	return found && found->kind != NODE_NULL ? found : NULL;
}

size_t node_count(const struct node *node)
{
	const struct node *child;
	size_t count = 0;

	for (child = node ? node->child : NULL; child; child = child->next)
		count++;
	return count;
}
