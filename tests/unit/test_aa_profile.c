/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Profiles of AppArmor as text: what is read of them, what is refused, and what they allow. Includes
 * are written to a directory that goes with the test.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apparmor/aa_match.h"
#include "model/fact.h"
#include "test.h"

static char dir[] = "/tmp/leastcall-aa-XXXXXX";

static void file_make(const char *name, const char *text)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, name);
	FILE *file = fopen(path, "w");

	if (!CHECK(file && fputs(text, file) >= 0 && !fclose(file), "%s is written", name))
		exit(1);
}

static int parse(const char *text, struct aa_file *ret, struct err *err)
{
	return aa_file_parse("t", text, strlen(text), dir, ret, err);
}

static const char whole[] = "# first\n"
			    "abi <abi/3.0>,\n"
			    "include <tunables/global>\n"
			    "#include <tunables/more>\n"
			    "@{exec_path} = /usr/bin/a \"/opt/b c\"\n"
			    "@{list} = x\n"
			    "@{list} += y/\n"
			    "alias /home/ -> /mnt/,\n"
			    "profile a @{exec_path} flags=(attach_disconnected, complain) {\n"
			    "  include <abstractions/one>\n"
			    "  include if exists <local/none>\n"
			    "  capability net_admin sys_admin, # two\n"
			    "  deny capability mac_admin,\n"
			    "  network inet stream,\n"
			    "  signal (send, receive) set=(hup, int) peer=@{profile_name},\n"
			    "  unix (connect) type=stream peer=(label=x, addr=\"@y z\"),\n"
			    "  ptrace (read) peer=/usr/bin/{a,b},\n"
			    "  mount options=(rw, bind) /a/ -> /b/,\n"
			    "  umount /b/,\n"
			    "  pivot_root oldroot=/o/ /n/,\n"
			    "  change_profile -> {one,two},\n"
			    "  dbus send bus=system path=/x,\n"
			    "  mqueue (create) /q, userns, io_uring sqpoll,\n"
			    "  set rlimit nofile <= 10,\n"
			    "  prompt /asked r,\n"
			    "  @{exec_path} mr,\n"
			    "  /data/@{list}/* rw,\n"
			    "  owner /own/** rwk,\n"
			    "  r /front,\n"
			    "  file /word w,\n"
			    "  \"/quo ted\"\n"
			    "     r,\n"
			    "  /group/{a,b} r,\n"
			    "  /all/** rwlkmix,\n"
			    "  deny /all/secret r,\n"
			    "  audit deny /all/noise w,\n"
			    "  /run/it Px -> other,\n"
			    "  link subset /l1 -> /t,\n"
			    "  l /l2 -> /t,\n"
			    "  owner {\n"
			    "    /block r,\n"
			    "  }\n"
			    "  profile child /usr/bin/child {\n"
			    "    /inside r,\n"
			    "  }\n"
			    "  ^hat {\n"
			    "    /hat r,\n"
			    "  }\n"
			    "}\n"
			    "/usr/bin/second {\n"
			    "  file,\n"
			    "}\n";

static size_t class_count(const struct aa_file *file, size_t profile, enum aa_class class)
{
	size_t count = 0, i;

	for (i = 0; i < file->rule_count; i++)
		count += file->rules[i].profile == profile && file->rules[i].class == class &&
			 !file->rules[i].source;
	return count;
}

