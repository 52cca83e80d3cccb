/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A recording against its own AppArmor profile, read back: all that was done is allowed, and what nobody
 * did and nobody should is not. Knows nothing of how the profile was made. Of the tests and the fuzzer.
 */
#ifndef LEASTCALL_REPLAY_H
#define LEASTCALL_REPLAY_H

#include <stdlib.h>
#include <string.h>

#include "emit/apparmor_accesses.h"

/* What no profile allows unless it was done. */
static const struct {
	const char *path;
	uint32_t perms;
} replay_canaries[] = {
	{"/etc/shadow", PERM_READ},
	{"/etc/gshadow", PERM_READ},
	{"/etc/passwd", PERM_WRITE},
	{"/etc/sudoers", PERM_READ},
	{"/etc/ld.so.preload", PERM_WRITE},
	{"/etc/ssh/ssh_host_rsa_key", PERM_READ},
	{"/root"
	 "/.ssh/id_rsa",
	 PERM_READ},
	{"/root"
	 "/.ssh/authorized_keys",
	 PERM_WRITE},
	{"/home/somebody/.ssh/id_ed25519", PERM_READ},
	{"/root/", PERM_READ},
	{"/usr/bin/never-seen", PERM_WRITE},
	{"/usr/bin/never-seen", PERM_EXEC},
	{"/usr/lib/x86_64-linux-gnu/libc.so.6", PERM_WRITE},
	{"/tmp/never-seen-before", PERM_READ},
	{"/tmp/never-seen-before", PERM_EXEC},
	{"/proc/sys/kernel/core_pattern", PERM_WRITE},
	{"/proc/kcore", PERM_READ},
	{"/proc/sysrq-trigger", PERM_WRITE},
	{"/sys/kernel/uevent_helper", PERM_WRITE},
	{"/dev/mem", PERM_READ},
	{"/dev/sda", PERM_READ},
	{"/var/spool/cron/root", PERM_WRITE},
	{"/usr/bin/dd", PERM_WRITE},
	{"/run/containerd/containerd.sock", PERM_WRITE},
	{"/var/run/containerd/containerd.sock", PERM_READ},
	{"/run/docker.sock", PERM_WRITE},
	{"/var/run/docker.sock", PERM_READ},
};

static const struct {
	const char *rule;
	enum fact_kind kind; /* facts that may ask for it */
	uint32_t number;     /* the capability, the family */
} replay_rules[] = {
	{"capability sys_admin,", FACT_CAPABILITY, 21},
	{"capability sys_module,", FACT_CAPABILITY, 16},
	{"capability sys_ptrace,", FACT_CAPABILITY, 19},
	{"network packet raw,", FACT_SOCKET, 17},
	{"network alg seqpacket,", FACT_SOCKET, 38},
	{"mount,", FACT_OPERATION, 0},
	{"ptrace (trace) peer=unconfined,", FACT_OPERATION, 0},
	{"signal (send) peer=unconfined,", FACT_OPERATION, 0},
	{"change_profile -> unconfined,", FACT_OPERATION, 0},
};

/* May one of the facts have asked for it? Of operations any may: their rules are other tests' matter. */
static inline bool replay_asked(const struct model *model, enum fact_kind kind, uint32_t number)
{
	const struct fact *facts;
	size_t count = model_facts(model, kind, &facts), i;

	for (i = 0; i < count; i++)
		if (kind == FACT_OPERATION ||
		    (kind == FACT_CAPABILITY ? facts[i].capability.capability
					     : facts[i].socket.family) == number)
			return true;
	return false;
}

static inline bool replay_did(const struct accesses *accesses, const char *path, uint32_t perms)
{
	size_t i;

	for (i = 0; i < accesses->count; i++)
		if (!strcmp(accesses->list[i].path, path) && accesses->list[i].perms & perms)
			return true;
	return false;
}

