/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* leastcall update of a seccomp profile. What it lacks and where that goes is emit/seccomp_update.h's. */
#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "emit/seccomp_update.h"
#include "emit/show.h"
#include "profile/filter.h"
#include "recordings.h"
#include "update.h"

/* Each line, "added: mkdir (called by /usr/bin/app)", with another word in front. Returns how many. */
static size_t lines_tell(char *lines, const char *verb, bool is_problem)
{
	size_t count = 0;
	char *line, *rest, *words;

	for (line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		words = strncmp(line, "added: ", 7) ? line : line + 7;
		if (is_problem)
			say("%s: %s", verb, words);
		else
			hint("%s: %s", verb, words);
		count++;
	}
	return count;
}

static void update_tell(const struct update_options *options, struct seccomp_update *update)
{
	bool is_dry = update_is_dry(options);
	const char *file = !is_dry && strcmp(options->output, "-") ? options->output
			   : strcmp(options->path, "-")            ? options->path
								   : "the profile";
	size_t added = lines_tell(update->added, is_dry ? "missing" : "added", false);
	size_t left = lines_tell(update->left, "not added, for the profile says otherwise", true);

	if (added)
		hint("%zu call%s %s %s", added, plural(added), is_dry ? "missing in" : "added to",
		     file);
	else if (!left)
		hint("nothing is missing in %s", file);
}

int update_seccomp(const struct update_options *options, const char *text, size_t size,
		   struct err *err)
{
	_cleanup_seccomp_update_ struct seccomp_update update = {};
	_cleanup_model_ struct model *model = NULL;
	bool is_finding;
	int r;

	if (options->profile)
		return usage_error("update", "--profile is for AppArmor, and %s is of seccomp",
				   options->path);
	r = update_recordings_take(options, &model, err);
	if (r)
		return r;
	r = seccomp_update_make(text, size, model, &options->emit, &update, err);
	if (r)
		return profile_failed(options->path, text, r, err);
	if (!update_is_dry(options) &&
	    (update.text || strcmp(options->output, options->path) || !strcmp(options->path, "-")))
		r = update_text_write(options, update.text ? update.text : text, err);
	if (r)
		return r;
	is_finding = *update.left || (options->check && *update.added);
	update_tell(options, &update);
	return is_finding ? EXIT_FINDING : 0;
}
