/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What apparmor_parser's scanner takes for a word, a comment and the end of a rule: a comma ends one
 * where a blank, a quote or nothing follows, for others belong to a name or a group of a pattern.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_scan.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char at(const struct aa_scanner *scanner, size_t offset)
{
	size_t place = scanner->at + offset;

	return place < scanner->size ? scanner->text[place] : '\0';
}

static void step(struct aa_scanner *scanner)
{
	if (at(scanner, 0) == '\n')
		scanner->line++;
	scanner->at++;
}

static void line_skip(struct aa_scanner *scanner)
{
	while (scanner->at < scanner->size && at(scanner, 0) != '\n')
		scanner->at++;
}

static bool starts_with(const struct aa_scanner *scanner, const char *word)
{
	size_t size = strlen(word);

	return scanner->size - scanner->at >= size &&
	       !memcmp(scanner->text + scanner->at, word, size);
}

/* "include" or "#include", and then a blank or what is included. */
static bool includes(const struct aa_scanner *scanner)
{
	size_t size = starts_with(scanner, "#include") ? 8 : 7;
	char next = at(scanner, size);

	if (size == 7 && !starts_with(scanner, "include"))
		return false;
	return next == ' ' || next == '\t' || next == '<' || next == '"';
}

/* "@{NAME}" and a sign. */
static bool assigns(const struct aa_scanner *scanner)
{
	size_t i = 2;

	if (!starts_with(scanner, "@{"))
		return false;
	while (at(scanner, i) && !is_blank(at(scanner, i)) && at(scanner, i) != '}')
		i++;
	if (at(scanner, i++) != '}')
		return false;
	while (at(scanner, i) == ' ' || at(scanner, i) == '\t')
		i++;
	return at(scanner, i) == '=' || (at(scanner, i) == '+' && at(scanner, i + 1) == '=');
}

static void blanks_skip(struct aa_scanner *scanner)
{
	while (scanner->at < scanner->size) {
		if (is_blank(at(scanner, 0)))
			step(scanner);
		else if (at(scanner, 0) == '#' && !includes(scanner))
			line_skip(scanner);
		else
			return;
	}
}

/* Where a statement ends, character by character. */
struct reader {
	bool quoted;
	bool at_word; /* a word begins here */
	size_t parens;
};

/* Takes one character that is no end; false within quotes that nothing closes. */
static void character_take(struct reader *reader, struct aa_scanner *scanner)
{
	char c = at(scanner, 0);

	if (c == '\\' && scanner->at + 1 < scanner->size) {
		step(scanner);
		reader->at_word = false;
	} else if (c == '"') {
		reader->quoted = !reader->quoted;
	} else if (reader->quoted) {
		;
	} else if (c == '#' && reader->at_word) {
		line_skip(scanner);
		return;
	} else if (c == '(' && (reader->parens || reader->at_word)) {
		reader->parens++;
	} else if (c == ')' && reader->parens) {
		reader->parens--;
	}
	/* A list may stand behind its key's sign: set=(hup, int). */
	reader->at_word = !reader->quoted && (is_blank(c) || c == '=');
	step(scanner);
}

/* A { that opens a block stands alone; others belong to a pattern. */
static bool opens(const struct reader *reader, const struct aa_scanner *scanner)
{
	char next = at(scanner, 1), last = scanner->at ? scanner->text[scanner->at - 1] : ' ';

	return at(scanner, 0) == '{' && (is_blank(last) || last == ')' || last == '"') &&
	       !reader->parens &&
	       (is_blank(next) || next == '#' || next == '}' || scanner->at + 1 == scanner->size);
}

static bool ends(const struct reader *reader, const struct aa_scanner *scanner)
{
	char next = at(scanner, 1);

	return at(scanner, 0) == ',' && !reader->parens &&
	       (!next || is_blank(next) || strchr("\",!", next));
}

static int rule_scan(struct aa_scanner *scanner, struct aa_statement *ret, struct err *err)
{
	struct reader reader = {.at_word = true};

	while (scanner->at < scanner->size && scanner->at - ret->start < AA_STATEMENT_MAX) {
		if (!reader.quoted && (ends(&reader, scanner) || opens(&reader, scanner))) {
			ret->kind = at(scanner, 0) == ',' ? AA_STATEMENT_RULE : AA_STATEMENT_OPEN;
			step(scanner);
			ret->end = scanner->at;
			return 0;
		}
		character_take(&reader, scanner);
	}
	if (scanner->at < scanner->size)
		return err_set(err, -EINVAL, "a rule of more than %u bytes", AA_STATEMENT_MAX);
	return err_set(err, -EINVAL, "%s",
		       reader.quoted ? "a quote that is not closed" : "a rule without its comma");
}

int aa_scan(struct aa_scanner *scanner, struct aa_statement *ret, struct err *err)
{
	if (!scanner->line)
		scanner->line = 1;
	blanks_skip(scanner);
	*ret = (struct aa_statement){.start = scanner->at, .line = scanner->line};
	if (scanner->at >= scanner->size) {
		ret->kind = AA_STATEMENT_END;
	} else if (at(scanner, 0) == '}') {
		ret->kind = AA_STATEMENT_CLOSE;
		step(scanner);
	} else if (includes(scanner) || assigns(scanner)) {
		ret->kind = at(scanner, 0) == '@' ? AA_STATEMENT_ASSIGN : AA_STATEMENT_INCLUDE;
		line_skip(scanner);
	} else {
		return rule_scan(scanner, ret, err);
	}
	ret->end = scanner->at;
	if (ret->end - ret->start > AA_STATEMENT_MAX)
		return err_set(err, -EINVAL, "a line of more than %u bytes", AA_STATEMENT_MAX);
	return 0;
}

static void word_add(struct aa_words *words, const char *text, size_t size)
{
	if (!(words->count % 16))
		words->list = xrealloc(words->list, words->count + 16, sizeof(*words->list));
	words->list[words->count++] = xstrndup(text, size);
}

void aa_words_cut(const char *text, size_t size, struct aa_words *ret)
{
	struct aa_scanner scanner = {.text = text, .size = size};
	struct reader reader;
	size_t start;

	*ret = (struct aa_words){};
	while (blanks_skip(&scanner), scanner.at < size) {
		start = scanner.at;
		reader = (struct reader){.at_word = true};
		while (scanner.at < size &&
		       (reader.quoted || reader.parens ||
			(!is_blank(at(&scanner, 0)) && !ends(&reader, &scanner) &&
			 !opens(&reader, &scanner))))
			character_take(&reader, &scanner);
		if (scanner.at > size)
			scanner.at = size;
		if (scanner.at > start)
			word_add(ret, text + start, scanner.at - start);
		else
			scanner.at++; /* the comma or the brace */
	}
}

void aa_words_drop(struct aa_words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct aa_words){};
}

char *aa_unquote(const char *word)
{
	char *plain = xcalloc(strlen(word) + 1, 1), *to = plain;

	for (; *word; word++) {
		if (*word == '\\' && word[1])
			*to++ = *word++;
		else if (*word == '"')
			continue;
		*to++ = *word;
	}
	return plain;
}
