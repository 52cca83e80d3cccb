/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which capability a call asks for, and when: for kernels that do not tell (before Linux 6.14). From
 * capabilities(7) and what the calls do in the kernel's sources; what is known only before the call,
 * or behind a name, has no row.
 */
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

#include "tables/tables.h"
#include "tracer_internal.h"

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET)

static const struct inferred_row {
	const char *name;
	struct inferred_class class; /* the capability, when, the argument */
} inferred_rows[] = {
	{"acct", {CAP_SYS_PACCT, WHEN_ALWAYS, 0, 0, 0}},
	{"adjtimex", {CAP_SYS_TIME, WHEN_FLAGS_BEHIND, 0, 0, UINT32_MAX}},
	{"bind", {CAP_NET_BIND_SERVICE, WHEN_LOW_PORT, 0, 0, 0}},
	{"capset", {0, WHEN_NEVER, 0, 0, 0}},
	{"chown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"chown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"chroot", {CAP_SYS_CHROOT, WHEN_ALWAYS, 0, 0, 0}},
	{"clock_adjtime", {CAP_SYS_TIME, WHEN_FLAGS_BEHIND, 1, 0, UINT32_MAX}},
	{"clock_settime", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"clone", {CAP_SYS_ADMIN, WHEN_FLAGS, 0, 0, NAMESPACES}},
	{"clone3", {CAP_SYS_ADMIN, WHEN_FLAGS_BEHIND, 0, 0, NAMESPACES}},
	{"creat", {0, WHEN_OPENED, 0, 0, 0}},
	{"delete_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"fchmod", {CAP_FOWNER, WHEN_FOREIGN, 0, 0, 0}},
	{"fchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"fchown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"fchownat", {CAP_CHOWN, WHEN_GIVEN_AWAY, 2, 0, 0}},
	{"finit_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"fsmount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"fsopen", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"init_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"ioctl", {CAP_NET_ADMIN, WHEN_NET_REQUEST, 1, 0, 0}},
	{"ioperm", {CAP_SYS_RAWIO, WHEN_FLAGS, 2, 0, UINT32_MAX}},
	{"iopl", {CAP_SYS_RAWIO, WHEN_FLAGS, 0, 0, 3}},
	{"kexec_load", {CAP_SYS_BOOT, WHEN_ALWAYS, 0, 0, 0}},
	{"lchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"lchown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, 0}},
	{"mknod", {CAP_MKNOD, WHEN_DEVICE, 1, 0, 0}},
	{"mknodat", {CAP_MKNOD, WHEN_DEVICE, 2, 0, 0}},
	{"mount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"mount_setattr", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"move_mount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"open", {0, WHEN_OPENED, 0, 0, 0}},
	{"open_by_handle_at", {CAP_DAC_READ_SEARCH, WHEN_ALWAYS, 0, 0, 0}},
	{"open_tree", {CAP_SYS_ADMIN, WHEN_FLAGS, 2, 0, 1 /* OPEN_TREE_CLONE */}},
	{"openat", {0, WHEN_OPENED, 0, 0, 0}},
	{"openat2", {0, WHEN_OPENED, 0, 0, 0}},
	{"pivot_root", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"prctl", {CAP_SETPCAP, WHEN_IS, 0, 0, PR_CAPBSET_DROP}},
	{"reboot", {CAP_SYS_BOOT, WHEN_ALWAYS, 0, 0, 0}},
	{"sched_setscheduler", {CAP_SYS_NICE, WHEN_REALTIME, 1, 0, 0}},
	{"setdomainname", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"setfsgid", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setfsgid32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setfsuid", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setfsuid32", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgid", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgid32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgroups", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgroups32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"sethostname", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"setns", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"setpriority", {CAP_SYS_NICE, WHEN_NEGATIVE, 2, 0, 0}},
	{"setregid", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setregid32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setresgid", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setresgid32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setresuid", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setresuid32", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setreuid", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setreuid32", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setsockopt", {CAP_NET_ADMIN, WHEN_NET_OPTION, 1, 0, 0}},
	{"settimeofday", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"setuid", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setuid32", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"socket", {CAP_NET_RAW, WHEN_RAW, 0, 0, 0}},
	{"swapoff", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"swapon", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"umount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"umount2", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"unshare", {CAP_SYS_ADMIN, WHEN_FLAGS, 0, 0, NAMESPACES}},
	{"vhangup", {CAP_SYS_TTY_CONFIG, WHEN_ALWAYS, 0, 0, 0}},
};
_Static_assert(ARRAY_SIZE(inferred_rows) < INFERRED_CLASSES, "the kernel side has room for them");

static void inferred_set(struct leastcall_bpf *skel, enum abi abi, const char *name, uint8_t class)
{
	unsigned int shift = abi == ABI_I386 ? 8 : 0;
	uint32_t nr;

	if (!syscall_number(abi, name, &nr) || nr >= HOT_CALLS)
		return;
	skel->rodata->inferred_class[abi == ABI_I386][nr] = class;
	if (!(skel->rodata->exit_class[nr] >> shift & 0xff))
		skel->rodata->exit_class[nr] |= CLASS_INFERRED << shift;
}

void inferred_fill(struct leastcall_bpf *skel)
{
	for (size_t i = 0; i < ARRAY_SIZE(inferred_rows); i++) {
		memcpy(&skel->rodata->inferred_classes[i + 1], &inferred_rows[i].class,
		       sizeof(inferred_rows[i].class));
		inferred_set(skel, ABI_X86_64, inferred_rows[i].name, i + 1);
		inferred_set(skel, ABI_I386, inferred_rows[i].name, i + 1);
	}
}
