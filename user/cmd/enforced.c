/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs the command as record does, confined, and says what of the facts is a denial. What is not traced
 * is enforced_blind.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cmd.h"
#include "enforced_internal.h"
#include "profile/filter_answer.h"
#include "record.h"
#include "recordings.h"
#include "trace/features.h"

/* ---- the profile ------------------------------------------------------------------------- */

int enforced_profile_read(const char *path, enum filter_action action, struct enforced_profile *ret,
			  struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int r = profile_read(path, &text, &size, err);

	return r < 0 ? r
		     : enforced_profile_parse(text, size, strcmp(path, "-") ? path : "stdin",
					      action, recordings_warn, ret, err);
}

int enforced_profile_parse(const char *text, size_t size, const char *name,
			   enum filter_action action, warn_fn *warn, struct enforced_profile *ret,
			   struct err *err)
{
	struct filter_options options = {.action = action, .warn = warn};
	struct enforced_profile profile = {.action = action};
	int r;

	r = filter_compile(text, size, &options, &profile.filter, err);
	if (r == 0)
		r = policy_parse(text, size, &profile.policy, &profile.defaults, err);
	if (r == 0) {
		*ret = profile;
		return 0;
	}
	enforced_profile_drop(&profile);
	return profile_failed(name, text, r, err);
}

void enforced_profile_drop(struct enforced_profile *profile)
{
	filter_drop(&profile->filter);
	policy_drop(&profile->policy);
}

/* ---- what a denial is -------------------------------------------------------------------- */

/* What the caller sees of an answer: its errno; 0 where it is killed or trapped. */
static uint32_t answer_errnum(const char *action, uint32_t errnum)
{
	return action && strcmp(action, "SCMP_ACT_ERRNO") != 0 ? 0 : errnum;
}