static void test_reading(void)
{
	static const struct {
		enum aa_class class;
		size_t count;
	} counts[] = {{AA_FILE, 13},   {AA_LINK, 1},           {AA_CAPABILITY, 2}, {AA_NETWORK, 1},
		      {AA_UNIX, 1},    {AA_SIGNAL, 1},         {AA_PTRACE, 1},     {AA_MOUNT, 1},
		      {AA_UMOUNT, 1},  {AA_PIVOT_ROOT, 1},     {AA_DBUS, 1},       {AA_MQUEUE, 1},
		      {AA_USERNS, 1},  {AA_IO_URING, 1},       {AA_RLIMIT, 1},     {AA_OTHER, 1},
		      {AA_REMOUNT, 0}, {AA_CHANGE_PROFILE, 1}, {AA_ALL, 0}};
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};
	size_t i;

	if (!EQ(parse(whole, &file, &err), 0, "a whole profile is read: %s", err.text))
		return;
	EQ(file.profile_count, 4, "profiles, children and hats");
	EQ_STR(file.profiles[0].name, "a", "a name");
	EQ_STR(file.profiles[0].attachment, "@{exec_path}", "an attachment");
	EQ_STR(file.profiles[0].flags, "flags=(attach_disconnected, complain)", "flags");
	EQ_STR(file.profiles[1].name, "a//child", "a child's name");
	EQ_STR(file.profiles[2].name, "a//hat", "a hat's name");
	EQ_STR(file.profiles[3].attachment, "/usr/bin/second", "a name that is a path");
	EQ(aa_profile_find(&file, "a//hat"), 2, "a profile by its name");
	CHECK(aa_profile_find(&file, "hat") == AA_NONE, "... not by a part of it");
	CHECK(file.text[file.profiles[0].close] == '}' &&
		      file.text[file.profiles[0].open - 1] == '{',
	      "where a profile begins and ends");
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		EQ(class_count(&file, 0, counts[i].class), counts[i].count, "rules: %s",
		   aa_class_names[counts[i].class]);
	EQ(class_count(&file, 1, AA_FILE), 1, "rules of the child");
	EQ(file.include_count, 5, "includes, those within includes as well");
	for (i = 0; i < file.include_count; i++)
		EQ(file.includes[i].is_missing, !strcmp(file.includes[i].path, "local/none"),
		   "include %s is there", file.includes[i].path);
}

static uint32_t lacks(const struct aa_file *file, size_t profile, const char *path, uint32_t perms)
{
	return aa_profile_lacks(file, profile, &(struct aa_access){.path = path, .perms = perms},
				NULL);
}

static void test_allowing(void)
{
	static const struct {
		const char *path;
		uint32_t perms, lacks;
	} rows[] = {
		{"/usr/bin/a", PERM_READ | PERM_MAP, 0},
		{"/opt/b c", PERM_READ, 0},
		{"/opt/b", PERM_READ, PERM_READ},
		{"/data/x/f", PERM_WRITE | PERM_APPEND, 0},
		{"/data/y/f", PERM_READ, 0},
		{"/data/z/f", PERM_READ, PERM_READ},
		{"/data/x/f", PERM_READ | PERM_LOCK, PERM_LOCK},
		{"/own/f", PERM_READ, PERM_READ},
		{"/front", PERM_READ, 0},
		{"/word", PERM_APPEND, 0},
		{"/quo ted", PERM_READ, 0},
		{"/group/b", PERM_READ, 0},
		{"/all/x", PERM_READ | PERM_WRITE | PERM_EXEC | PERM_LINK, 0},
		{"/all/secret", PERM_READ | PERM_WRITE, PERM_READ},
		{"/all/noise", PERM_APPEND, PERM_APPEND},
		{"/run/it", PERM_EXEC, PERM_READ | PERM_MAP},
		{"/l1", PERM_LINK, 0},
		{"/l2", PERM_LINK, 0},
		{"/inside", PERM_READ, PERM_READ},
		{"/block", PERM_READ, PERM_READ},
		{"/one/included", PERM_READ, 0},
		{"/one/deeper", PERM_READ, 0},
		{"/more/v", PERM_READ, 0},
	};
	_cleanup_aa_file_ struct aa_file file = {};
	uint32_t denied = 0;
	struct err err = {};
	size_t i;

	if (parse(whole, &file, &err))
		return;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EQ(lacks(&file, 0, rows[i].path, rows[i].perms), rows[i].lacks, "%s: %x is allowed",
		   rows[i].path, rows[i].perms);
	EQ(aa_profile_lacks(
		   &file, 0,
		   &(struct aa_access){.path = "/own/f", .perms = PERM_LOCK, .owner = true}, NULL),
	   0, "owners have more");
	EQ(aa_profile_lacks(
		   &file, 0,
		   &(struct aa_access){.path = "/block", .perms = PERM_READ, .owner = true}, NULL),
	   0, "what a block says holds for its rules");
	EQ(aa_profile_lacks(
		   &file, 0,
		   &(struct aa_access){.path = "/run/it", .perms = PERM_EXEC, .child = true}, NULL),
	   0, "a program that leaves the profile is not read in it");
	EQ(aa_profile_lacks(
		   &file, 0,
		   &(struct aa_access){.path = "/data/x/f", .perms = PERM_EXEC, .child = true},
		   NULL),
	   PERM_EXEC | PERM_MAP, "another one needs a transition");
	aa_profile_lacks(&file, 0, &(struct aa_access){.path = "/all/secret", .perms = PERM_READ},
			 &denied);
	EQ(denied, PERM_READ, "what a deny rule takes is told");
	EQ(lacks(&file, 3, "/any/where", PERM_READ | PERM_EXEC), 0, "file, is every file");
	EQ(lacks(&file, 1, "/inside", PERM_READ), 0, "a child has its own rules");
}