static inline char *replay_canary(const struct aa_file *file, size_t profile,
				  const struct model *model, const struct accesses *accesses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(replay_canaries); i++) {
		struct aa_access canary = {.path = replay_canaries[i].path,
					   .perms = replay_canaries[i].perms,
					   .owner = true,
					   .child = true};

		if (!replay_did(accesses, canary.path, canary.perms) &&
		    !(aa_profile_lacks(file, profile, &canary, NULL) & canary.perms))
			return xasprintf("%s is allowed with %x, and was not recorded", canary.path,
					 canary.perms);
	}
	for (i = 0; i < ARRAY_SIZE(replay_rules); i++) {
		_cleanup_free_ char *text = xasprintf("profile x {\n%s\n}\n", replay_rules[i].rule);
		struct aa_file other = {};
		struct err err;
		bool covers;

		if (aa_file_parse("x", text, strlen(text), NULL, &other, &err))
			return xstrdup(err.text);
		covers = aa_profile_covers(file, profile, &other, &other.rules[0]);
		aa_file_drop(&other);
		if (covers && !replay_asked(model, replay_rules[i].kind, replay_rules[i].number))
			return xasprintf("%s is allowed, and was not recorded",
					 replay_rules[i].rule);
	}
	return NULL;
}

/* Rules that are not understood, or match nothing, would hide what they allow. */
static inline char *replay_sound(const struct aa_file *file)
{
	size_t i;

	for (i = 0; i < file->rule_count; i++)
		if (file->rules[i].class == AA_OTHER || file->rules[i].trouble)
			return xasprintf("line %u: %s", file->rules[i].line,
					 file->rules[i].trouble ? file->rules[i].trouble
								: "a rule that is none");
	return NULL;
}

/*
 * The form of any profile that is written, whatever its options are: NULL, or what is wrong, for the
 * caller to free. One profile, and within it at most `children`; nothing is denied, and no rule is of a
 * kind that nobody's doings can ask for.
 */
static inline char *replay_form(const char *text, size_t children)
{
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};
	size_t i, own = 0;
	char *wrong;

	if (aa_file_parse("profile", text, strlen(text), NULL, &file, &err))
		return xstrdup(err.text);
	wrong = replay_sound(&file);
	if (wrong)
		return wrong;
	for (i = 0; i < file.profile_count; i++) {
		own += !file.profiles[i].is_included;
		if (i && !file.profiles[i].is_included && file.profiles[i].parent != 0)
			return xasprintf("a profile of its own: %s", file.profiles[i].name);
	}
	if (!own || own > 1 + children)
		return xasprintf("%zu profiles", own);
	for (i = 0; i < file.rule_count; i++) {
		const struct aa_rule *rule = &file.rules[i];

		if (rule->source)
			continue;
		if (rule->deny || rule->audit || rule->class == AA_DBUS ||
		    rule->class == AA_RLIMIT || rule->class == AA_ALL ||
		    (rule->profile == AA_NONE && rule->class != AA_ABI))
			return xasprintf("line %u: %s", rule->line, aa_class_names[rule->class]);
	}
	return NULL;
}

/*
 * NULL where the profile is as it should be, else what is wrong, for the caller to free. `dir`: where
 * its includes are read; NULL: those of our own.
 */
static inline char *replay(const struct model *model, const char *workload, const char *text,
			   const char *dir)
{
	_cleanup_accesses_ struct accesses accesses = {};
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};
	char *wrong;
	size_t i;

	if (aa_file_parse("profile", text, strlen(text), dir, &file, &err))
		return xstrdup(err.text);
	if (!file.profile_count)
		return xstrdup("no profile");
	wrong = replay_sound(&file);
	if (wrong)
		return wrong;
	accesses_gather(model, workload, &accesses);
	for (i = 0; i < accesses.count; i++) {
		uint32_t lacks = aa_profile_lacks(&file, 0, &accesses.list[i], NULL);
		char letters[8];

		if (lacks)
			return xasprintf("%.200s lacks %s", accesses.list[i].path,
					 perms_text(lacks, letters));
	}
	return replay_canary(&file, 0, model, &accesses);
}

#endif
