/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libFuzzer: any bytes as an AppArmor profile. It is read or refused with words; what was read can be
 * asked, every rule covers itself, and its text is read as the same rule.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor/aa_match.h"
#include "model/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "broken: %s\n", #condition);                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The rule's own text, read again, comes to itself. */
static void text_check(const struct aa_rule *rule)
{
	_cleanup_free_ char *text = aa_rule_text(rule), *again = NULL, *profile = NULL;
	struct aa_file file = {};
	struct err err = {};

	if (rule->class != AA_FILE && rule->class != AA_CAPABILITY)
		return;
	profile = xasprintf("profile x {\n%s,\n}\n", text);
	if (aa_file_parse("again", profile, strlen(profile), NULL, &file, &err))
		return; /* with a comment, a quote in the wrong place ... */
	if (file.rule_count == 1 && file.rules[0].class == rule->class) {
		again = aa_rule_text(&file.rules[0]);
		MUST(!strcmp(text, again));
		MUST(file.rules[0].perms == rule->perms);
	}
	aa_file_drop(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"/", "/etc/passwd", "/proc/1/maps", "/usr/lib/x.so.1"};
	struct aa_file file = {};
	struct err err = {};
	char *text = size ? xstrndup((const char *)data + 1, size - 1) : xstrdup("");
	uint32_t lacks, denied;
	size_t i, k;

	if (aa_file_parse("fuzz", text, strlen(text), NULL, &file, &err)) {
		MUST(*err.text && !strchr(err.text, '\n'));
		free(text);
		return 0;
	}
	for (i = 0; i < file.profile_count; i++) {
		MUST(file.profiles[i].is_included || file.text[file.profiles[i].close] == '}');
		for (k = 0; k < ARRAY_SIZE(paths); k++) {
			struct aa_access access = {
				.path = paths[k], .perms = PERM_READ | PERM_EXEC, .child = true};

			lacks = aa_profile_lacks(&file, i, &access, &denied);
			MUST(!(denied & ~lacks));
		}
	}
	for (i = 0; i < file.rule_count && i < 200; i++) {
		MUST(file.rules[i].source || file.rules[i].end <= file.size);
		text_check(&file.rules[i]);
		if (!file.rules[i].deny && file.rules[i].class != AA_ABI &&
		    file.rules[i].class != AA_FILE)
			MUST(aa_profile_covers(&file, file.rules[i].profile, &file,
					       &file.rules[i]) ||
			     aa_file_decided(&file, &err));
	}
	aa_file_drop(&file);
	free(text);
	return 0;
}
