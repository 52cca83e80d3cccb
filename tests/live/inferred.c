/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does one thing that asks for capabilities, or for none, and is named as the file it is run from:
 * which a recording must hold is told apart by that. Without arguments and under its own name it
 * says for all of them, a line each: the name, who it is to be run as and the capabilities. What
 * the kernel does not have, or may let nobody do, ends in status 77.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void must(int done, const char *what)
{
	if (done)
		return;
	perror(what);
	exit(errno == EOPNOTSUPP || errno == ENOSYS || errno == EPROTONOSUPPORT ? 77 : 1);
}

static void option_set(int option, int value)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value)) == 0, "setsockopt");
}

static void mark(void)
{
	option_set(SO_MARK, 1);
}

static void so_priority(void)
{
	option_set(SO_PRIORITY, 6);
}

static void so_priority_high(void)
{
	option_set(SO_PRIORITY, 7);
}

static void transparent(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	must(setsockopt(fd, IPPROTO_IP, IP_TRANSPARENT, &one, sizeof(one)) == 0, "setsockopt");
}

static void ends(int status)
{
	must(waitpid(-1, &status, __WALL) > 0 && status == 0, "wait");
}

static void users_unshare(void)
{
	must(unshare(CLONE_NEWUSER) == 0, "unshare");
}

static void users_mounts_unshare(void)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "unshare");
}

static void users_mounts_clone(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);

	must(pid >= 0, "clone");
	if (!pid)
		_exit(0);
	ends(0);
}

static void users_mounts_clone3(void)
{
	unsigned long long arguments[11] = {CLONE_NEWUSER | CLONE_NEWNS, [4] = SIGCHLD};
	long pid = syscall(SYS_clone3, arguments, sizeof(arguments));

	must(pid >= 0, "clone3");
	if (!pid)
		_exit(0);
	ends(0);
}

static void mounts_join(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);

	must(setns(fd, CLONE_NEWNS) == 0, "setns");
}

static int request(unsigned long number, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strcpy(ifr->ifr_name, "lo");
	return ioctl(fd, number, ifr);
}

static void flags_get(void)
{
	struct ifreq ifr = {};

	must(request(SIOCGIFFLAGS, &ifr) == 0 && request(SIOCGIFMTU, &ifr) == 0, "SIOCGIFFLAGS");
}

static void mtu_set(void)
{
	struct ifreq ifr = {};

	must(request(SIOCGIFMTU, &ifr) == 0 && request(SIOCSIFMTU, &ifr) == 0, "SIOCSIFMTU");
}

static void queue_set(void)
{
	struct ifreq ifr = {};

	must(request(SIOCGIFTXQLEN, &ifr) == 0 && request(SIOCSIFTXQLEN, &ifr) == 0,
	     "SIOCSIFTXQLEN");
}

static void name_set(void)
{
	struct ifreq ifr = {.ifr_newname = "other"};

	must(unshare(CLONE_NEWNET) == 0, "unshare");
	must(request(SIOCSIFNAME, &ifr) == 0, "SIOCSIFNAME");
}

/* A change of nothing. The kernel asks before it looks at what is wanted. */
static void links(int type, int flags, int by_message)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} text = {
		{sizeof(text), type, NLM_F_REQUEST | flags, 1, 0},
		{.ifi_index = 1},
	};
	struct iovec vector = {&text, sizeof(text)};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (by_message)
		must(sendmsg(fd, &message, 0) > 0, "sendmsg");
	else
		must(send(fd, &text, sizeof(text), 0) > 0, "send");
}

static void link_get(void)
{
	links(RTM_GETLINK, 0, 0);
	links(RTM_GETLINK, 0, 1);
}

static void link_change(void)
{
	links(RTM_NEWLINK, 0, 0);
}

static void link_change_message(void)
{
	links(RTM_NEWLINK, 0, 1);
}

static void same_ids(void)
{
	must(setreuid(0, 0) == 0 && setregid(0, 0) == 0, "setreuid");
	must(setresuid(0, 0, 0) == 0 && setresgid(0, -1, 0) == 0, "setresuid");
	setfsuid(0);
	setfsgid(0);
}

static void users_new(void)
{
	must(setreuid(-1, 65534) == 0, "setreuid");
}

static void users_back(void)
{
	must(setresuid(-1, 65534, -1) == 0, "setresuid");
	must(setresuid(-1, 0, -1) == 0, "setresuid");
}

static void groups_new(void)
{
	must(setresgid(65534, 65534, 65534) == 0, "setresgid");
}

static void user_of_files(void)
{
	setfsuid(65534);
}

static void group_of_files(void)
{
	setfsgid(65534);
}

