/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Words have letters that follow each other in words, in one case or with a capital in front, and
 * numbers at their ends. Whoever draws 6 of 62 letters and digits hits that in less than 3 of 100 names.
 */
#include <ctype.h>
#include <string.h>

#include "apparmor_random.h"
#include "util/util.h"

/* Bytes at an end of what was drawn that all samples may share by chance. */
#define CHANCE_MAX 2

/* How unlikely a place is for what a maker draws: behind his own prefix, where a part of the name begins,
 * or within one; more by one for each byte shared by chance. */
enum {
	RANK_PREFIX = 1,
	RANK_START,
	RANK_ODD = RANK_START + CHANCE_MAX + 1,
};

/*
 * What follows a to z within words: pairs that at least 9 of 10,000 different words have, counted in
 * manual pages and in the names of commands and packages.
 */
static const char *const followers[26] = {
	"bcdefghiklmnprstuvwxy",
	"abcdefghijklmnoprstuvwxyz",
	"abcdefghiklmnoprstuvwy",
	"abcdefghilmnoprstuvwy",
	"abcdefghiklmnopqrstuvwxy",
	"abcdefilmnoprstuy",
	"acdefghilmnoprstuv",
	"acdeilmoprstuy",
	"abcdefghiklmnopqrstuvwxz",
	"aceosu",
	"adegilnsu",
	"abcdefgikloprstuvy",
	"abcdefiklmnopstuvy",
	"abcdefghiklmnoprstuvyz",
	"abcdefgijklmnoprstuvwxy",
	"acdefghiklmnoprstuy",
	"lu",
	"abcdefgiklmnoprstuvwy",
	"acdefghiklmnopqrstuvwy",
	"abcdefghiklmnoprstuwy",
	"abcdefgilmnoprstx",
	"aeilnos",
	"adehinors",
	"acdefimprtxy",
	"aceilmnoprst",
	"aeio",
};

/* mkstemp(3) and its like: how many bytes of which class. */
static const struct {
	const char *prefix; /* of the name; NULL: any */
	size_t size;
	uint16_t class;
} makers[] = {
	{"tmp", 8, CELL_LOWER_BAR}, /* Python's tempfile */
	{"tmp.", 10, CELL_ALNUM},   /* mktemp of coreutils */
	{NULL, 6, CELL_ALNUM},      /* mkstemp(3) of glibc and musl, git's own */
	{NULL, 10, CELL_ALNUM},     {NULL, 8, CELL_LOWER_BAR},
};

bool samples_share(const struct sample *samples, size_t count, size_t at)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (samples[i].cells[at] != samples[0].cells[at])
			return false;
	return true;
}

uint16_t samples_class(const struct sample *samples, size_t count, size_t from, size_t to)
{
	uint16_t class = CELL_DIGIT;
	size_t i, k;

	for (i = 0; i < count && class; i++)
		for (k = from; k < to && class; k++)
			class = cell_widen(class, (unsigned char)samples[i].cells[k]);
	return class;
}

/* Letters from `at` on in the case of a word; *ret_odd grows by the pairs that no word has. */
static size_t letters_take(const uint16_t *cells, size_t at, size_t to, size_t *ret_odd)
{
	size_t first = at;

	for (; at < to && isalpha(cells[at]); at++) {
		if (at == first)
			continue;
		if (at == first + 1 ? islower(cells[first]) && isupper(cells[at])
				    : !isupper(cells[at]) != !isupper(cells[at - 1]))
			break;
		*ret_odd += !strchr(followers[tolower(cells[at - 1]) - 'a'], tolower(cells[at]));
	}
	return at - first;
}

/* Words with bars between them, each with a number or none; but for what *ret_odd tells. */
static bool is_words(const uint16_t *cells, size_t from, size_t to, size_t *ret_odd)
{
	size_t at = from;

	*ret_odd = 0;
	while (at < to) {
		at += letters_take(cells, at, to, ret_odd);
		if (at == from)
			return false;
		while (at < to && isdigit(cells[at]))
			at++;
		if (at < to && cells[at++] != '_')
			return false;
	}
	return true;
}

static bool has_digit(const uint16_t *cells, size_t from, size_t to)
{
	while (from < to && !isdigit(cells[from]))
		from++;
	return from < to;
}