/* One rule a profile; does the first cover the second? */
static void covers_check(const char *wide, const char *narrow, bool want)
{
	_cleanup_aa_file_ struct aa_file a = {}, b = {};
	_cleanup_free_ char *one = xasprintf("profile p {\n  %s,\n}\n", wide);
	_cleanup_free_ char *two = xasprintf("profile p {\n  %s,\n}\n", narrow);
	struct err err = {};

	if (!CHECK(!parse(one, &a, &err) && !parse(two, &b, &err), "%s and %s are read%s", wide,
		   narrow, err.text))
		return;
	EQ(aa_profile_covers(&a, 0, &b, &b.rules[0]), want, "%s %s %s", wide,
	   want ? "covers" : "does not cover", narrow);
}

static void test_covering(void)
{
	covers_check("capability", "capability chown", true);
	covers_check("capability chown kill", "capability kill", true);
	covers_check("capability chown", "capability kill", false);
	covers_check("deny capability chown", "capability chown", false);
	covers_check("network", "network inet stream", true);
	covers_check("network inet", "network inet stream", true);
	covers_check("network inet stream", "network inet", false);
	covers_check("network inet dgram", "network inet stream", false);
	covers_check("network unix", "unix (connect) type=stream addr=\"@x\"", true);
	covers_check("network unix stream", "unix (connect) type=dgram", false);
	covers_check("signal", "signal (send) set=(hup) peer=x", true);
	covers_check("signal (send, receive) peer=x", "signal send set=(hup) peer=x", true);
	covers_check("signal w peer=x", "signal (send) peer=x", true);
	covers_check("signal (send) peer=x", "signal (send) peer=y", false);
	covers_check("signal (send) peer=x", "signal (send)", false);
	covers_check("signal set=(hup int)", "signal (send) set=(int, hup)", true);
	covers_check("signal set=(hup)", "signal (send) set=(int, hup)", false);
	covers_check("signal peer=@{profile_name}", "signal (send) peer=p", true);
	covers_check("signal peer=**", "signal (send) peer=/usr/bin/x", true);
	covers_check("ptrace (read) peer=x", "ptrace (trace) peer=x", false);
	covers_check("ptrace (read, trace) peer=x", "ptrace r peer=x", true);
	covers_check("unix (connect, send) peer=(addr=\"@x*\")",
		     "unix (send) type=stream peer=(addr=\"@xy\")", true);
	covers_check("unix (send) peer=(label=a, addr=@x)", "unix (send) peer=(addr=@x)", false);
	covers_check("mount", "mount fstype=tmpfs options=(rw) tmpfs -> /mnt/", true);
	covers_check("mount fstype=tmpfs -> /mnt/**", "mount fstype=tmpfs options=(rw) -> /mnt/a/",
		     true);
	covers_check("mount fstype=tmpfs -> /mnt/", "mount fstype=proc -> /mnt/", false);
	covers_check("umount /mnt/**", "umount /mnt/a/", true);
	covers_check("umount /mnt/a/", "umount /mnt/**", false);
	covers_check("change_profile -> a*", "change_profile -> ab", true);
	covers_check("change_profile -> a", "change_profile -> b", false);
	covers_check("all", "capability chown", true);
	covers_check("prompt /new r", "prompt  /new r", true);
	covers_check("prompt /new r", "prompt /else r", false);
	covers_check("userns", "userns create", true);
	covers_check("ptrace (readby), ptrace (read) peer=@{profile_name}",
		     "ptrace (read readby) peer=@{profile_name}", true);
	covers_check("signal set=(exists), signal (send) set=(hup) peer=x",
		     "signal (send) set=(exists hup) peer=x", true);
	covers_check("signal set=(exists), signal (send) set=(hup) peer=x",
		     "signal (send receive) set=(exists hup) peer=x", false);
	covers_check("capability chown, capability kill", "capability kill chown", true);
}

