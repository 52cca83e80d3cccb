/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * leastcall profile: recordings in, a profile or one for each workload out. The options are read in
 * profile_options.c, a profile is written in profile_write.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apparmor_ask.h"
#include "cmd.h"
#include "emit/apparmor_text.h"
#include "policy/call.h"
#include "profile_write.h"
#include "recordings.h"
#include "systemd_ask.h"

/* DIR/NAME.suffix: nobody's workload gets the file of somebody else's. */
static char *each_path(const struct profile_options *options, const char *workload)
{
	_cleanup_free_ char *name = apparmor_name(workload);

	return xasprintf("%s/%s%s", options->each, name, options->format->suffix);
}

/* A digest can be aimed at. Then there is no telling whose file it would be, and nothing is made. */
static int each_paths(const struct profile_options *options, const struct groups *groups,
		      char **ret_paths, struct err *err)
{
	size_t i, k;

	for (i = 0; i < groups->count; i++) {
		ret_paths[i] = each_path(options, groups->list[i]);
		if (recordings_include(options->recordings, options->recording_count, ret_paths[i]))
			return err_set(err, -EEXIST, "%.300s is a RECORDING: name another DIR",
				       ret_paths[i]);
	}
	for (i = 0; i < groups->count; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(ret_paths[i], ret_paths[k]))
				return err_set(err, -EEXIST,
					       "workloads %.100s and %.100s would both be %.300s: "
					       "choose with --workload NAME",
					       groups->list[k], groups->list[i], ret_paths[i]);
	return 0;
}

#define EACH_MAX 1000

static int each_write(const struct model *model, struct profile_options *options, struct err *err)
{
	_cleanup_groups_ struct groups groups = {};
	char *paths[EACH_MAX] = {};
	size_t i;
	int r;

	groups_list(model, &groups);
	if (groups.count > EACH_MAX)
		return err_set(err, -E2BIG,
			       "%zu workloads are too many for --each: choose with "
			       "--workload NAME",
			       groups.count);
	r = each_paths(options, &groups, paths, err);
	if (r == 0 && mkdir(options->each, 0777) < 0 && errno != EEXIST)
		r = err_errno(err, -errno, "cannot make %s", options->each);
	for (i = 0; i < groups.count && !r; i++) {
		options->emit.workload = groups.list[i];
		r = profile_write(model, options, paths[i], err);
		if (r)
			err_prefix(err, r, "workload %zu of %zu", i + 1, groups.count);
	}
	for (i = 0; i < groups.count; i++)
		free(paths[i]);
	return r;
}

#define NOTES_MAX 5

/* What was no loss, but should be known of a profile: "was already running ...". */
static void notes_tell(const struct model *model)
{
	const struct fact *notes;
	size_t count = model_facts(model, FACT_NOTE, &notes), i;

	for (i = 0; i < count && i < NOTES_MAX; i++) {
		_cleanup_free_ char *where = recordings_where(model, &notes[i]);

		hint("note: %s%s", notes[i].note.text, where);
	}
	if (i < count)
		hint("and %zu more notes (leastcall show tells them)", count - i);
}

int cmd_profile(int argc, char **argv, struct err *err)
{
	_cleanup_model_ struct model *model = NULL;
	_cleanup_systemd_groups_ struct systemd_groups systemd = {};
	_cleanup_aa_abstractions_ struct aa_abstractions abstractions = {};
	_cleanup_free_ char *lack = NULL;
	_cleanup_profile_options_ struct profile_options options = {};
	int r = profile_options_read(&options, formats, argc, argv);

	if (r)
		return r < 0 ? 0 : r;
	r = policy_options_open(&options.policy, &options.emit, err);
	if (r)
		return r;
	r = recordings_read(options.recordings, options.recording_count, &model, err);
	if (r)
		return r;
	if (model_incomplete(model)) {
		lack = recordings_lack(model);
		if (!options.allow_incomplete) {
			say("the recording is incomplete: %s; --allow-incomplete makes a profile "
			    "all the same",
			    lack);
			return EXIT_INCOMPLETE;
		}
		hint("the recording is incomplete: %s", lack);
	}
	notes_tell(model);
	if (!options.format->emit) {
		apparmor_ask(&options.emit.apparmor);
		r = apparmor_abstractions(options.apparmor_dir, options.abstractions, &abstractions,
					  err);
		if (r)
			return r;
		options.emit.apparmor.abstractions = &abstractions;
	}
	if (options.format->asks_systemd) {
		systemd_ask(&systemd);
		options.emit.systemd = &systemd;
	}
	if (options.each)
		return each_write(model, &options, err);
	return profile_write(model, &options, options.output, err);
}