/* With some arguments only: where the default answers alike, nothing tells which of them it was. */
static bool refuses_some(const struct enforced_profile *profile, const char *name, uint32_t errnum)
{
	const struct refused_call *call = policy_refusal_find(&profile->policy, name);
	uint32_t other = filter_answer_default(&profile->filter);
	size_t i;

	if ((other & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		other &= SECCOMP_RET_DATA;
	else
		other = 0;
	for (i = 0; call && i < call->count; i++)
		if (answer_errnum(call->answers[i].action, call->answers[i].errnum) == errnum)
			return errnum != other;
	return false;
}

static bool is_refused(const struct enforced_profile *profile, enum abi abi, uint32_t nr,
		       uint32_t errnum)
{
	const char *name = syscall_name(abi, nr);
	const struct rule *rule = name ? policy_find(&profile->policy, name) : NULL;

	if (profile->defaults.is_open) /* a list of what is denied has nothing but rules */
		return rule && rule->is_refused;
	if (rule && rule->is_refused)
		return answer_errnum(rule->action, rule->errnum) == errnum;
	return name && refuses_some(profile, name, errnum);
}

/* Its exe is borrowed. */
static void denial_add(struct enforced_result *result, const struct denial *denial)
{
	result->denials =
		xrealloc(result->denials, result->denial_count + 1, sizeof(*result->denials));
	result->denials[result->denial_count] = *denial;
	result->denials[result->denial_count++].exe = denial->exe ? xstrdup(denial->exe) : NULL;
}

int denial_compare(const void *a, const void *b)
{
	const struct denial *one = a, *other = b;
	int order = number_compare(one->kind, other->kind);

	if (!order)
		order = number_compare(one->abi, other->abi);
	if (!order)
		order = number_compare(one->nr, other->nr);
	if (!order)
		order = number_compare(one->errnum, other->errnum);
	return order ? order : strcmp(one->exe ?: "", other->exe ?: "");
}

/* Sorts, and makes one of those that differ in nothing: they were of several phases. */
static void denials_settle(struct enforced_result *result)
{
	size_t i, kept = 0;

	if (!result->denial_count)
		return;
	qsort(result->denials, result->denial_count, sizeof(*result->denials), denial_compare);
	for (i = 1; i < result->denial_count; i++) {
		if (denial_compare(&result->denials[kept], &result->denials[i])) {
			result->denials[++kept] = result->denials[i];
			continue;
		}
		result->denials[kept].count += result->denials[i].count;
		free(result->denials[i].exe);
	}
	result->denial_count = kept + 1;
}

/* The execve itself, where the filter answered it: nothing of the command's was traced yet. */
static void denial_add_execve(const struct enforced *enforced, int code,
			      struct enforced_result *result)
{
	struct seccomp_data data = {.nr = SYS_execve, .arch = seccomp_arch_native()};
	uint32_t answer = filter_answer(&enforced->profile->filter, &data);
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;
	struct denial denial = {.nr = SYS_execve, .count = 1, .errnum = (uint32_t)-code};

	if (action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG ||
	    (action == SECCOMP_RET_ERRNO && (answer & SECCOMP_RET_DATA) != denial.errnum) ||
	    (action != SECCOMP_RET_ERRNO && code))
		return;
	if (is_refused(enforced->profile, ABI_X86_64, denial.nr, denial.errnum))
		denial.kind = DENIAL_RULE;
	denial_add(result, &denial);
}

static void model_denials(const struct enforced *enforced, struct enforced_result *result)
{
	const struct fact *facts;
	size_t count = model_facts(result->model, FACT_DENIED, &facts), i;

	for (i = 0; i < count; i++) {
		struct denial denial = {
			.abi = facts[i].denied.abi,
			.nr = facts[i].denied.nr,
			.errnum = facts[i].denied.errnum,
			.count = facts[i].denied.count,
			.exe = (char *)facts[i].exe,
		};

		if (is_refused(enforced->profile, denial.abi, denial.nr, denial.errnum))
			denial.kind = DENIAL_RULE;
		denial_add(result, &denial);
	}
}

static void blind_denials(const struct enforced *enforced, const struct blind *blind,
			  struct enforced_result *result)
{
	size_t i;

	for (i = 0; i < blind->listener.count; i++) {
		const struct asked *asked = &blind->listener.asked[i];
		bool is_logged = (asked->answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_LOG;
		struct denial denial = {
			.kind = is_logged ? DENIAL_LOGGED : DENIAL_DEFAULT,
			.abi = asked->abi,
			.nr = asked->nr,
			.errnum = is_logged ? 0 : asked->answer & SECCOMP_RET_DATA,
			.count = asked->count,
			.exe = blind->outcome == 0 ? asked->exe : NULL, /* else it is still us */
		};

		if (!is_logged &&
		    is_refused(enforced->profile, denial.abi, denial.nr, denial.errnum))
			denial.kind = DENIAL_RULE;
		denial_add(result, &denial);
	}
}

/* ---- running ----------------------------------------------------------------------------- */

static int status_of_failure(int r)
{
	return r == -ENOENT ? EXIT_NOT_FOUND : EXIT_NO_EXEC;
}

static int run_traced(const struct enforced *enforced, const struct confine *confine,
		      struct enforced_result *ret, bool *ret_has_run, struct err *err)
{
	struct recorder recorder = {.model = model_new(),
				    .options = {.output = enforced->output,
						.ring_size = RING_SIZE,
						.runs = 1,
						.args = ARGS_SAFE,
						.command = enforced->command,
						.confine = confine}};
	struct session session = {.leaf.lock = -1, .mark.fd = -1, .path = xstrdup(enforced->path)};
	sigset_t mask;
	int r = session_run(&session, &recorder, &mask, err);

	*ret_has_run = session.is_released;
	ret->has_started = session.has_started;
	if (session.has_started && r >= 0) {
		ret->model = take(recorder.model);
		ret->complete = session.is_complete;
		ret->status =
			session.end.status >= 0 ? session.end.status : 128 + session.end.signal;
		model_denials(enforced, ret);
	} else if (session.is_released && r >= 0) {
		waitpid(session.command.pid, NULL, 0);
		ret->status = r;
		ret->complete = true;
		denial_add_execve(enforced, session.command.code, ret);
	}
	session_free(&session);
	recorder_drop(&recorder);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return r < 0 ? r : 0;
}

static bool default_is(const struct enforced_profile *profile, uint32_t action)
{
	return (filter_answer_default(&profile->filter) & SECCOMP_RET_ACTION_FULL) == action;
}

/* What is let through is no denial to the tracer: seccomp is asked, whoever we are. */
static bool is_logging(const struct enforced_profile *profile)
{
	return default_is(profile, SECCOMP_RET_LOG);
}

static bool wants_no_trace(const struct enforced *enforced)
{
	return enforced->no_trace || is_logging(enforced->profile);
}

/* What is not known of a run that was not traced. */
static char *blind_words(const struct enforced *enforced, const struct blind *blind, bool asks,
			 const char *why, bool *ret_complete)
{
	*ret_complete = false;
	if (!asks)
		return xasprintf("%s: what was denied is not told, only how the command ended",
				 why);
	if (blind->refused)
		return xasprintf("%s, and seccomp does not tell either (%s): what was denied is "
				 "not told",
				 why, strerror(-blind->refused));
	if (blind->listener.lost)
		return xasprintf("%s, and there were more kinds of calls than can be counted: %llu "
				 "denied calls are not told",
				 why, (unsigned long long)blind->listener.lost);
	*ret_complete = true;
	if (wants_no_trace(enforced))
		return NULL;
	return xasprintf("%s: what was denied is told by seccomp itself, but not what killed a "
			 "process",
			 why);
}

static int run_blind(const struct enforced *enforced, const struct confine *confine,
		     const char *why, struct enforced_result *ret, struct err *err)
{
	bool asks = is_logging(enforced->profile) ||
		    default_is(enforced->profile, SECCOMP_RET_ERRNO) ||
		    default_is(enforced->profile, SECCOMP_RET_ALLOW);
	struct confine own = *confine;
	struct filter asking = {};
	struct blind blind;
	int r;

	if (asks) {
		filter_notify(&enforced->profile->filter, is_logging(enforced->profile), &asking);
		own.asking = (struct sock_fprog){asking.length, asking.code};
	}
	r = blind_run(enforced, &own, &blind, err);
	if (r == 0 && blind.outcome == -EPERM) {
		*err = blind.why;
		r = -EPERM;
	}
	if (r == 0) {
		ret->is_blind = true;
		ret->has_started = blind.outcome == 0;
		ret->status = ret->has_started ? blind.status : status_of_failure(blind.outcome);
		ret->blind = blind_words(enforced, &blind, asks, why, &ret->complete);
		blind_denials(enforced, &blind, ret);
	}
	if (r == 0 && !ret->has_started) {
		say("%s", blind.why.text);
		if (!blind.listener.count)
			denial_add_execve(enforced, blind.code, ret);
	}
	listener_drop(&blind.listener);
	filter_drop(&asking);
	return r;
}

static bool may_trace(const struct enforced *enforced, struct err *why)
{
	if (!wants_no_trace(enforced))
		return features_permit(why) == 0;
	err_set(why, 0, "the command is not traced");
	return false;
}

int enforced_run(const struct enforced *enforced, struct enforced_result *ret, struct err *err)
{
	const struct filter *filter = &enforced->profile->filter;
	struct confine confine = {.filter = {filter->length, filter->code},
				  .apparmor = enforced->apparmor};
	struct enforced_result result = {};
	bool has_run = false, traces;
	struct err why = {};
	int r = 0;

	fflush(NULL);
	traces = may_trace(enforced, &why);
	if (traces)
		r = run_traced(enforced, &confine, &result, &has_run, &why);
	else if (enforced->output)
		r = -EPERM;
	if (r < 0 && (has_run || enforced->output))
		*err = why;
	else if (r < 0 || !traces)
		r = run_blind(enforced, &confine, why.text, &result, err);
	denials_settle(&result);
	if (r < 0)
		enforced_result_drop(&result);
	else
		*ret = result;
	return r;
}

void enforced_result_drop(struct enforced_result *result)
{
	size_t i;

	for (i = 0; i < result->denial_count; i++)
		free(result->denials[i].exe);
	free(result->denials);
	free(result->blind);
	model_free(result->model);
	*result = (struct enforced_result){};
}

bool enforced_denied(const struct enforced_result *result)
{
	size_t i;

	for (i = 0; i < result->denial_count; i++)
		if (result->denials[i].kind != DENIAL_RULE)
			return true;
	return false;
}
