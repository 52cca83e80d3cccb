/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: an AppArmor profile, a line "%%", and a recording to update it with; any bytes. What is
 * written has every byte that was there, is read again, and has no rule beside the old ones and those
 * that a profile of the recording has.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emit/apparmor_update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "broken: %s\n", #condition);                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#define SEPARATOR "\n%%\n"

static void quiet(void *ctx, const char *format, ...)
{
	(void)ctx;
	(void)format;
}

static const struct emit_options emit_all = {.files = true, .setup = true, .warn = quiet};

static struct model *model_of(const void *bytes, size_t size)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct model *model = model_new();
	struct err err = {};
	char path[32];

	MUST(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (model_read(model, path, &err)) {
		MUST(*err.text);
		model_free(model);
		model = NULL;
	} else {
		model_seal(model);
	}
	close(fd);
	return model;
}

/* Does the recording's own profile have such a rule? Of a file rule, all of its letters. */
static bool was_asked(const struct aa_file *made, const struct aa_rule *rule, const char *text)
{
	size_t i;

	for (i = 0; i < made->rule_count; i++) {
		const struct aa_rule *own = &made->rules[i];
		_cleanup_free_ char *words = NULL;

		if (own->source || own->deny || own->class != rule->class)
			continue;
		if (own->class == AA_FILE && own->owner == rule->owner &&
		    !strcmp(own->path, rule->path) && !(rule->perms & ~own->perms))
			return true;
		words = aa_rule_text(own);
		if (own->class != AA_FILE && !strcmp(words, text))
			return true;
	}
	return false;
}

/* The rule as it is read back: one, and nothing beside it. */
static char *added_read(const struct aa_file *made, const char *text)
{
	_cleanup_free_ char *profile =
		xasprintf("include <tunables/global>\nprofile x {\n%s, # words\n}\n", text);
	_cleanup_aa_file_ struct aa_file file = {};
	const struct aa_rule *rule = NULL;
	struct err err = {};
	size_t i, own = 0;
	char *words;

	MUST(!strpbrk(text, "\r\n"));
	MUST(!aa_file_parse("added", profile, strlen(profile), NULL, &file, &err));
	for (i = 0; i < file.rule_count; i++) {
		if (file.rules[i].source)
			continue;
		rule = &file.rules[i];
		own++;
	}
	MUST(own == 1 && rule->class != AA_OTHER && !rule->deny && !rule->trouble);
	words = aa_rule_text(rule);
	MUST(was_asked(made, rule, words));
	return words;
}

/* Takes the words out of the list. */
static bool added_take(char **added, size_t count, const char *words)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!added[i] || strcmp(added[i], words))
			continue;
		free(added[i]);
		added[i] = NULL;
		return true;
	}
	return false;
}

static const struct aa_rule *own_next(const struct aa_file *file, size_t *at)
{
	while (*at < file->rule_count && file->rules[*at].source)
		++*at;
	return *at < file->rule_count ? &file->rules[(*at)++] : NULL;
}

/* The new profile has the old rules, in their order, and those added to it; each once. */
static void rules_check(const struct aa_file *old, const struct aa_file *new, size_t profile,
			char **added, size_t count)
{
	size_t old_at = 0, new_at = 0;
	const struct aa_rule *next = own_next(old, &old_at), *rule;

	while ((rule = own_next(new, &new_at))) {
		_cleanup_free_ char *words = aa_rule_text(rule), *was = NULL;

		was = next ? aa_rule_text(next) : NULL;
		if (was && next->profile == rule->profile && !strcmp(was, words)) {
			next = own_next(old, &old_at);
			continue;
		}
		MUST(rule->profile == profile && !rule->in_block);
		MUST(added_take(added, count, words));
	}
	MUST(!next);
}

static bool has_all_bytes(const char *text, const struct aa_file *old)
{
	size_t i = 0;

	for (; *text && i < old->size; text++)
		i += *text == old->text[i];
	return i == old->size;
}

static void update_check(const struct model *model, const struct aa_file *old, size_t profile,
			 const struct update *update)
{
	_cleanup_aa_file_ struct aa_file made = {}, new = {};
	_cleanup_update_ struct update again = {};
	_cleanup_free_ char *text = NULL, **added = NULL;
	struct err err = {};
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	update_print(old, update, out);
	MUST(!fclose(out) && has_all_bytes(text, old));
	MUST(!aa_file_parse("new", text, size, NULL, &new, &err));
	MUST(new.profile_count == old->profile_count);
	MUST(new.variable_count == old->variable_count);
	MUST(new.include_count == old->include_count);
	MUST(!apparmor_rules_make(model, &emit_all, &made, &err));
	added = xcalloc(update->count + 1, sizeof(*added));
	for (i = 0; i < update->count; i++)
		added[i] = added_read(&made, update->rules[i].text);
	rules_check(old, &new, profile, added, update->count);
	/* What equals a rule in front of it was taken for that one; it stays. */
	for (i = 0; i < update->count; i++)
		free(added[i]);
	if (!update_make(model, &emit_all, &new, profile, &again, &err))
		MUST(!again.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = memmem(data, size, SEPARATOR, strlen(SEPARATOR));
	size_t first = at ? (size_t)(at - (const char *)data) + 1 : 0;
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_update_ struct update update = {};
	_cleanup_free_ char *text = NULL;
	struct model *model;
	struct err err = {};
	size_t i;

	if (!at || memchr(data, '\0', first))
		return 0;
	text = xstrndup((const char *)data, first);
	if (aa_file_parse("fuzz", text, first, NULL, &file, &err))
		return 0;
	at += strlen(SEPARATOR);
	model = model_of(at, size - (size_t)(at - (const char *)data));
	for (i = 0; model && i < file.profile_count; i++) {
		if (file.profiles[i].is_included)
			continue;
		if (update_make(model, &emit_all, &file, i, &update, &err))
			MUST(*err.text);
		else
			update_check(model, &file, i, &update);
		break;
	}
	if (model)
		model_free(model);
	return 0;
}