/* How many of the samples are no words, and how odd the others are. */
static size_t nonwords_count(const struct sample *samples, size_t count, const struct drawn *part,
			     size_t *ret_odd)
{
	size_t i, odd, found = 0;

	*ret_odd = 0;
	for (i = 0; i < count; i++) {
		if (cell_is_number(part->class)) {
			found += has_digit(samples[i].cells, part->from, part->to);
			continue;
		}
		found += !is_words(samples[i].cells, part->from, part->to, &odd);
		*ret_odd += odd;
	}
	return found;
}

static bool is_written(const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 0; i < count && !samples[i].written; i++)
		;
	return i < count;
}

bool samples_random(const struct sample *samples, size_t count, const struct drawn *part)
{
	size_t odd, found = nonwords_count(samples, count, part, &odd);

	return is_written(samples, count) ? found > 0 : found == count;
}

/* Letters of the same case, digits and bars stand at the same places in all, as in web01 and app02. */
static bool same_frame(const struct sample *samples, size_t count, const struct drawn *part)
{
	size_t i, k;

	for (i = 1; i < count; i++) {
		for (k = part->from; k < part->to; k++) {
			uint16_t a = samples[0].cells[k], b = samples[i].cells[k];

			if (!isdigit(a) != !isdigit(b) || !isupper(a) != !isupper(b) ||
			    (a == '_') != (b == '_'))
				return false;
		}
	}
	return true;
}

/* Where a maker's bytes may end: behind all that varies, and at the end or what divides a name. */
static bool may_end(const struct sample *samples, size_t at, size_t size)
{
	return at == size || !isalnum(samples[0].cells[at]);
}

/* How unlikely it is that the bytes up to `end` are this maker's; 0: they are not. */
static unsigned int maker_fit(size_t maker, const struct sample *samples, size_t count,
			      const struct drawn *varies, size_t end, struct drawn *ret)
{
	const char *prefix = makers[maker].prefix;
	const uint16_t *first = samples[0].cells;
	size_t odd, found, i;
	uint16_t class;

	if (end < makers[maker].size || end - varies->to > CHANCE_MAX)
		return 0;
	*ret = (struct drawn){end - makers[maker].size, end, makers[maker].class};
	if (ret->from > varies->from || (!prefix && varies->from - ret->from > CHANCE_MAX))
		return 0;
	for (i = 0; prefix && prefix[i]; i++)
		if (i == ret->from || first[i] != (unsigned char)prefix[i])
			return 0;
	class = samples_class(samples, count, ret->from, end);
	/* Of numbers there are other makers, who may have prefixes. */
	if ((prefix && i != ret->from) || !class || cell_join(class, ret->class) != ret->class ||
	    cell_is_number(prefix ? class : samples_class(samples, count, varies->from, end)))
		return 0;
	found = nonwords_count(samples, count, ret, &odd);
	odd += !same_frame(samples, count, ret);
	if (is_written(samples, count) ? !found && odd < (prefix ? 1 : count) : found < count)
		return 0;
	if (prefix)
		return RANK_PREFIX;
	return (ret->from && isalnum(first[ret->from - 1]) ? RANK_ODD : RANK_START) +
	       (unsigned int)(varies->from - ret->from);
}

/* Where two makers are as likely, what either may have drawn. */
static void drawn_take(struct drawn *best, unsigned int *best_rank, const struct drawn *fit,
		       unsigned int rank)
{
	if (*best_rank > RANK_PREFIX && rank > RANK_PREFIX && rank <= *best_rank + 1 &&
	    *best_rank <= rank + 1) {
		best->from = fit->from < best->from ? fit->from : best->from;
		best->to = fit->to > best->to ? fit->to : best->to;
		best->class = cell_join(best->class, fit->class);
	} else if (!*best_rank || rank < *best_rank) {
		*best = *fit;
	}
	if (!*best_rank || rank < *best_rank)
		*best_rank = rank;
}

bool samples_maker(const struct sample *samples, size_t count, size_t size, struct drawn *ret)
{
	struct drawn varies = {.to = size}, fit;
	unsigned int best = 0, rank;
	size_t maker, end;

	while (varies.from < size && samples_share(samples, count, varies.from))
		varies.from++;
	while (varies.to > varies.from && samples_share(samples, count, varies.to - 1))
		varies.to--;
	for (end = varies.to; end <= size && end - varies.to <= CHANCE_MAX; end++) {
		for (maker = 0; may_end(samples, end, size) && maker < ARRAY_SIZE(makers);
		     maker++) {
			rank = maker_fit(maker, samples, count, &varies, end, &fit);
			if (rank)
				drawn_take(ret, &best, &fit, rank);
		}
	}
	return best > 0;
}
