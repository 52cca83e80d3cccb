/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A checked profile to classic BPF, by libseccomp, as the runtimes do it: the native ABI is always
 * in; a rule whose action is the default one says nothing; conditions on the same argument are
 * alternatives; an ABI that is not listed stays with libseccomp's answer, which is to kill.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filter_json.h"
#include "model/text.h"
#include "tables/tables.h"

#define PROFILE_SIZE_MAX (4u << 20)

/* ABI_COUNT where no table of ours is of that architecture. */
static enum abi abi_of(uint32_t arch)
{
	enum abi abi = 0;

	while (abi < ABI_COUNT && abi_scmp_token(abi) != arch)
		abi++;
	return abi;
}

/* Names of other ABIs are usual in profiles; wholly unknown ones are not. */
static bool is_elsewhere(const char *name, uint32_t arch)
{
	enum abi abi = abi_of(arch);
	uint32_t number;

	if (seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
		return true;
	return syscall_is_known(name) && abi < ABI_COUNT && !syscall_number(abi, name, &number);
}

static void name_warn(const struct filter_options *options, const char *name, uint32_t arch)
{
	enum abi abi = abi_of(arch);
	char *shown;

	if (!options->warn)
		return;
	shown = text_printable(name);
	options->warn(options->warn_ctx, "%.60s: no system call of %s is called that here; ignored",
		      shown, abi < ABI_COUNT ? abi_scmp_name(abi) : "this architecture");
	free(shown);
}

/*
 * The number to give libseccomp, which is one of the native ABI's for every ABI; false where there
 * is none. A call that is newer than libseccomp is found in our own table, but only natively: for
 * another ABI libseccomp goes by names alone.
 */
static bool number_of(const char *name, uint32_t arch, int *ret)
{
	enum abi abi = abi_of(arch);
	uint32_t number;
	int found = seccomp_syscall_resolve_name_arch(arch, name);

	if (found != __NR_SCMP_ERROR) {
		*ret = seccomp_syscall_resolve_name(name);
		return *ret != __NR_SCMP_ERROR;
	}
	if (arch != seccomp_arch_native() || abi == ABI_COUNT ||
	    !syscall_number(abi, name, &number))
		return false;
	*ret = (int)number;
	return true;
}

static int number_add(scmp_filter_ctx ctx, const struct profile_rule *rule, int number)
{
	unsigned int i;
	int r = 0;

	if (!profile_rule_repeats(rule))
		return seccomp_rule_add_array(ctx, rule->action, number, rule->arg_count,
					      rule->args);
	for (i = 0; i < rule->arg_count && !r; i++)
		r = seccomp_rule_add_array(ctx, rule->action, number, 1, &rule->args[i]);
	return r;
}

static int rule_add(scmp_filter_ctx ctx, uint32_t arch, const struct profile_rule *rule,
		    const struct filter_options *options, struct err *err)
{
	_cleanup_free_ char *shown = NULL;
	int number, r;
	size_t i;

	for (i = 0; i < rule->name_count; i++) {
		if (!number_of(rule->names[i], arch, &number)) {
			if (!is_elsewhere(rule->names[i], arch))
				name_warn(options, rule->names[i], arch);
			continue;
		}
		r = number_add(ctx, rule, number);
		if (!r)
			continue;
		shown = text_printable(rule->names[i]);
		return err_errno(err, r, "libseccomp refuses the rule for %.60s", shown);
	}
	return 0;
}

/* A context for one ABI. The caller releases *ret. */
static int context_make(const struct profile_json *profile, uint32_t arch, uint32_t action,
			const struct filter_options *options, scmp_filter_ctx *ret, struct err *err)
{
	scmp_filter_ctx ctx = seccomp_init(action);
	int r = 0;
	size_t i;

	if (!ctx)
		return err_set(err, -EINVAL, "libseccomp refuses the default action");
	if (arch != seccomp_arch_native()) {
		r = seccomp_arch_remove(ctx, seccomp_arch_native());
		if (!r)
			r = seccomp_arch_add(ctx, arch);
		if (r)
			err_errno(err, r, "libseccomp refuses an architecture");
	}
	for (i = 0; i < profile->rule_count && !r; i++)
		if (profile->rules[i].action != action)
			r = rule_add(ctx, arch, &profile->rules[i], options, err);
	if (r)
		seccomp_release(ctx);
	else
		*ret = ctx;
	return r;
}

static int default_action(const struct profile_json *profile, enum filter_action wanted,
			  uint32_t *ret, struct err *err)
{
	bool is_errno = (profile->default_action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;

	*ret = profile->default_action;
	if (wanted == FILTER_AS_WRITTEN)
		return 0;
	if (profile->default_action == SCMP_ACT_ALLOW)
		return err_set(err, -EINVAL,
			       "the profile is a list of what is denied (defaultAction "
			       "SCMP_ACT_ALLOW): --action is for lists of what is allowed");
	if (wanted == FILTER_KILL)
		*ret = SCMP_ACT_KILL_PROCESS;
	else if (wanted == FILTER_LOG)
		*ret = SCMP_ACT_LOG;
	else if (!is_errno || !profile->has_errno)
		*ret = SCMP_ACT_ERRNO(ENOSYS);
	return 0;
}

/* libseccomp and the runtimes filter the machine's own calls, listed or not. */
static void native_warn(const struct profile_json *profile, const struct filter_options *options)
{
	size_t i;

	for (i = 0; i < profile->arch_count; i++)
		if (profile->archs[i] == seccomp_arch_native())
			return;
	if (profile->arch_count && options->warn)
		options->warn(
			options->warn_ctx,
			"the profile is for other architectures than this machine's: its names "
			"are taken for calls of this one");
}

/* The contexts of all ABIs in one. */
static int contexts_merge(const struct profile_json *profile, const struct filter_options *options,
			  scmp_filter_ctx *ret, struct err *err)
{
	scmp_filter_ctx all = NULL, one = NULL;
	uint32_t action;
	size_t i;
	int r = default_action(profile, options->action, &action, err);

	native_warn(profile, options);
	if (!r)
		r = context_make(profile, seccomp_arch_native(), action, options, &all, err);
	for (i = 0; i < profile->arch_count && !r; i++) {
		if (profile->archs[i] == seccomp_arch_native())
			continue;
		r = context_make(profile, profile->archs[i], action, options, &one, err);
		if (r)
			break;
		r = seccomp_merge(all, one); /* releases it, where it succeeds */
		if (r) {
			seccomp_release(one);
			err_errno(err, r, "libseccomp refuses an architecture");
		}
	}
	if (r && all)
		seccomp_release(all);
	else if (!r)
		*ret = all;
	return r;
}

typedef int export_fn(const scmp_filter_ctx ctx, int fd);

/* libseccomp writes to descriptors only. The caller frees *ret. */
static int context_export(scmp_filter_ctx ctx, export_fn *export, char **ret, size_t *ret_size,
			  struct err *err)
{
	_cleanup_close_ int fd = memfd_create("leastcall-filter", MFD_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	struct stat status;
	ssize_t got;
	int r;

	if (fd < 0)
		return err_errno(err, -errno, "cannot make room for a filter");
	r = export(ctx, fd);
	if (r)
		return err_errno(err, r, "libseccomp cannot make the filter");
	if (fstat(fd, &status) < 0)
		return err_errno(err, -errno, "cannot read the filter");
	text = xcalloc((size_t)status.st_size, 1);
	got = pread(fd, text, (size_t)status.st_size, 0);
	if (got != status.st_size)
		return err_errno(err, got < 0 ? -errno : -EIO, "cannot read the filter");
	*ret = take(text);
	*ret_size = (size_t)got;
	return 0;
}

static int profile_export(const char *json, size_t size, const struct filter_options *options,
			  export_fn *export, char **ret, size_t *ret_size, struct err *err)
{
	struct profile_json profile;
	scmp_filter_ctx ctx = NULL;
	int r = profile_json_parse(json, size, options, &profile, err);

	if (r)
		return r;
	r = contexts_merge(&profile, options, &ctx, err);
	if (!r)
		r = context_export(ctx, export, ret, ret_size, err);
	if (ctx)
		seccomp_release(ctx);
	profile_json_drop(&profile);
	return r;
}

int filter_compile(const char *json, size_t size, const struct filter_options *options,
		   struct filter *ret, struct err *err)
{
	_cleanup_free_ char *code = NULL;
	size_t length;
	int r = profile_export(json, size, options, seccomp_export_bpf, &code, &size, err);

	if (r)
		return r;
	length = size / sizeof(*ret->code);
	if (length > BPF_MAXINSNS)
		return err_set(err, -E2BIG, "the filter has %zu instructions, the kernel takes %d",
			       length, BPF_MAXINSNS);
	*ret = (struct filter){(void *)take(code), (unsigned short)length};
	return 0;
}

int filter_describe(const char *json, size_t size, const struct filter_options *options, char **ret,
		    struct err *err)
{
	_cleanup_free_ char *text = NULL;
	int r = profile_export(json, size, options, seccomp_export_pfc, &text, &size, err);

	if (!r)
		*ret = xstrndup(text, size);
	return r;
}

int profile_read_from(int fd, const char *name, char **ret, size_t *ret_size, struct err *err)
{
	char *text = xcalloc(PROFILE_SIZE_MAX + 2, 1);
	size_t size = 0;
	ssize_t got;

	do {
		got = read(fd, text + size, PROFILE_SIZE_MAX + 1 - size);
		size += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0 || size > PROFILE_SIZE_MAX) {
		free(text);
		return err_errno(err, got < 0 ? -errno : -EFBIG, "cannot read %s", name);
	}
	*ret = text;
	*ret_size = size;
	return 0;
}

int profile_read(const char *path, char **ret, size_t *ret_size, struct err *err)
{
	_cleanup_close_ int fd = -1;

	if (!strcmp(path, "-"))
		return profile_read_from(STDIN_FILENO, "stdin", ret, ret_size, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, -errno, "cannot read %s", path);
	return profile_read_from(fd, path, ret, ret_size, err);
}

int profile_failed(const char *name, const char *text, int r, struct err *err)
{
	if (!strncmp(text, "{\"fact\":", 8))
		err_set(err, r,
			"it is a recording: leastcall profile seccomp makes a profile of it");
	return err_prefix(err, r, "%s", name);
}

int filter_read(const char *path, const struct filter_options *options, struct filter *ret,
		struct err *err)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	int r = profile_read(path, &text, &size, err);

	if (r)
		return r;
	r = filter_compile(text, size, options, ret, err);
	return r ? profile_failed(path, text, r, err) : 0;
}

void filter_drop(struct filter *filter)
{
	free(filter->code);
	*filter = (struct filter){};
}
