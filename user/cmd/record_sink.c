/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a recorder's facts go: into the recording as they come, and into a model where profiles
 * are wanted. Knows nothing of targets and of tracing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "apparmor_ask.h"
#include "cmd.h"
#include "policy/policy.h"
#include "record.h"
#include "recordings.h"

/* What the user would act upon at once. */
static bool note_is_said(const struct fact *fact)
{
	static const char *const said[] = {"moved", "daemon", "serving"};

	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		if (!strcmp(fact->note.what, said[i]))
			return true;
	}
	return false;
}

/* Told of a target that is there; the others may be told though it never came. */
static bool fact_has_come(const struct fact *fact)
{
	return fact->kind != FACT_RECORDING && fact->kind != FACT_NOTE &&
	       fact->kind != FACT_INCOMPLETE && fact->kind != FACT_END;
}

static void write_failed(struct recorder *recorder, int r)
{
	recorder->file_error = r;
	say("cannot write %s: %s (recording goes on without it)", recorder->path, strerror(-r));
}

/* Something came: now what was in the file goes. */
static void recording_begin(struct recorder *recorder)
{
	struct err err = {};
	int r;

	if (!recorder->early)
		return;
	fclose(take(recorder->early));
	r = output_open_growing(&recorder->file, recorder->path, false, &err);
	if (r == 0 && fwrite(recorder->early_text, 1, recorder->early_size, recorder->file.file) !=
			      recorder->early_size)
		r = -errno;
	if (r < 0)
		write_failed(recorder, r);
}

void recorder_add(void *ctx, const struct fact *fact)
{
	struct recorder *recorder = ctx;
	int r;

	if (fact->kind == FACT_INCOMPLETE)
		say("the recording is incomplete: %s (%llu)", fact->incomplete.text,
		    (unsigned long long)fact->incomplete.count);
	if (fact->kind == FACT_NOTE && note_is_said(fact))
		hint("%s", fact->note.text);
	if (recorder->options.watcher)
		recorder->options.watcher->fact(recorder->options.watcher->ctx, fact);
	if (fact_has_come(fact))
		recording_begin(recorder);
	if (recorder->path && !recorder->file_error) {
		r = fact_write(fact, recorder->early ? recorder->early : recorder->file.file);
		if (r < 0)
			recorder->file_error = r;
	}
	if (recorder->model && !recorder->model_error)
		recorder->model_error = model_add(recorder->model, fact, &recorder->model_err);
}

/* What was learnt is on disk a tenth of a second later; a full disk is said while there is time. */
void recorder_flush(void *ctx)
{
	struct recorder *recorder = ctx;

	if (!recorder->path || recorder->early || recorder->file_error)
		return;
	if (fflush(recorder->file.file) != 0)
		write_failed(recorder, -errno);
}

int recorder_close(struct recorder *recorder, struct err *err)
{
	int r;

	if (!recorder->path)
		return 0;
	recording_begin(recorder);
	r = recorder->file_error;
	if (r < 0)
		return err_errno(err, r, "cannot write %s", recorder->path);
	r = output_commit(&recorder->file, err);
	if (r == 0 && strcmp(recorder->path, "-") != 0)
		hint("the recording is in %s", recorder->path);
	return r;
}

void recorder_abandon(struct recorder *recorder)
{
	if (recorder->is_new)
		unlink(recorder->path);
}

void recorder_drop(struct recorder *recorder)
{
	if (recorder->early)
		fclose(recorder->early);
	free(recorder->early_text);
	output_abandon(&recorder->file);
	free(recorder->path);
	model_free(recorder->model);
}

/* A regular file is at the path, and no link. */
static bool is_file(const char *path, struct stat *ret)
{
	return strcmp(path, "-") != 0 && lstat(path, ret) == 0 && S_ISREG(ret->st_mode);
}

/* The profiles are written at the end; that they can be is found out before anything runs, and so is
 * what of somebody's work they would replace. */
static int profile_try(const struct recorder *recorder, const char *path, struct err *err)
{
	struct output out;
	struct stat there;
	int r;

	if (!path)
		return 0;
	if (!recorder->options.force && is_file(path, &there) && there.st_size > 0)
		return err_set(err, -EEXIST, "%s exists: name another file, or say --force", path);
	r = output_open(&out, path, err);
	if (r == 0)
		output_abandon(&out);
	return r;
}

static char *recording_name(const char *workload)
{
	const char *base = strrchr(workload, '/');

	if (!strcmp(workload, "/")) /* the root of all cgroups */
		base = "/root";
	return xasprintf("%s.leastcall.jsonl", base ? base + 1 : workload);
}

/* Can the file that is there be written? It stays as it is. */
static int recording_try(struct recorder *recorder, const char *path, struct err *err)
{
	int r = output_try_growing(path, err);

	if (r < 0)
		return r;
	recorder->early = open_memstream(&recorder->early_text, &recorder->early_size);
	return recorder->early ? 0 : err_errno(err, -ENOMEM, "cannot record");
}

