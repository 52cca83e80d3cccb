/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The drop-in for systemd: its lists come to the policy, no more and no less, by systemd.exec(5). What
 * systemd-analyze would say is a fixture.
 */
#include "emit/systemd_groups.h"
#include "formats.h"
#include "random.h"

static const char groups_text[] = "@default\n    # always\n    brk\n    execve\n    getpid\n"
				  "    riscv_hwprobe\n\n"
				  "@chown\n    chown\n    chown32\n    fchown\n    fchown32\n"
				  "    fchownat\n    lchown\n    lchown32\n\n"
				  "@basic-io\n    close\n    read\n    write\n\n"
				  "@awry\n    read\n    write\n    nosuchcall\n\n"
				  "@nest\n    @chown\n    read\n    write\n\n"
				  "@lost\n    @nosuch\n    read\n    write\n\n"
				  "@loop\n    @loop\n    read\n    write\n"
				  "# Unlisted System Calls (supported by the local kernel):\n"
				  "#   mseal\n";

static struct systemd_groups groups;

/* Does a line of the unit name the call, itself or by a group? */
static bool words_have(const char *words, const char *name)
{
	char *copy = xstrdup(words), *word, *rest;
	const struct systemd_group *group;
	bool found = false;

	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		group = systemd_group_find(&groups, word);
		found |= group ? names_have(&group->members, name) : !strcmp(word, name);
	}
	free(copy);
	return found;
}

/* systemd.exec(5): the lists add up, those with ~ take away, and @default is in from the start. */
static bool systemd_allows(char **lines, size_t count, const char *name)
{
	bool allowed = words_have("@default", name);
	size_t i;

	for (i = 0; i < count; i++) {
		if (!strncmp(lines[i], "SystemCallFilter=~", 18))
			allowed &= !words_have(lines[i] + 18, name);
		else if (!strncmp(lines[i], "SystemCallFilter=", 17))
			allowed |= words_have(lines[i] + 17, name);
	}
	return allowed;
}

static void test_systemd(void)
{
	struct policy policy = server("web");
	char *text, *line;

	systemd_groups_parse(groups_text, &groups);
	EQ(groups.count, 7, "systemd: groups in the text of systemd-analyze");
	EQ(systemd_group_find(&groups, "@nest")->members.count, 9, "systemd: groups in groups");
	options.systemd = &groups;
	text = emitted(systemd_emit, &policy);
	line = line_of(text, "SystemCallFilter=");
	EQ_STR(line,
	       "@default @nest clone exit_group mmap mseal nanosleep openat personality ptrace",
	       "systemd: few words, each group's calls all allowed or not this machine's");
	free(line);
	CHECK(strstr(text, "\nSystemCallFilter=socket\n"), "systemd: a long list has more lines");
	line = line_of(text, "SystemCallFilter=~");
	EQ_STR(line, "getpid", "systemd: what it allows by itself, and the policy does not");
	free(line);
	CHECK(strstr(text, "\nNoNewPrivileges=yes\nSystemCallArchitectures=native\n"
			   "SystemCallErrorNumber=ENOSYS\n"),
	      "systemd: what the filter is for");
	CHECK(strstr(text, "\nRestrictAddressFamilies=AF_INET AF_UNIX\n"),
	      "systemd: the families of sockets");
	CHECK(strstr(text, "\nRestrictNamespaces=yes\n"), "systemd: no namespaces");
	CHECK(strstr(text, "\nLockPersonality=yes\n"), "systemd: no other personality");
	CHECK(strstr(warnings, "clone personality ptrace socket"),
	      "systemd: whose arguments are not looked at is told: %s", warnings);
	free(text);

	allow(&policy, "setns");
	allow(&policy, "socket");
	allow_when(&policy, "personality", masked(0, UINT32_MAX, 8));
	policy.abis[ABI_I386] = true;
	policy_settle(&policy, &options);
	options.refusal = REFUSAL_KILL;
	text = emitted(systemd_emit, &policy);
	CHECK(!strstr(text, "RestrictAddress") && !strstr(text, "RestrictNamespaces") &&
		      !strstr(text, "LockPersonality"),
	      "systemd: nothing is restricted that the policy allows");
	CHECK(!strstr(text, "@nest") && !strstr(text, "@chown"),
	      "systemd: i386's chown32 is a call where i386 is filtered");
	CHECK(strstr(text, "\nSystemCallArchitectures=native x86\n"), "systemd: two ABIs");
	CHECK(!strstr(text, "SystemCallErrorNumber"), "systemd: without an errno it kills");
	CHECK(strstr(warnings, "clone3 meets its end"),
	      "systemd: what that does to clone3 is told");
	free(text);
	options.refusal = REFUSAL_LOG;
	text = emitted(systemd_emit, &policy);
	CHECK(strstr(text, "\nSystemCallLog=~") && !strstr(text, "SystemCallFilter"),
	      "systemd: what is only logged is not filtered");
	free(text);
	options.refusal = REFUSAL_ERRNO;
	options.systemd = NULL;
	text = emitted(systemd_emit, &policy);
	CHECK(strstr(warnings, "no systemd-analyze") && !strchr(strstr(text, "[Service]"), '@'),
	      "systemd: without one, names only, and that is told");
	free(text);
	policy_drop(&policy);
}

/* Random policies over the fixture's names: the lists come to the policy, no more and no less. */
static void test_systemd_property(void)
{
	static const char *const names[] = {"brk",    "chown",  "fchown", "fchownat",
					    "lchown", "close",  "read",   "write",
					    "getpid", "openat", "mseal"};
	static char *lines[LINES_MAX];
	size_t count, i, wrong = 0;
	int round;

	options.systemd = &groups;
	for (round = 0; round < 2000; round++) {
		struct policy policy = {.abis = {true}, .is_native = {true}};
		uint64_t bits = random_bits();
		char *text;

		allow(&policy, "execve");
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (bits >> i & 1)
				allow(&policy, names[i]);
		policy_settle(&policy, &options);
		text = emitted(systemd_emit, &policy);
		count = line_split(text, lines);
		for (i = 0; i < ARRAY_SIZE(names); i++)
			wrong += systemd_allows(lines, count, names[i]) != (bits >> i & 1);
		wrong += systemd_allows(lines, count, "nosuchcall");
		free(text);
		policy_drop(&policy);
	}
	EQ(wrong, 0, "systemd: 2000 policies, and what systemd would allow of each call");
	options.systemd = NULL;
}

int main(void)
{
	test_systemd();
	test_systemd_property();
	systemd_groups_drop(&groups);
	return test_end();
}
