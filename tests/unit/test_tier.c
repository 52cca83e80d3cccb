/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Risk tiers against what others say: the lists, written out a second time by who says it, Docker's
 * default profile, and systemd's set of obsolete calls. It knows no reason of a row.
 */
#include <string.h>

#include "tables/tables.h"
#include "test.h"
#include "util/util.h"
#include "witness.h"

#define LIST_MAX 40

static const struct {
	const char *what;
	enum tier tier;
	const char *names[LIST_MAX];
} lists[] = {
	/* docs.docker.com, "Significant syscalls blocked by the default profile" */
	{"Docker blocks for the host's sake",
	 TIER_CRITICAL,
	 {"acct", "clock_adjtime", "clock_settime", "create_module", "delete_module",
	  "finit_module", "init_module", "ioperm", "iopl", "kexec_file_load", "kexec_load",
	  "nfsservctl", "open_by_handle_at", "quotactl", "reboot", "settimeofday", "stime",
	  "swapoff", "swapon"}},
	{"the same by a newer or a wider number",
	 TIER_CRITICAL,
	 {"clock_adjtime64", "clock_settime64", "quotactl_fd", "syslog"}},
	{"Docker blocks for namespaces, keys and tracing",
	 TIER_HIGH,
	 {"add_key", "bpf", "keyctl", "lookup_dcookie", "mount", "move_pages", "name_to_handle_at",
	  "perf_event_open", "pivot_root", "request_key", "setns", "umount", "umount2", "unshare",
	  "userfaultfd", "clone3"}},
	{"a newer way to mount",
	 TIER_HIGH,
	 {"fsconfig", "fsmount", "fsopen", "fspick", "mount_setattr", "move_mount", "open_tree",
	  "open_tree_attr"}},
	{"much of the kernel",
	 TIER_HIGH,
	 {"chroot", "io_uring_enter", "io_uring_register", "io_uring_setup", "modify_ldt",
	  "vmsplice"}},
	{"other processes",
	 TIER_MEDIUM,
	 {"kcmp", "pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev",
	  "ptrace"}},
	{"helpers",
	 TIER_MEDIUM,
	 {"connect", "execve", "execveat", "memfd_create", "memfd_secret", "mknod", "mknodat",
	  "personality", "seccomp", "socket"}},
	{"ids",
	 TIER_MEDIUM,
	 {"setfsgid", "setfsgid32", "setfsuid", "setfsuid32", "setgid", "setgid32", "setgroups",
	  "setgroups32", "setregid", "setregid32", "setresgid", "setresgid32", "setresuid",
	  "setresuid32", "setreuid", "setreuid32", "setuid", "setuid32"}},
	/* systemd-analyze syscall-filter @obsolete, without create_module; and Docker's vm86 */
	{"obsolete",
	 TIER_OBSOLETE,
	 {"_sysctl",  "afs_syscall", "bdflush",  "break",    "ftime",  "get_kernel_syms",
	  "getpmsg",  "gtty",        "idle",     "lock",     "mpx",    "prof",
	  "profil",   "putpmsg",     "security", "sgetmask", "stty",   "query_module",
	  "ssetmask", "sysfs",       "tuxcall",  "ulimit",   "uselib", "ustat",
	  "vm86",     "vm86old",     "vserver"}},
	{"remarks",
	 TIER_INFO,
	 {"clock_nanosleep", "epoll_ctl", "get_mempolicy", "inotify_add_watch", "ioprio_get",
	  "madvise", "mbind", "migrate_pages", "msgget", "sched_getattr", "semget", "sendto",
	  "set_mempolicy", "setsockopt", "shmget", "waitid"}},
};

/* Of the risky ones: what Docker's default profile allows to a container all the same. */
static const char *const docker_allows[] = {
	"chroot", "clock_adjtime", "modify_ldt", "name_to_handle_at", "vmsplice",
};

static void test_lists(void)
{
	size_t listed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		size_t wrong = 0, k;

		for (k = 0; k < LIST_MAX && lists[i].names[k]; k++)
			if (tier_of(lists[i].names[k]) != lists[i].tier) {
				printf("  %s\n", lists[i].names[k]);
				wrong++;
			}
		EQ(wrong, 0, "%s, %s: all of the %zu", tier_name(lists[i].tier), lists[i].what, k);
		listed += k;
	}
	EQ(listed, tier_count, "each row is in one list");
}

static bool is_known(const char *name)
{
	uint32_t nr;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (syscall_number(abi, name, &nr))
			return true;
	return false;
}

static void test_rows(void)
{
	size_t unknown = 0, disorder = 0, bare = 0;

	for (size_t i = 0; i < tier_count; i++) {
		const struct tier_row *row = &tier_rows[i], *last = i ? row - 1 : NULL;

		unknown += !is_known(row->name);
		disorder +=
			last && (last->tier < row->tier ||
				 (last->tier == row->tier && strcmp(last->name, row->name) >= 0));
		bare += strlen(row->why) < 8 || !row->source[0] || row->tier == TIER_NONE;
	}
	EQ(unknown, 0, "each of the %zu rows is a call of some machine", tier_count);
	EQ(disorder, 0, "they stand by tier, then by name, each once");
	EQ(bare, 0, "each has a tier, a reason and a source");
	CHECK(!tier_row("read") && tier_of("read") == TIER_NONE && !tier_row("clone"),
	      "the others have none, and clone has its arguments");
}

static void test_docker(void)
{
	struct tally tally = {0};

	for (size_t i = 0; i < docker_default_count; i++) {
		const char *want = NULL;

		for (size_t k = 0; k < ARRAY_SIZE(docker_allows); k++)
			if (!strcmp(docker_allows[k], docker_default_names[i]))
				want = docker_allows[k];
		AGREE(&tally,
		      tier_of(docker_default_names[i]) >= TIER_HIGH ? docker_default_names[i]
								    : NULL,
		      want, "Docker's default and %s", docker_default_names[i]);
	}
	ALL_AGREE(&tally, 300, "Docker's default allows no more of the high ones than is known");
}

static void test_systemd(void)
{
	const char *const argv[] = {"systemd-analyze", "syscall-filter", "@obsolete", NULL};
	_cleanup_free_ char *text = NULL;
	struct tally tally = {0};
	char *rest, *line;

	if (run(argv, "", &text) != 0) {
		SKIP("systemd's obsolete calls: systemd-analyze does not tell them here");
		return;
	}
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " ");
		if (!strchr("@#\33", *line))
			AGREE(&tally, tier_of(line) >= TIER_OBSOLETE ? line : NULL, line,
			      "systemd's %s", line);
	}
	ALL_AGREE(&tally, 20, "what systemd calls obsolete is so, or worse");
}

static void test_names(void)
{
	enum tier found = TIERS;

	for (enum tier tier = 0; tier < TIERS; tier++)
		CHECK(tier_from_name(tier_name(tier), &found) && found == tier,
		      "tier %s by its name", tier_name(tier));
	CHECK(!tier_from_name("Critical", &found) && found == TIER_CRITICAL && !tier_name(TIERS),
	      "and no other");
	CHECK(TIER_CRITICAL > TIER_HIGH && TIER_HIGH > TIER_MEDIUM && TIER_MEDIUM > TIER_OBSOLETE &&
		      TIER_OBSOLETE > TIER_INFO && TIER_INFO > TIER_NONE,
	      "they are in rising order");
}

int main(void)
{
	test_lists();
	test_rows();
	test_docker();
	test_systemd();
	test_names();
	return test_end();
}
