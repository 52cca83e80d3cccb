/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which capability a call asks for, and when: for kernels that do not tell (before Linux 6.14). From
 * capabilities(7) and what the calls do in the kernel's sources. What depends on how the file was
 * before the call has no row, nor what may be searched on the way to it.
 */
#include <linux/blkpg.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/in6.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>

#include "tables/tables.h"
#include "tracer_internal.h"

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET)

#define ALARM_CLOCKS    (1u << 8 | 1u << 9) /* CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM */
#define XT_BASE_CTL     64                  /* linux/netfilter/x_tables.h */
#define LOG_READ_ALL    3                   /* syslog(2): SYSLOG_ACTION_... */
#define LOG_SIZE_BUFFER 10

static const struct inferred_row {
	const char *name;
	struct inferred_class class; /* the capability, when, the argument, else which, the mask */
} inferred_rows[] = {
	{"acct", {CAP_SYS_PACCT, WHEN_ALWAYS, 0, 0, 0}},
	{"adjtimex", {CAP_SYS_TIME, WHEN_TIMEX, 0, 0, 0}},
	{"bind", {CAP_NET_BIND_SERVICE, WHEN_LOW_PORT, 0, 0, 0}},
	{"capset", {0, WHEN_NEVER, 0, 0, 0}},
	{"chown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"chown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT16_MAX}},
	{"chown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"chroot", {CAP_SYS_CHROOT, WHEN_ALWAYS, 0, 0, 0}},
	{"bpf", {0, WHEN_CHOSEN, 0, 0, 0}},
	{"clock_adjtime", {CAP_SYS_TIME, WHEN_TIMEX, 1, 0, 0}},
	{"clock_adjtime64", {CAP_SYS_TIME, WHEN_TIMEX, 1, 0, 0}},
	{"clock_settime", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"clock_settime64", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"clone", {CAP_SYS_ADMIN, WHEN_NAMESPACES, 0, 0, NAMESPACES}},
	{"clone3", {CAP_SYS_ADMIN, WHEN_NAMESPACES_AT, 0, 0, NAMESPACES | CLONE_NEWTIME}},
	{"creat", {0, WHEN_OPENED, 0, 0, 0}},
	{"delete_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"fanotify_init", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"fchmod", {CAP_FOWNER, WHEN_FOREIGN, 0, 0, 0}},
	{"fchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"fchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT16_MAX}},
	{"fchown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"fchownat", {CAP_CHOWN, WHEN_GIVEN_AWAY, 2, 0, UINT32_MAX}},
	{"finit_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"fsconfig", {CAP_SYS_ADMIN, WHEN_BIT, 1, 0, 0x1c0 /* FSCONFIG_CMD_CREATE and on */}},
	{"fsmount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"fsopen", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"fspick", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"init_module", {CAP_SYS_MODULE, WHEN_ALWAYS, 0, 0, 0}},
	{"ioctl", {0, WHEN_CHOSEN, 1, 0, 0}},
	{"ioperm", {CAP_SYS_RAWIO, WHEN_FLAGS, 2, 0, UINT32_MAX}},
	{"iopl", {CAP_SYS_RAWIO, WHEN_FLAGS, 0, 0, 3}},
	{"kexec_file_load", {CAP_SYS_BOOT, WHEN_ALWAYS, 0, 0, 0}},
	{"kexec_load", {CAP_SYS_BOOT, WHEN_ALWAYS, 0, 0, 0}},
	{"lchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"lchown", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT16_MAX}},
	{"lchown32", {CAP_CHOWN, WHEN_GIVEN_AWAY, 1, 0, UINT32_MAX}},
	{"mknod", {CAP_MKNOD, WHEN_DEVICE, 1, 0, 0}},
	{"mknodat", {CAP_MKNOD, WHEN_DEVICE, 2, 0, 0}},
	{"mlock", {CAP_IPC_LOCK, WHEN_LOCKED, 0, 0, 0}},
	{"mlock2", {CAP_IPC_LOCK, WHEN_LOCKED, 0, 0, 0}},
	{"mlockall", {CAP_IPC_LOCK, WHEN_LOCKED, 0, 0, MCL_CURRENT}},
	{"mount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"mount_setattr", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"move_mount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"nice", {CAP_SYS_NICE, WHEN_NICE, 0, 0, 1}},
	{"open", {0, WHEN_OPENED, 0, 0, 0}},
	{"open_by_handle_at", {CAP_DAC_READ_SEARCH, WHEN_ALWAYS, 0, 0, 0}},
	{"open_tree", {CAP_SYS_ADMIN, WHEN_FLAGS, 2, 0, 1 /* OPEN_TREE_CLONE */}},
	{"openat", {0, WHEN_OPENED, 0, 0, 0}},
	{"openat2", {0, WHEN_OPENED, 0, 0, 0}},
	{"pivot_root", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"prctl", {0, WHEN_CHOSEN, 0, 0, 0}},
	{"reboot", {CAP_SYS_BOOT, WHEN_ALWAYS, 0, 0, 0}},
	{"sched_setattr", {CAP_SYS_NICE, WHEN_POLICY, 0, 0, 0}},
	{"sched_setparam", {CAP_SYS_NICE, WHEN_POLICY, 0, 0, 0}},
	{"sched_setscheduler", {CAP_SYS_NICE, WHEN_POLICY, 0, 0, 1}},
	{"seccomp", {0, WHEN_CHOSEN, 0, 0, 0}},
	{"sendmsg", {CAP_NET_ADMIN, WHEN_NETLINK, 1, 0, 1}},
	{"sendto", {CAP_NET_ADMIN, WHEN_NETLINK, 1, 0, 0}},
	{"setdomainname", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"setfsgid", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 0}},
	{"setfsgid32", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 0}},
	{"setfsuid", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 0}},
	{"setfsuid32", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 0}},
	{"setgid", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgid32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgroups", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"setgroups32", {CAP_SETGID, WHEN_ALWAYS, 0, 0, 0}},
	{"sethostname", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"setns", {CAP_SYS_ADMIN, WHEN_JOINED, 0, 0, 0}},
	{"setpriority", {CAP_SYS_NICE, WHEN_NICE, 1, 0, 0}},
	{"setregid", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 1}},
	{"setregid32", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 1}},
	{"setresgid", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 0}},
	{"setresgid32", {CAP_SETGID, WHEN_NEW_GROUP, 0, 0, 0}},
	{"setresuid", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 0}},
	{"setresuid32", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 0}},
	{"setreuid", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 1}},
	{"setreuid32", {CAP_SETUID, WHEN_NEW_USER, 0, 0, 1}},
	{"setsockopt", {0, WHEN_CHOSEN, 1, 0, 1}},
	{"settimeofday", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"setuid", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"setuid32", {CAP_SETUID, WHEN_ALWAYS, 0, 0, 0}},
	{"shmctl", {CAP_IPC_LOCK, WHEN_BIT, 1, 0, 1u << SHM_LOCK | 1u << SHM_UNLOCK}},
	{"socket", {CAP_NET_RAW, WHEN_RAW, 0, 0, 0}},
	{"stime", {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"swapoff", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"swapon", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"syslog", {CAP_SYSLOG, WHEN_BIT, 0, 0, 0}},
	{"timer_create", {CAP_WAKE_ALARM, WHEN_BIT, 0, 0, ALARM_CLOCKS}},
	{"timerfd_create", {CAP_WAKE_ALARM, WHEN_BIT, 0, 0, ALARM_CLOCKS}},
	{"umount", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"umount2", {CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0}},
	{"unshare", {CAP_SYS_ADMIN, WHEN_NAMESPACES, 0, 0, NAMESPACES | CLONE_NEWTIME}},
	{"vhangup", {CAP_SYS_TTY_CONFIG, WHEN_ALWAYS, 0, 0, 0}},
};
_Static_assert(ARRAY_SIZE(inferred_rows) < INFERRED_CLASSES, "the kernel side has room for them");