static void user_set(void)
{
	must(setuid(0) == 0, "setuid");
}

static void lower(void)
{
	must(setpriority(PRIO_PROCESS, 0, 10) == 0, "setpriority");
}

static void higher(void)
{
	lower();
	must(setpriority(PRIO_PROCESS, 0, 5) == 0, "setpriority");
}

static void limited(void)
{
	must(setpriority(PRIO_PROCESS, getpid(), -3) == 0, "setpriority");
}

static void realtime(void)
{
	struct sched_param param = {.sched_priority = 2};

	must(sched_setscheduler(0, SCHED_FIFO, &param) == 0, "sched_setscheduler");
}

static void idle(void)
{
	struct sched_param param = {};

	must(sched_setscheduler(0, SCHED_IDLE, &param) == 0, "sched_setscheduler");
}

static void attributes(void)
{
	struct {
		unsigned int size, policy;
		unsigned long long flags;
		int nice;
		unsigned int priority;
		unsigned long long rest[3];
	} all = {.size = 48, .nice = -5};

	must(syscall(SYS_sched_setattr, 0, &all, 0) == 0, "sched_setattr");
}

static void time_read(void)
{
	struct timex timex = {.modes = 0xa001}; /* ADJ_OFFSET_SS_READ */

	must(adjtimex(&timex) >= 0, "adjtimex");
	timex.modes = 0;
	must(adjtimex(&timex) >= 0, "adjtimex");
}

static void time_write(void)
{
	struct timex timex = {};

	must(adjtimex(&timex) >= 0, "adjtimex");
	timex.modes = ADJ_TICK;
	must(adjtimex(&timex) >= 0, "adjtimex");
}

static void memory_lock(void)
{
	must(mlock(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0), 4096) == 0,
	     "mlock");
}

static void memory_lock_more(void)
{
	struct rlimit none = {4096, 4096};

	must(setrlimit(RLIMIT_MEMLOCK, &none) == 0, "setrlimit");
	must(mlock(mmap(NULL, 8192, PROT_READ, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0), 8192) == 0,
	     "mlock");
}

static void log_clear_size(void)
{
	must(klogctl(9, NULL, 0) >= 0, "syslog"); /* SYSLOG_ACTION_SIZE_UNREAD */
}

static void alarm_clock(void)
{
	must(timerfd_create(CLOCK_BOOTTIME_ALARM, 0) >= 0, "timerfd_create");
}

static void clock_plain(void)
{
	must(timerfd_create(CLOCK_MONOTONIC, 0) >= 0, "timerfd_create");
}

static int filter_set(void)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {1, &all};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void filter(void)
{
	must(filter_set() == 0, "seccomp");
}

static void filter_renounced(void)
{
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
	must(filter_set() == 0, "seccomp");
}

/* The mode that has no filter asks nobody. */
static void strict(void)
{
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0, "prctl");
	syscall(SYS_exit, 0);
}

static void time_namespace(void)
{
	must(unshare(0x80 /* CLONE_NEWTIME */) == 0, "unshare");
}

/* Whatever the descriptor is of. */
static void any_join(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	must(fd >= 0 && setns(fd, 0) == 0, "setns");
}

/* Its parent had less than the nice value 0 that the child begins with. */
static void reset_at_fork(void)
{
	struct sched_param none = {};
	pid_t child;

	must(sched_setscheduler(0, SCHED_OTHER | 0x40000000 /* SCHED_RESET_ON_FORK */, &none) == 0,
	     "sched_setscheduler");
	child = fork();
	must(child >= 0, "fork");
	if (child)
		return ends(0);
	must(setpriority(PRIO_PROCESS, 0, -3) == 0, "setpriority");
	_exit(0);
}

/* The kernel asks silently, and goes on without. */
static void sysctl_read(void)
{
	must(open("/proc/sys/net/core/somaxconn", O_RDONLY) >= 0, "somaxconn");
}

static void audit(void)
{
	struct {
		struct nlmsghdr header;
		char text[8];
	} text = {{sizeof(text), AUDIT_FIRST_USER_MSG, NLM_F_REQUEST, 1, 0}, "op=x"};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);

	must(fd >= 0, "socket");
	must(send(fd, &text, sizeof(text), 0) > 0, "send");
}

/* Somebody else's file, that root may read by its list alone: posix_acl_xattr.h. */
static void list_make(void)
{
	static const struct {
		unsigned int version;
		struct {
			unsigned short tag, may;
			unsigned int id;
		} entries[5];
	} list = {2, {{1, 0, -1}, {2, 4, 0}, {4, 0, -1}, {16, 4, -1}, {32, 0, -1}}};
	int fd = creat("listed", 0600);

	must(fsetxattr(fd, "system.posix_acl_access", &list, sizeof(list), 0) == 0, "fsetxattr");
	must(fchown(fd, 65534, 65534) == 0, "fchown");
}

