/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pattern becomes the instructions of a small machine that is in several of them at once (Thompson,
 * "Regular Expression Search Algorithm", 1968): no pattern makes it slow. What the characters mean was
 * learnt from apparmor_parser 3.0.8, by the automata that it prints (-D dfa-states).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_glob.h"

#define DEPTH_MAX 50 /* of groups: the parser's own limit */
#define NONE      UINT32_MAX

enum code {
	CODE_BYTE,  /* this byte */
	CODE_SET,   /* one of a set */
	CODE_SPLIT, /* goes on here and there */
	CODE_JUMP,  /* goes on there */
	CODE_END,   /* the path must end here */
};

struct instruction {
	enum code code;
	uint32_t value; /* the byte, the set's number, or where to go */
};

struct set {
	uint64_t bits[4];
};

struct aa_glob {
	struct instruction *list;
	uint32_t count, room;
	struct set *sets;
	uint32_t set_count;
	char *prefix; /* what every match begins with */
	size_t prefix_size;
	bool is_literal; /* ... and ends with */
};

static void set_add(struct set *set, unsigned char byte)
{
	set->bits[byte / 64] |= UINT64_C(1) << byte % 64;
}

static bool set_has(const struct set *set, unsigned char byte)
{
	return set->bits[byte / 64] >> byte % 64 & 1;
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

static void emit_set(struct aa_glob *glob, const struct set *set)
{
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

const char *aa_glob_literal(const struct aa_glob *glob)
{
	return glob->is_literal ? glob->prefix : NULL;
}

/* In front of the last branch of the group that begins at `at`, where all of it is classes, as in a
 * process's number; else NONE. */
static uint32_t classes_skip(const struct aa_glob *glob, uint32_t at)
{
	uint32_t end = glob->list[glob->list[at].value - 1].value, last = at, i;

	while (glob->list[last].value != NONE)
		last = glob->list[last].value;
	for (i = at; i < end; i++)
		if (glob->list[i].code == CODE_BYTE)
			return NONE;
	return last;
}

char *aa_glob_sample(const struct aa_glob *glob)
{
	char *path = xcalloc(glob->count, 1);
	size_t used = 0;
	uint32_t i;
	int byte;

	for (i = 0; glob->list[i].code != CODE_END; i++) {
		switch (glob->list[i].code) {
		case CODE_BYTE:
			path[used++] = (char)glob->list[i].value;
			break;
		case CODE_SET:
			for (byte = 0x7f; byte && !set_has(&glob->sets[glob->list[i].value],
							   (unsigned char)byte);)
				byte--;
			path[used++] = (char)byte;
			break;
		case CODE_JUMP: /* the end of a star */
			break;
		default:
			if (glob->list[i + 1].code == CODE_SET &&
			    glob->list[i + 2].code == CODE_JUMP && glob->list[i + 2].value == i)
				break;
			i = classes_skip(glob, i);
			if (i != NONE)
				break;
			free(path);
			return NULL;
		}
	}
	return path;
}

/* The instructions that the machine is in, each once. */
struct places {
	uint32_t *list, count;
	uint32_t *seen; /* by instruction: the step at which it was added */
};

/* Adds the place and where it leads without a byte. `stack` has room for two an instruction. */
static void place_add(const struct aa_glob *glob, struct places *places, uint32_t first,
		      uint32_t step, uint32_t *stack)
{
	uint32_t used = 0, at;

	stack[used++] = first;
	while (used) {
		at = stack[--used];
		if (at == NONE || places->seen[at] == step)
			continue;
		places->seen[at] = step;
		if (glob->list[at].code == CODE_JUMP) {
			stack[used++] = glob->list[at].value;
		} else if (glob->list[at].code == CODE_SPLIT) {
			stack[used++] = glob->list[at].value;
			stack[used++] = at + 1;
		} else {
			places->list[places->count++] = at;
		}
	}
}

static bool machine_run(const struct aa_glob *glob, const char *path)
{
	_cleanup_free_ uint32_t *memory = xcalloc(glob->count, 5 * sizeof(uint32_t));
	uint32_t *lists[2] = {memory, memory + glob->count};
	uint32_t *stack = memory + (size_t)glob->count * 3, step = 1, i, last = 0;
	struct places places = {.list = lists[0], .seen = memory + (size_t)glob->count * 2};

	place_add(glob, &places, (uint32_t)glob->prefix_size, step, stack);
	for (path += glob->prefix_size; *path && places.count; path++) {
		unsigned char byte = (unsigned char)*path;

		last = places.count;
		places.list = lists[step % 2];
		places.count = 0;
		step++;
		for (i = 0; i < last; i++) {
			uint32_t at = lists[step % 2][i];
			const struct instruction *one = &glob->list[at];

			if (one->code == CODE_BYTE ? one->value == byte
						   : one->code == CODE_SET &&
							     set_has(&glob->sets[one->value], byte))
				place_add(glob, &places, at + 1, step, stack);
		}
	}
	for (i = 0; i < places.count; i++)
		if (glob->list[places.list[i]].code == CODE_END)
			return true;
	return false;
}

bool aa_glob_match(const struct aa_glob *glob, const char *path)
{
	if (strncmp(path, glob->prefix, glob->prefix_size) != 0)
		return false;
	if (glob->is_literal)
		return !path[glob->prefix_size];
	return machine_run(glob, path);
}