static void broken(const char *text, const char *want)
{
	struct aa_file file = {};
	struct err err = {};

	CHECK(parse(text, &file, &err) < 0, "refused: %s", want);
	EQ_STR(err.text, want, "... in one line");
	CHECK(!file.text, "... and nothing is left");
}

static void test_broken(void)
{
	_cleanup_free_ char *text = xcalloc(1, (1 << 17) + 40);
	struct aa_file file = {};
	struct err err = {};
	size_t i;

	broken("profile a {\n  /a r,\n", "t:3: a { without its }");
	broken("profile a {\n}\n}\n", "t:3: a } without its {");
	broken("profile a {\n  /a r\n}\n", "t:2: a rule without its comma");
	broken("profile a {\n  \"/a r,\n}\n", "t:2: a quote that is not closed");
	broken("profile a {\n  /a r,\n  frobnicate the thing,\n}\n",
	       "t:3: a rule that is not understood: frobnicate");
	broken("profile a {\n  capabilty chown,\n}\n",
	       "t:2: a rule that is not understood: capabilty");
	broken("profile a {\n  capability setuid, setgid,\n}\n",
	       "t:2: a rule that is not understood: setgid");
	broken("profile a {\n  /etc/x rz,\n}\n", "t:2: a rule that is not understood: /etc/x");
	broken("profile a {\n  \"x\ny\" q,\n}\n",
	       "t:2: a rule that is not understood: \"x\\012y\"");
	broken("profile a {\n  ,\n}\n", "t:2: a rule that is not understood: ,");
	broken("what {\n}\n", "t:1: a { that begins no profile");
	broken("include\t<>\n", "t:1: an include that names nothing");
	broken("include <loop>\n", "loop:1: files include one another without an end");
	broken("@{} = a\n", "t:1: an assignment to no variable");
	broken("\n@{a} = # none\n", "t:2: a variable without a value");
	broken("@{a} = b\n@{a} +=\n", "t:2: a variable without a value");
	memcpy(text, "profile a {\n/", 13);
	memset(text + 13, 'x', 1 << 17);
	CHECK(parse(text, &file, &err) < 0, "a rule without an end: %s", err.text);
	for (i = 0; i < 4000; i++)
		memcpy(text + i * 4, "a {\n", 4);
	memcpy(text, "^a {", 4);
	text[i * 4] = '\0';
	CHECK(parse(text, &file, &err) < 0, "many blocks in one another: %s", err.text);
}

/* What is asked of a file has an end, and then nothing is taken for an answer. */
static void test_undecided(void)
{
	static const char text[] = "profile a {\n  /x r,\n  /{*,*,*,*,*,*,*,*}/*Z r,\n"
				   "  signal (send) set=(hup) peer=*a*b*,\n}\n";
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};

	if (!EQ(parse(text, &file, &err), 0, "patterns of stars: %s", err.text))
		return;
	EQ(lacks(&file, 0, "/abc/bZ", PERM_READ), 0, "with steps enough");
	EQ(aa_file_decided(&file, &err), 0, "... it is decided");
	file.work->left = 50;
	EQ(lacks(&file, 0, "/abc/bZ", PERM_READ), PERM_READ, "without, it is not allowed");
	CHECK(aa_file_decided(&file, &err) < 0, "... and not decided");
	EQ_STR(err.text,
	       "t:3: what is asked of this profile takes more than 800 million steps: what it "
	       "allows is not decided",
	       "... which is said of the rule");
	EQ(aa_profile_covers(&file, 0, &file, &file.rules[2]), false, "... for all that follows");
	file.work->left = 50;
	file.work->last = NULL;
	EQ(aa_profile_covers(&file, 0, &file, &file.rules[2]), false, "of other rules, too");
	CHECK(aa_file_decided(&file, &err) < 0 && !strncmp(err.text, "t:4:", 4), "... %s",
	      err.text);
}