static void list_read(void)
{
	must(open("listed", O_RDONLY) >= 0, "listed");
}

static void mode_read(void)
{
	must(open("private", O_RDONLY) >= 0, "private");
}

static void given_away(void)
{
	must(chown("own", 65534, 65534) == 0, "chown");
}

/* chown(2) of i386 has ids of 16 bits, of which all set leaves the old one. */
static void narrow(unsigned int uid)
{
	char *name = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_ANONYMOUS | MAP_PRIVATE | MAP_32BIT, -1, 0);
	long result = 182; /* chown */

	must(name != MAP_FAILED, "mmap");
	strcpy(name, "narrow");
	must(close(creat(name, 0600)) == 0, "creat");
	__asm__ volatile("int $0x80" : "+a"(result) : "b"(name), "c"(uid), "d"(0xffff) : "memory");
	errno = (int)-result;
	must(result == 0, "chown");
}

static void narrow_left(void)
{
	narrow(0xffff);
}

static void narrow_given(void)
{
	narrow(65533);
}

static const struct part {
	const char *name, *who, *capabilities;
	void (*body)(void);
} parts[] = {
	{"mark", "root", "net_raw", mark},
	{"mark_less", "less", "net_admin", mark},
	{"so_priority", "root", "", so_priority},
	{"so_priority_high", "root", "net_raw", so_priority_high},
	{"transparent", "root", "net_raw", transparent},
	{"users_unshare", "nobody", "", users_unshare},
	{"users_mounts_unshare", "nobody", "sys_admin", users_mounts_unshare},
	{"users_mounts_clone", "nobody", "sys_admin", users_mounts_clone},
	{"users_mounts_clone3", "nobody", "sys_admin", users_mounts_clone3},
	{"mounts_join", "root", "sys_admin sys_chroot", mounts_join},
	{"flags_get", "root", "", flags_get},
	{"mtu_set", "root", "net_admin", mtu_set},
	{"queue_set", "root", "net_admin", queue_set},
	{"name_set", "root", "net_admin sys_admin", name_set},
	{"link_get", "root", "", link_get},
	{"link_change", "root", "net_admin", link_change},
	{"link_change_message", "root", "net_admin", link_change_message},
	{"same_ids", "root", "", same_ids},
	{"users_new", "root", "setuid", users_new},
	{"users_back", "root", "setuid", users_back},
	{"groups_new", "root", "setgid", groups_new},
	{"user_of_files", "root", "setuid", user_of_files},
	{"group_of_files", "root", "setgid", group_of_files},
	{"user_set", "root", "setuid", user_set},
	{"lower", "root", "", lower},
	{"higher", "root", "sys_nice", higher},
	{"limited", "nice", "", limited},
	{"realtime", "root", "sys_nice", realtime},
	{"idle", "root", "", idle},
	{"attributes", "root", "sys_nice", attributes},
	{"time_read", "root", "", time_read},
	{"time_write", "root", "sys_time", time_write},
	{"memory_lock", "root", "", memory_lock},
	{"memory_lock_more", "root", "ipc_lock", memory_lock_more},
	{"log_clear_size", "root", "syslog", log_clear_size},
	{"alarm_clock", "root", "wake_alarm", alarm_clock},
	{"clock_plain", "root", "", clock_plain},
	{"filter", "root", "sys_admin", filter},
	{"filter_renounced", "root", "", filter_renounced},
	{"strict", "root", "", strict},
	{"time_namespace", "root", "sys_admin", time_namespace},
	{"any_join", "root", "sys_admin sys_chroot", any_join},
	{"reset_at_fork", "raised", "sys_nice", reset_at_fork},
	{"sysctl_read", "root", "", sysctl_read},
	{"audit", "root", "audit_write", audit},
	{"list_make", "root", "chown", list_make},
	{"list_read", "root", "", list_read},
	{"mode_read", "root", "dac_read_search", mode_read},
	{"given_away", "root", "chown", given_away},
	{"narrow_left", "root", "", narrow_left},
	{"narrow_given", "root", "chown", narrow_given},
};

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	(void)argc;
	name = name ? name + 1 : argv[0];
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!strcmp(name, "inferred")) {
			printf("%s %s %s\n", parts[i].name, parts[i].who, parts[i].capabilities);
		} else if (!strcmp(name, parts[i].name)) {
			parts[i].body();
			return 0;
		}
	}
	return strcmp(name, "inferred") ? 2 : 0;
}