static bool is_same_word(const char *path, const char *profile)
{
	return profile && !strcmp(path, profile) && strcmp(path, "/dev/null") != 0;
}

int recorder_open(struct recorder *recorder, const char *name, struct err *err)
{
	const struct record_options *options = &recorder->options;
	_cleanup_free_ char *path =
		options->output ? xstrdup(options->output) : recording_name(name);
	bool replaces = options->output || options->force;
	struct stat there;
	int r;

	if ((options->confine || options->watcher || options->is_sample) && !options->output)
		return 0;
	r = profile_try(recorder, options->seccomp, err);
	if (r == 0)
		r = profile_try(recorder, options->apparmor, err);
	if (r < 0)
		return r;
	if (is_same_word(path, options->seccomp) || is_same_word(path, options->apparmor))
		return err_set(err, -EEXIST, "%s is the recording: name another profile", path);
	if (replaces && is_file(path, &there)) {
		r = recording_try(recorder, path, err);
	} else {
		r = output_open_growing(&recorder->file, path, !replaces, err);
		recorder->is_new = r == 0 && is_file(path, &there);
	}
	if (r == -EEXIST)
		return err_set(err, r, "%s exists: name another file with -o, or say --force",
			       path);
	if (r == 0)
		recorder->path = take(path);
	return r;
}

void recorder_add_header(struct recorder *recorder, const char *run, const char *what,
			 const char *target)
{
	struct fact fact = {.kind = FACT_RECORDING, .run = run};
	time_t now = time(NULL);
	struct utsname host;
	char started[32];
	struct tm utc;

	uname(&host);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	fact.recording.format = RECORDING_FORMAT;
	fact.recording.tool = "leastcall " LEASTCALL_VERSION;
	fact.recording.kernel = host.release;
	fact.recording.machine = host.machine;
	fact.recording.what = what;
	fact.recording.target = target;
	fact.recording.started = started;
	fact.recording.files = !recorder->options.no_files;
	fact.recording.args = recorder->options.args;
	recorder_add(recorder, &fact);
}

void recorder_add_note(struct recorder *recorder, const char *run, const char *what,
		       const char *text)
{
	struct fact fact = {.kind = FACT_NOTE, .run = run};

	fact.note.what = what;
	fact.note.text = text;
	recorder_add(recorder, &fact);
}

static int seccomp_write(struct recorder *recorder, const struct emit_options *emit,
			 struct err *err)
{
	const char *path = recorder->options.seccomp;
	_cleanup_policy_ struct policy policy = {};
	struct output out;
	int r = policy_make(recorder->model, emit, &policy, err);

	if (r == 0)
		r = output_open(&out, path, err);
	if (r < 0)
		return r;
	r = recordings_finish(&out, seccomp_emit(&policy, emit, out.file, err), err);
	if (r == 0) {
		recordings_summarise_seccomp(&policy, path);
		recordings_tell_completeness(recorder->model, policy.workload, &policy);
	}
	return r;
}

static int apparmor_write(struct recorder *recorder, const struct emit_options *emit,
			  struct err *err)
{
	_cleanup_aa_abstractions_ struct aa_abstractions abstractions = {};
	struct emit_options own = *emit;
	struct output out;
	int r = apparmor_abstractions(NULL, emit->exact ? "base" : NULL, &abstractions, err);

	own.apparmor.abstractions = &abstractions;
	if (r == 0)
		r = output_open(&out, recorder->options.apparmor, err);
	if (r < 0)
		return r;
	r = recordings_finish(&out, apparmor_emit(recorder->model, &own, out.file, err), err);
	if (!r && strcmp(recorder->options.apparmor, "-") != 0)
		hint("wrote %s", recorder->options.apparmor);
	return r;
}

static int profiles_write(struct recorder *recorder, struct err *err)
{
	const struct record_options *options = &recorder->options;
	struct emit_options emit = {
		.exact = options->exact, .warn = recordings_warn, .hint = recordings_hint};
	int r = 0;

	if (options->seccomp)
		r = seccomp_write(recorder, &emit, err);
	if (r == 0 && options->apparmor)
		r = apparmor_write(recorder, &emit, err);
	return r;
}

int recorder_write_profiles(struct recorder *recorder, bool complete, struct err *err)
{
	bool writes = complete || recorder->options.allow_incomplete;

	if (!recorder->model)
		return 0;
	if (recorder->model_error) {
		*err = recorder->model_err;
		return recorder->model_error;
	}
	model_seal(recorder->model);
	if (recorder->options.runs > 1 && !(writes && recorder->options.seccomp))
		recordings_tell_completeness(recorder->model, NULL, NULL);
	if (!writes && (recorder->options.seccomp || recorder->options.apparmor))
		say("no profile was written: it would lack what was lost (--allow-incomplete "
		    "writes it all the same)");
	return writes ? profiles_write(recorder, err) : 0;
}
