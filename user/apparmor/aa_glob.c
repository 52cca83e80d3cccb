/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pattern becomes the instructions of a small machine. What the characters mean was learnt from
 * apparmor_parser 3.0.8, by the automata that it prints (-D dfa-states).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_glob_internal.h"

#define DEPTH_MAX     50 /* of groups: the parser's own limit */
#define SETS_COMPARED 8

static void set_add(struct set *set, unsigned char byte)
{
	set->bits[byte / 64] |= UINT64_C(1) << byte % 64;
}

static uint32_t emit(struct aa_glob *glob, enum code code, uint32_t value)
{
	if (glob->count == glob->room) {
		glob->room = glob->room ? glob->room * 2 : 64;
		glob->list = xrealloc(glob->list, glob->room, sizeof(*glob->list));
	}
	glob->list[glob->count] = (struct instruction){code, value};
	return glob->count++;
}

/* Stars all have the same two: most sets of a long pattern are among the last few. */
static void emit_set(struct aa_glob *glob, const struct set *set)
{
	uint32_t i = glob->set_count > SETS_COMPARED ? glob->set_count - SETS_COMPARED : 0;

	while (i < glob->set_count && memcmp(&glob->sets[i], set, sizeof(*set)) != 0)
		i++;
	if (i < glob->set_count) {
		emit(glob, CODE_SET, i);
		return;
	}
	glob->sets = xrealloc(glob->sets, glob->set_count + 1, sizeof(*glob->sets));
	glob->sets[glob->set_count] = *set;
	emit(glob, CODE_SET, glob->set_count++);
}

static int digits_read(const char **at, const char *digits, int count, int base)
{
	const char *digit;
	int value = 0;

	while (count-- && **at && (digit = strchr(digits, **at | (base == 16 ? 0x20 : 0)))) {
		value = value * base + (int)(digit - digits);
		++*at;
	}
	return value & 0xff;
}

int aa_escape_read(const char **at)
{
	static const char letters[] = "a\ae\033f\fn\nr\rt\t";
	const char *from = *at + 1, *letter;

	if (!*from)
		return -1;
	*at += 2;
	if (*from >= '0' && *from <= '3') {
		*at = from;
		return digits_read(at, "01234567", 3, 8);
	}
	if (*from == 'x' && from[1] && strchr("0123456789abcdef", from[1] | 0x20))
		return digits_read(at, "0123456789abcdef", 2, 16);
	if (*from == 'd' && from[1] >= '0' && from[1] <= '9')
		return digits_read(at, "0123456789", 3, 10);
	for (letter = letters; *letter; letter += 2)
		if (*letter == *from)
			return letter[1];
	return (unsigned char)*from;
}

/* A class: *at is behind its bracket, and moves behind the closing one. */
static int class_read(struct aa_glob *glob, const char **at, struct err *err)
{
	bool negated = **at == '^';
	struct set set = {};
	int first, last;
	size_t i;

	if (negated)
		++*at;
	if (**at == ']')
		return err_set(err, -EINVAL, "a class with nothing in it");
	while (**at != ']') {
		first = **at == '\\' ? aa_escape_read(at) : (unsigned char)*(*at)++;
		if (first <= 0)
			return err_set(err, -EINVAL, "a class without its ]");
		last = first;
		if (**at == '-' && (*at)[1] && (*at)[1] != ']') {
			++*at;
			last = **at == '\\' ? aa_escape_read(at) : (unsigned char)*(*at)++;
		}
		for (; first <= last; first++)
			set_add(&set, (unsigned char)first);
	}
	++*at;
	for (i = 0; negated && i < ARRAY_SIZE(set.bits); i++)
		set.bits[i] = ~set.bits[i];
	set.bits[0] &= ~UINT64_C(1); /* the byte 0 ends a path */
	emit_set(glob, &set);
	return 0;
}

/*
 * Stars. One stops at a slash, more do not. Between two slashes, or a slash and the end, they stand for
 * something: a directory's own rule ends with the slash.
 */
static void stars_read(struct aa_glob *glob, const char *start, const char **at)
{
	struct set set = {.bits = {~UINT64_C(1), ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)}};
	struct set name = set;
	const char *star = *at - 1;
	uint32_t split;

	name.bits[0] &= ~(UINT64_C(1) << '/');
	while (**at == '*')
		++*at;
	if (star > start && star[-1] == '/' && (**at == '/' || !**at))
		emit_set(glob, &name);
	split = emit(glob, CODE_SPLIT, 0);
	emit_set(glob, *at - star > 1 ? &set : &name);
	emit(glob, CODE_JUMP, split);
	glob->list[split].value = glob->count;
}

