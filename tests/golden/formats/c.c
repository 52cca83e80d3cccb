/*
 * leastcall: what workload "Web "+/\012\134\134:#" called.
 * Build with -lseccomp. Call it once, before threads are started; 0, or a negative errno.
 */
#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>

struct leastcall_rule {
	const char *name;
	int number; /* for a libseccomp that does not know the name; -1: none */
	uint32_t action;
	unsigned int count;
	struct scmp_arg_cmp args[6];
};

static const struct leastcall_rule leastcall_rules[] = {
	{"brk", 12, SCMP_ACT_ALLOW, 0, {{0}}},
	{"chown", 92, SCMP_ACT_ALLOW, 0, {{0}}},
	{"clone", 56, SCMP_ACT_ALLOW, 1, {{0, SCMP_CMP_MASKED_EQ, 0x7e020000u, 0x0u}}},
	{"clone3", 435, SCMP_ACT_ERRNO(38), 0, {{0}}},
	{"close", 3, SCMP_ACT_ALLOW, 0, {{0}}},
	{"close_range", 436, SCMP_ACT_ALLOW, 0, {{0}}},
	{"execve", 59, SCMP_ACT_ALLOW, 0, {{0}}},
	{"exit_group", 231, SCMP_ACT_ALLOW, 0, {{0}}},
	{"fchown", 93, SCMP_ACT_ALLOW, 0, {{0}}},
	{"fchownat", 260, SCMP_ACT_ALLOW, 0, {{0}}},
	{"lchown", 94, SCMP_ACT_ALLOW, 0, {{0}}},
	{"mseal", 462, SCMP_ACT_ALLOW, 0, {{0}}},
	{"nanosleep", 35, SCMP_ACT_ALLOW, 0, {{0}}},
	{"openat", 257, SCMP_ACT_ALLOW, 0, {{0}}},
	{"personality", 135, SCMP_ACT_ALLOW, 1, {{0, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0xffffffffu}}},
	{"prctl", 157, SCMP_ACT_ALLOW, 1, {{0, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0xfu}}},
	{"read", 0, SCMP_ACT_ALLOW, 0, {{0}}},
	{"socket", 41, SCMP_ACT_ALLOW, 2, {{0, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0x1u}, {1, SCMP_CMP_MASKED_EQ, 0xfu, 0x5u}}},
	{"socket", 41, SCMP_ACT_ALLOW, 2, {{0, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0x2u}, {1, SCMP_CMP_MASKED_EQ, 0xfu, 0x1u}}},
	{"socket", 41, SCMP_ACT_ALLOW, 3, {{0, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0x10u}, {1, SCMP_CMP_MASKED_EQ, 0xfu, 0x3u}, {2, SCMP_CMP_MASKED_EQ, 0xffffffffu, 0x9u}}},
	{"write", 1, SCMP_ACT_ALLOW, 0, {{0}}},
};

static const uint32_t leastcall_archs[] = {SCMP_ARCH_X86_64, };
#define LEASTCALL_ARCH SCMP_ARCH_X86_64 /* whose numbers these are */
#define LEASTCALL_DEFAULT SCMP_ACT_ERRNO(38)

/* The rules in a filter of one architecture. */
static int leastcall_rules_add(scmp_filter_ctx ctx, uint32_t arch)
{
	size_t i;

	for (i = 0; i < sizeof(leastcall_rules) / sizeof(*leastcall_rules); i++) {
		const struct leastcall_rule *rule = &leastcall_rules[i];
		int number = seccomp_syscall_resolve_name(rule->name), r;

		if (number == __NR_SCMP_ERROR && arch == LEASTCALL_ARCH &&
		    arch == seccomp_arch_native())
			number = rule->number;
		/* libseccomp refuses rules that say what the default says. */
		if (number == __NR_SCMP_ERROR || rule->action == LEASTCALL_DEFAULT)
			continue;
		r = seccomp_rule_add_array(ctx, rule->action, number, rule->count, rule->args);
		if (r)
			return r;
	}
	return 0;
}

/* One more architecture into the filter. */
static int leastcall_arch_add(scmp_filter_ctx ctx, uint32_t arch)
{
	scmp_filter_ctx one = seccomp_init(LEASTCALL_DEFAULT);
	int r = one ? 0 : -ENOMEM;

	if (!r)
		r = seccomp_arch_remove(one, seccomp_arch_native());
	if (!r)
		r = seccomp_arch_add(one, arch);
	if (!r)
		r = leastcall_rules_add(one, arch);
	if (!r)
		r = seccomp_merge(ctx, one);
	if (r && one)
		seccomp_release(one);
	return r;
}

int leastcall_seccomp_load(void)
{
	scmp_filter_ctx ctx = seccomp_init(LEASTCALL_DEFAULT);
	size_t i;
	int r;

	if (!ctx)
		return -ENOMEM;
	r = leastcall_rules_add(ctx, seccomp_arch_native());
	for (i = 0; i < sizeof(leastcall_archs) / sizeof(*leastcall_archs) && !r; i++)
		if (leastcall_archs[i] != seccomp_arch_native())
			r = leastcall_arch_add(ctx, leastcall_archs[i]);
	if (!r)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return r;
}
