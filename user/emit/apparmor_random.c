/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Words have letters that follow each other in words, in one case or with a capital in front, and
 * numbers at their ends. Whoever draws 6 of 62 letters and digits hits that in less than 3 of 100 names.
 */
#include <ctype.h>
#include <string.h>

#include "apparmor_date.h"
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

/* So many letters and digits are more than a word with a number. */
#define RANDOM_LEAST 6
/* The number of a process, or of more than is counted by hand. */
#define NUMBER_LEAST 4

/* Letters and digits in a row, told apart into words, by case, and numbers. */
struct look {
	size_t size, changes; /* from digits to letters or back */
	size_t words, shorts; /* of one letter or two */
	size_t odd;           /* pairs of letters that no word has */
	size_t digits, capitals;
};

/* Does another word begin at `at`, within letters? */
static bool word_begins(const uint16_t *cells, size_t at, size_t to)
{
	return isupper(cells[at]) &&
	       (islower(cells[at - 1]) || (at + 1 < to && islower(cells[at + 1])));
}

static struct look look_at(const uint16_t *cells, size_t from, size_t to)
{
	struct look look = {.size = to - from};
	size_t at, length = 0;

	for (at = from; at < to; at++) {
		bool letter = isalpha(cells[at]), before = at > from && isalpha(cells[at - 1]);

		look.digits += !letter;
		look.capitals += isupper(cells[at]) != 0;
		look.changes += at > from && letter != before;
		if (letter && before && !word_begins(cells, at, to))
			look.odd += !strchr(followers[tolower(cells[at - 1]) - 'a'],
					    tolower(cells[at]));
		else if (letter)
			look.words++, length = 0;
		length += letter;
		look.shorts +=
			letter && length <= 2 &&
			(at + 1 == to || !isalpha(cells[at + 1]) || word_begins(cells, at + 1, to));
	}
	return look;
}

/* What mkstemp(3) and its like draw has a size of its own: there less will do. */
static bool row_looks_random(const uint16_t *cells, size_t from, size_t to)
{
	struct look look = look_at(cells, from, to);
	bool drawn = look.size == 6 || look.size == 8 || look.size == 10;

	if (look.size < RANDOM_LEAST || !look.words)
		return false;
	if (look.changes > 1)
		return true;
	if (drawn && (look.digits || (look.capitals && look.capitals < look.size)) &&
	    (look.odd || look.shorts > 1 || (look.words > 1 && look.size < 3 * look.words)))
		return true;
	return look.odd * 4 + 2 >= look.size || look.odd + look.shorts + !!isdigit(cells[from]) > 1;
}

bool name_looks_random(const uint16_t *cells, size_t size)
{
	size_t maker, at, to, digits, i;

	for (maker = 0; maker < ARRAY_SIZE(makers) && makers[maker].prefix; maker++) {
		const char *prefix = makers[maker].prefix;

		for (at = 0; prefix[at] && at < size && cells[at] == (unsigned char)prefix[at];)
			at++;
		for (i = at; i < size && cell_holds(makers[maker].class, (unsigned char)cells[i]);)
			i++;
		if (!prefix[at] && i == size && size - at == makers[maker].size)
			return true;
	}
	for (at = 0, digits = 0; at < size; at++) {
		digits = isdigit(cells[at]) && !date_holds(cells, size, at) ? digits + 1 : 0;
		if (digits == NUMBER_LEAST)
			return true;
	}
	for (at = 0; at < size; at = to + 1) {
		/* + is one of the 64 of base64. */
		for (to = at; to < size && (isalnum(cells[to]) || cells[to] == '+'); to++)
			;
		if (row_looks_random(cells, at, to))
			return true;
	}
	return false;
}
