/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs what aa_glob.c made of a pattern: a machine that is in several places at once (Thompson,
 * "Regular Expression Search Algorithm", 1968), so that no pattern looks at each way to match.
 */
#include <stdlib.h>
#include <string.h>

#include "aa_glob_internal.h"

/* What an instruction costs beside a look at a pattern's first bytes, about. */
#define STEPS_A_TRY 4

static bool set_has(const struct set *set, unsigned char byte)
{
	return set->bits[byte / 64] >> byte % 64 & 1;
}

const char *aa_glob_literal(const struct aa_glob *glob)
{
	return glob->is_literal ? glob->prefix : NULL;
}

const char *aa_glob_prefix(const struct aa_glob *glob)
{
	return glob->prefix;
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
	uint32_t *seen;  /* by instruction: the step at which it was added */
	uint32_t *stack; /* room for two an instruction */
	uint64_t tried;  /* instructions, in all */
};

/* Adds the place and where it leads without a byte. */
static void place_add(const struct aa_glob *glob, struct places *places, uint32_t first,
		      uint32_t step)
{
	uint32_t *stack = places->stack, used = 0, at;

	stack[used++] = first;
	while (used) {
		at = stack[--used];
		places->tried++;
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

/* The places behind those of `from` that take the byte. */
static void byte_take(const struct aa_glob *glob, struct places *places, const uint32_t *from,
		      unsigned char byte, uint32_t step)
{
	uint32_t count = places->count, i;

	places->count = 0;
	places->tried += count;
	for (i = 0; i < count; i++) {
		const struct instruction *one = &glob->list[from[i]];

		if (one->code == CODE_BYTE
			    ? one->value == byte
			    : one->code == CODE_SET && set_has(&glob->sets[one->value], byte))
			place_add(glob, places, from[i] + 1, step);
	}
}

static bool machine_run(const struct aa_glob *glob, const char *path, uint64_t *left)
{
	_cleanup_free_ uint32_t *memory = xcalloc(glob->count, 5 * sizeof(uint32_t));
	uint32_t *lists[2] = {memory, memory + glob->count}, step = 1, i;
	struct places places = {.list = lists[0],
				.seen = memory + (size_t)glob->count * 2,
				.stack = memory + (size_t)glob->count * 3,
				.tried = glob->count / STEPS_A_TRY};

	place_add(glob, &places, (uint32_t)glob->prefix_size, step);
	for (path += glob->prefix_size; *path && places.count; path++) {
		if (places.tried > *left / STEPS_A_TRY)
			break;
		places.list = lists[step % 2];
		step++;
		byte_take(glob, &places, lists[step % 2], (unsigned char)*path, step);
	}
	if (!aa_steps_take(left, places.tried * STEPS_A_TRY))
		return false;
	for (i = 0; !*path && i < places.count; i++)
		if (glob->list[places.list[i]].code == CODE_END)
			return true;
	return false;
}

bool aa_steps_take(uint64_t *left, uint64_t count)
{
	bool enough = count < *left;

	*left = enough ? *left - count : 0;
	return enough;
}

bool aa_glob_match(const struct aa_glob *glob, const char *path, uint64_t *left)
{
	if (strncmp(path, glob->prefix, glob->prefix_size) != 0) {
		aa_steps_take(left, 1);
		return false;
	}
	if (glob->is_literal)
		return !path[glob->prefix_size];
	return machine_run(glob, path, left);
}