/* Variables are found whatever the order of their names. */
static void test_variables(void)
{
	static const char text[] = "@{b}=/b\n@{ab}=/ab\n@{a}=/a\n@{abc}=/abc\n@{b}+=/bb\n"
				   "profile p {\n  @{a} r,\n  @{ab} w,\n  @{abc} k,\n  @{b} r,\n"
				   "  @{ac} r,\n}\n";
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};

	if (!EQ(parse(text, &file, &err), 0, "variables: %s", err.text))
		return;
	EQ(file.variable_count, 4, "each once");
	EQ(lacks(&file, 0, "/a", PERM_READ | PERM_LOCK), PERM_LOCK, "@{a}");
	EQ(lacks(&file, 0, "/ab", PERM_READ | PERM_WRITE), PERM_READ, "@{ab}");
	EQ(lacks(&file, 0, "/abc", PERM_READ | PERM_LOCK), PERM_READ, "@{abc}");
	EQ(lacks(&file, 0, "/bb", PERM_READ), 0, "a value that was added");
	CHECK(file.rules[4].trouble != NULL, "one that is not there: %s", file.rules[4].trouble);
}

/* Nothing is installed: the words of our own. */
static void test_builtin(void)
{
	static const char text[] = "include <tunables/global>\nprofile x {\n"
				   "  include <abstractions/base>\n  @{PROC}/@{pid}/stat r,\n}\n";
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};

	if (!EQ(aa_file_parse("t", text, strlen(text), NULL, &file, &err), 0,
		"without a directory"))
		return;
	EQ(lacks(&file, 0, "/etc/ld.so.cache", PERM_READ), 0, "base is known");
	EQ(lacks(&file, 0, "/proc/4711/stat", PERM_READ), 0, "variables are known");
	EQ(lacks(&file, 0, "/proc/0/stat", PERM_READ), PERM_READ, "... exactly");
	CHECK(!file.includes[0].is_missing && !file.includes[1].is_missing, "nothing is missing");
}

static void test_text(void)
{
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_free_ char *got = NULL;
	struct err err = {};
	size_t i;
	static const struct {
		const char *rule, *want;
	} rows[] = {
		{"/a   rm", "/a mr"},
		{"mr /a", "/a mr"},
		{"file /a rm", "/a mr"},
		{"audit  deny owner /a\n  rw", "audit deny owner /a rw"},
		{"/a Px ->  b", "/a Px -> b"},
		{"signal ( send,receive ) peer=x", "signal (send, receive) peer=x"},
		{"file", "file"},
	};

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = xasprintf("profile p {\n %s,\n}\n", rows[i].rule);
		_cleanup_free_ char *shown = NULL;

		if (parse(text, &file, &err))
			continue;
		shown = aa_rule_text(&file.rules[0]);
		EQ_STR(shown, rows[i].want, "text of rule %zu", i);
		aa_file_drop(&file);
	}
}

int main(void)
{
	static const char *const names[] = {"tunables/global",
					    "tunables/more",
					    "abstractions/one",
					    "more.d/v",
					    "more.d/.hidden",
					    "more.d/old~",
					    "loop"};
	size_t i;

	if (!mkdtemp(dir) || chdir(dir) || mkdir("tunables", 0700) || mkdir("abstractions", 0700) ||
	    mkdir("more.d", 0700))
		return 1;
	file_make("tunables/global", "@{PROC} = /proc/\n");
	file_make("tunables/more", "@{more} = /more/\n");
	file_make("abstractions/one", "  /one/included r , include <more.d>\n");
	file_make("more.d/v", "@{more}/v r , /one/deeper r,\n");
	file_make("more.d/.hidden", "}\n");
	file_make("more.d/old~", "}\n");
	file_make("loop", "include <loop>\n");
	test_reading();
	test_allowing();
	test_covering();
	test_broken();
	test_undecided();
	test_variables();
	test_builtin();
	test_text();
	for (i = 0; i < ARRAY_SIZE(names); i++)
		unlink(names[i]);
	rmdir("tunables");
	rmdir("abstractions");
	rmdir("more.d");
	CHECK(!rmdir(dir), "nothing is left behind");
	return test_end();
}