/* What a call is asked for that does many things, by what it does. Requests and options of the
 * network: dev_ioctl(), devinet_ioctl(), arp_ioctl(), br_ioctl_stub(), sk_setsockopt() and others. */
static const struct choice_row {
	const char *name;
	uint32_t what;
	struct inferred_class class;
} choice_rows[] = {
	{"bpf", BPF_MAP_CREATE, {CAP_BPF, WHEN_ALWAYS, 0, CAP_SYS_ADMIN, 0}},
	{"bpf", BPF_PROG_LOAD, {CAP_BPF, WHEN_ALWAYS, 0, CAP_SYS_ADMIN, 0}},
#define NET(request)                                                                               \
	{                                                                                          \
		"ioctl", request,                                                                  \
		{                                                                                  \
			CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0                                        \
		}                                                                                  \
	}
	NET(SIOCADDMULTI),
	NET(SIOCADDRT),
	NET(SIOCBONDCHANGEACTIVE),
	NET(SIOCBONDENSLAVE),
	NET(SIOCBONDRELEASE),
	NET(SIOCBONDSETHWADDR),
	NET(SIOCBRADDBR),
	NET(SIOCBRADDIF),
	NET(SIOCBRDELBR),
	NET(SIOCBRDELIF),
	NET(SIOCDARP),
	NET(SIOCDELMULTI),
	NET(SIOCDELRT),
	NET(SIOCDIFADDR),
	NET(SIOCGMIIPHY),
	NET(SIOCGMIIREG),
	NET(SIOCGSKNS),
	NET(SIOCSARP),
	NET(SIOCSHWTSTAMP),
	NET(SIOCSIFADDR),
	NET(SIOCSIFBRDADDR),
	NET(SIOCSIFDSTADDR),
	NET(SIOCSIFFLAGS),
	NET(SIOCSIFHWADDR),
	NET(SIOCSIFHWBROADCAST),
	NET(SIOCSIFMAP),
	NET(SIOCSIFMETRIC),
	NET(SIOCSIFMTU),
	NET(SIOCSIFNAME),
	NET(SIOCSIFNETMASK),
	NET(SIOCSIFSLAVE),
	NET(SIOCSIFTXQLEN),
	NET(SIOCSMIIREG),
	NET(TUNSETIFF),
#undef NET
#define ADMIN(request)                                                                             \
	{                                                                                          \
		"ioctl", request,                                                                  \
		{                                                                                  \
			CAP_SYS_ADMIN, WHEN_ALWAYS, 0, 0, 0                                        \
		}                                                                                  \
	}
	ADMIN(BLKFLSBUF),
	ADMIN(BLKFRASET),
	ADMIN(BLKPG),
	ADMIN(BLKRASET),
	ADMIN(BLKROSET),
	ADMIN(BLKRRPART),
	ADMIN(FIFREEZE),
	ADMIN(FITHAW),
	ADMIN(FITRIM),
	ADMIN(RNDADDENTROPY),
	ADMIN(RNDADDTOENTCNT),
	ADMIN(RNDCLEARPOOL),
	ADMIN(RNDRESEEDCRNG),
	ADMIN(RNDZAPENTCNT),
	ADMIN(TIOCCONS),
	ADMIN(TIOCVHANGUP),
#undef ADMIN
	{"ioctl", FIBMAP, {CAP_SYS_RAWIO, WHEN_ALWAYS, 0, 0, 0}},
	{"ioctl", RTC_SET_TIME, {CAP_SYS_TIME, WHEN_ALWAYS, 0, 0, 0}},
	{"prctl", PR_CAPBSET_DROP, {CAP_SETPCAP, WHEN_ALWAYS, 0, 0, 0}},
	{"prctl", PR_SET_SECCOMP, {CAP_SYS_ADMIN, WHEN_FILTERED, 0, 0, 0}},
	{"seccomp", SECCOMP_SET_MODE_FILTER, {CAP_SYS_ADMIN, WHEN_FILTERED, 0, 0, 0}},
#define OPTION(level, option, ...)                                                                 \
	{                                                                                          \
		"setsockopt", CHOICE_PAIR(level, option),                                          \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
	OPTION(IPPROTO_IP, IP_TRANSPARENT, CAP_NET_RAW, WHEN_POINTS_AT, 3, CAP_NET_ADMIN, 0),
	OPTION(IPPROTO_IP, XT_BASE_CTL, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
	OPTION(IPPROTO_IP, XT_BASE_CTL + 1, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
	OPTION(IPPROTO_IPV6, IPV6_TRANSPARENT, CAP_NET_RAW, WHEN_POINTS_AT, 3, CAP_NET_ADMIN, 0),
	OPTION(IPPROTO_IPV6, XT_BASE_CTL, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
	OPTION(IPPROTO_IPV6, XT_BASE_CTL + 1, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
	OPTION(SOL_SOCKET, SO_DEBUG, CAP_NET_ADMIN, WHEN_POINTS_AT, 3, 0, 0),
	OPTION(SOL_SOCKET, SO_MARK, CAP_NET_RAW, WHEN_ALWAYS, 0, CAP_NET_ADMIN, 0),
	OPTION(SOL_SOCKET, SO_PRIORITY, CAP_NET_RAW, WHEN_PRIORITY, 3, CAP_NET_ADMIN, 0),
	OPTION(SOL_SOCKET, SO_RCVBUFFORCE, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
	OPTION(SOL_SOCKET, SO_SNDBUFFORCE, CAP_NET_ADMIN, WHEN_ALWAYS, 0, 0, 0),
#undef OPTION
};
_Static_assert(ARRAY_SIZE(choice_rows) < INFERRED_CHOICES, "the kernel side has room for them");

/* chown(2) and its like of i386 have ids of 16 bits. */
static bool is_narrow(const struct inferred_row *row)
{
	return row->class.when == WHEN_GIVEN_AWAY && row->class.mask == UINT16_MAX;
}

static void inferred_set(struct leastcall_bpf *skel, enum abi abi, const struct inferred_row *row)
{
	unsigned int shift = abi == ABI_I386 ? 8 : 0;
	uint32_t nr;

	if ((is_narrow(row) && abi != ABI_I386) || !syscall_number(abi, row->name, &nr) ||
	    nr >= HOT_CALLS)
		return;
	skel->rodata->inferred_class[abi == ABI_I386][nr] = row - inferred_rows + 1;
	if (!(skel->rodata->exit_class[nr] >> shift & 0xff))
		skel->rodata->exit_class[nr] |= CLASS_INFERRED << shift;
}

static uint64_t choice_key(const struct choice_row *choice)
{
	size_t row = 0;

	while (strcmp(inferred_rows[row].name, choice->name))
		row++;
	return CHOICE_KEY(row + 1, choice->what);
}

static int choice_compare(const void *a, const void *b)
{
	const struct inferred_choice *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Nothing has the key 0. */
static void choices_fill(struct leastcall_bpf *skel)
{
	struct inferred_choice choices[INFERRED_CHOICES] = {};

	for (size_t i = 0; i < ARRAY_SIZE(choice_rows); i++) {
		choices[i].key = choice_key(&choice_rows[i]);
		choices[i].class = choice_rows[i].class;
	}
	qsort(choices, INFERRED_CHOICES, sizeof(*choices), choice_compare);
	memcpy(&skel->rodata->inferred_choices, choices, sizeof(choices));
}

/* Where everybody may read the kernel's log, these two ask nobody. */
static uint32_t log_actions(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/kernel/dmesg_restrict", "re");

	if (!file || fgetc(file) != '0')
		return UINT32_MAX;
	return ~(1u << LOG_READ_ALL | 1u << LOG_SIZE_BUFFER);
}

void inferred_fill(struct leastcall_bpf *skel)
{
	for (size_t i = 0; i < ARRAY_SIZE(inferred_rows); i++) {
		struct inferred_class class = inferred_rows[i].class;

		if (class.capability == CAP_SYSLOG)
			class.mask = log_actions();
		memcpy(&skel->rodata->inferred_classes[i + 1], &class, sizeof(class));
		inferred_set(skel, ABI_X86_64, &inferred_rows[i]);
		inferred_set(skel, ABI_I386, &inferred_rows[i]);
	}
	choices_fill(skel);
}