/* A group that is open: `split` is the start of its last branch, `jumps` the ends of those before,
 * each of which has the one before as its value. */
struct group {
	uint32_t split, jumps;
	bool has_more;
};

static void branch_next(struct aa_glob *glob, struct group *group)
{
	group->jumps = emit(glob, CODE_JUMP, group->jumps);
	glob->list[group->split].value = glob->count;
	group->split = emit(glob, CODE_SPLIT, NONE);
	group->has_more = true;
}

static int group_end(struct aa_glob *glob, struct group *group, struct err *err)
{
	uint32_t next;

	if (!group->has_more)
		return err_set(err, -EINVAL, "a group {} of fewer than two");
	for (; group->jumps != NONE; group->jumps = next) {
		next = glob->list[group->jumps].value;
		glob->list[group->jumps].value = glob->count;
	}
	return 0;
}

static int pattern_read(struct aa_glob *glob, const char *start, struct err *err)
{
	struct group groups[DEPTH_MAX];
	const char *at = start;
	int depth = 0, byte, r = 0;

	while (!r && *at) {
		byte = (unsigned char)*at++;
		if (byte == '\\') {
			at--;
			byte = aa_escape_read(&at);
			if (byte <= 0)
				return err_set(err, -EINVAL,
					       byte ? "it ends with a backslash" : "the byte 0");
			emit(glob, CODE_BYTE, (uint32_t)byte);
		} else if (byte == '*') {
			stars_read(glob, start, &at);
		} else if (byte == '?') {
			emit_set(glob, &(struct set){{~(UINT64_C(1) | UINT64_C(1) << '/'),
						      ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)}});
		} else if (byte == '[') {
			r = class_read(glob, &at, err);
		} else if (byte == '{') {
			if (depth == DEPTH_MAX)
				return err_set(err, -EINVAL,
					       "more than %d groups {} in one another", DEPTH_MAX);
			groups[depth++] = (struct group){emit(glob, CODE_SPLIT, NONE), NONE, false};
		} else if (byte == ',' && depth) {
			branch_next(glob, &groups[depth - 1]);
		} else if (byte == '}') {
			if (!depth)
				return err_set(err, -EINVAL, "a } without its {");
			r = group_end(glob, &groups[--depth], err);
		} else if (byte == ']') {
			return err_set(err, -EINVAL, "a ] without its [");
		} else {
			emit(glob, CODE_BYTE, (uint32_t)byte);
		}
	}
	if (!r && depth)
		return err_set(err, -EINVAL, "a { without its }");
	emit(glob, CODE_END, 0);
	return r;
}

/* As the parser does: slashes that follow one another are one, but for two at the start. */
static char *slashes_join(const char *pattern)
{
	char *joined = xstrdup(pattern), *to = joined;
	const char *from = pattern;

	if (from[0] == '/' && from[1] == '/' && from[2] != '/') {
		*to++ = *from++;
		*to++ = *from++;
	}
	for (; *from; from++)
		if (*from != '/' || to == joined || to[-1] != '/')
			*to++ = *from;
	*to = '\0';
	return joined;
}

static void prefix_find(struct aa_glob *glob)
{
	uint32_t i;

	while (glob->list[glob->prefix_size].code == CODE_BYTE)
		glob->prefix_size++;
	glob->prefix = xcalloc(glob->prefix_size + 1, 1);
	for (i = 0; i < glob->prefix_size; i++)
		glob->prefix[i] = (char)glob->list[i].value;
	glob->is_literal = glob->list[i].code == CODE_END;
}

int aa_glob_make(const char *pattern, struct aa_glob **ret, struct err *err)
{
	_cleanup_free_ char *joined = NULL;
	struct aa_glob *glob;
	int r;

	if (strlen(pattern) > AA_PATTERN_MAX)
		return err_set(err, -EINVAL, "longer than %d bytes", AA_PATTERN_MAX);
	joined = slashes_join(pattern);
	glob = xcalloc(1, sizeof(*glob));
	r = pattern_read(glob, joined, err);
	if (r) {
		aa_glob_free(glob);
		return r;
	}
	prefix_find(glob);
	*ret = glob;
	return 0;
}

void aa_glob_free(struct aa_glob *glob)
{
	if (!glob)
		return;
	free(glob->list);
	free(glob->sets);
	free(glob->prefix);
	free(glob);
}
