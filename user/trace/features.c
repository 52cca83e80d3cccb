/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rows of features.h: how each is tried, and what is lost without it. What is done then, the
 * tracer and the commands know.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "cgroup.h"
#include "confinement.h"
#include "features.h"
#include "preempt.h"
#include "tables/tables.h"
#include "tracefs.h"

static uint64_t capabilities_effective(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	if (syscall(SYS_capget, &header, data) != 0)
		return 0;
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

int features_permit(struct err *err)
{
	uint64_t have = capabilities_effective();
	bool bpf = have & 1ull << CAP_BPF, perfmon = have & 1ull << CAP_PERFMON;

	if (have & 1ull << CAP_SYS_ADMIN || (bpf && perfmon))
		return 0;
	return err_set(
		err, -EPERM,
		"not permitted to trace: %s%s%s missing; run it as root (sudo leastcall ...)",
		bpf ? "" : "CAP_BPF", bpf || perfmon ? "" : " and ",
		perfmon ? (bpf ? "" : " is") : (bpf ? "CAP_PERFMON is" : "CAP_PERFMON are"));
}

static bool has_permission(struct err *why)
{
	return features_permit(why) == 0;
}

static bool has_btf(struct err *why)
{
	struct btf *btf = btf__load_vmlinux_btf();

	if (!btf && access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		err_errno(why, -errno, "/sys/kernel/btf/vmlinux");
	else if (!btf)
		err_set(why, 0, "/sys/kernel/btf/vmlinux describes no types");
	btf__free(btf);
	return btf;
}

static bool has_ring_buffer(struct err *why)
{
	(void)why;
	return libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) == 1;
}

static bool has_raw_tracepoints(struct err *why)
{
	struct preempt preempt;

	if (preempt_probe(&preempt, why) < 0)
		return false;
	if (preempt.preemptible)
		err_set(why, 0, "they run preemptibly here and would lose calls");
	return !preempt.preemptible;
}

/* What the recorder attaches to: raw tracepoints, or classic ones where those would lose calls. */
static bool has_tracepoints(struct err *why)
{
	struct preempt preempt;
	int fd;

	if (preempt_probe(&preempt, why) < 0)
		return false;
	if (!preempt.preemptible)
		return true;
	fd = tracepoint_open("raw_syscalls", "sys_enter", why);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* What the kernel side calls and Linux 5.10 did not have; which release brought it: its own history. */
static bool has_helpers(struct err *why)
{
	static const struct {
		enum bpf_func_id id;
		const char *name;
	} rows[] = {
		{BPF_FUNC_get_current_task_btf, "bpf_get_current_task_btf (Linux 5.11)"},
		{BPF_FUNC_task_storage_get, "bpf_task_storage_get (5.11)"},
		{BPF_FUNC_task_pt_regs, "bpf_task_pt_regs (5.15)"},
		{BPF_FUNC_loop, "bpf_loop (5.17)"},
		{BPF_FUNC_find_vma, "bpf_find_vma (5.17)"},
		{BPF_FUNC_strncmp, "bpf_strncmp (5.17)"},
	};
	_cleanup_free_ char *missing = xstrdup("");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *before = missing;

		if (libbpf_probe_bpf_helper(BPF_PROG_TYPE_TRACEPOINT, rows[i].id, NULL) == 1)
			continue;
		missing = xasprintf("%s%s%s", before, *before ? ", " : "", rows[i].name);
		free(before);
	}
	if (*missing)
		err_set(why, 0, "this kernel's tracing programs lack %s", missing);
	return !*missing;
}

static bool has_cgroup(struct err *why)
{
	struct cgroup_hierarchy hierarchy = {};
	bool has = cgroup_hierarchy_find(&hierarchy, why) == 0;

	cgroup_hierarchy_drop(&hierarchy);
	return has;
}

static bool has_cgroup_leaf(struct err *why)
{
	struct cgroup_hierarchy hierarchy = {};
	struct cgroup_leaf leaf;
	bool has = cgroup_hierarchy_find(&hierarchy, why) == 0 &&
		   cgroup_leaf_make(&hierarchy, &leaf, why) == 0;

	if (has)
		cgroup_leaf_remove(&leaf);
	cgroup_hierarchy_drop(&hierarchy);
	return has;
}

static bool has_seccomp_kill(struct err *why)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/kernel/seccomp/actions_avail", "re");
	char line[256];

	(void)why;
	return file && fgets(line, sizeof(line), file) && strstr(line, "kill_process");
}

static bool has_apparmor(struct err *why)
{
	(void)why;
	return apparmor_is_on();
}

const struct feature features[] = {
	{"permission", "this user may load BPF programs and trace",
	 "nothing can be recorded: run leastcall as root", true, has_permission},
	{"btf", "the kernel describes its own types (BTF)",
	 "nothing can be recorded: where it is only hidden, name a copy with --btf; where the "
	 "kernel was built without it (CONFIG_DEBUG_INFO_BTF), no file replaces it",
	 true, has_btf},
	{"ring-buffer", "BPF ring buffers (Linux 5.8)", "nothing can be recorded", true,
	 has_ring_buffer},
	{"helpers",
	 "BPF programs can keep state with a task, read its registers and loop (Linux 5.17)",
	 "recording works all the same (Linux 5.10), at a higher price; of what io_uring does, "
	 "only "
	 "the opcode is seen",
	 false, has_helpers},
	{"tracepoints", "system calls can be traced without losing any", "nothing can be recorded",
	 true, has_tracepoints},
	{"raw-tracepoints", "raw tracepoints do: the cheaper way",
	 "classic tracepoints are used instead: safe, and slower by 15 to 25 ns a call", false,
	 has_raw_tracepoints},
	{"cgroups", "a hierarchy of cgroups is mounted: cgroup2, else one of version 1",
	 "no container, pod, unit or cgroup can be recorded, nor all of the host, nor be listed by "
	 "leastcall targets; a command or a process can, as the tree of its processes",
	 false, has_cgroup},
	{"cgroup-leaf", "a command can be put into a cgroup of its own",
	 "a command is recorded as the tree of its processes instead; nothing else is lost", false,
	 has_cgroup_leaf},
	{"seccomp", "seccomp filters that can kill a process (Linux 4.14)",
	 "leastcall run can't enforce a profile here", false, has_seccomp_kill},
	{"apparmor", "AppArmor is on", "AppArmor profiles can be written here, not enforced", false,
	 has_apparmor},
};
const size_t features_count = ARRAY_SIZE(features);

int features_excuse(int code, struct err *err)
{
	for (size_t i = 0; i < features_count; i++) {
		struct err why = {};

		if (!features[i].needed || features[i].probe(&why))
			continue;
		return err_set(err, code, "%s%s%s (see leastcall doctor)", features[i].without,
			       *why.text ? ": " : "", why.text);
	}
	return code;
}
