/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which abstractions are chosen for what was observed, at which price; those are the test's own. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apparmor/aa_abstractions.h"
#include "model/fact.h"
#include "test.h"

static char dir[] = "/tmp/leastcall-aa-XXXXXX";

static const struct {
	const char *name, *text;
} files[] = {
	{"tunables/global", "@{HOME} = /home/*/\n"},
	{"abstractions/base", "/etc/ld.so.cache r,\n/usr/lib/** mr,\nowner /own/** rw,\n"
			      "signal peer=@{profile_name},\n"},
	{"abstractions/python", "/usr/lib/python3/** r,\n/opt/python/** r,\n/etc/python/* r,\n"},
	{"abstractions/perl", "/opt/python/** r,\n/etc/python/* r,\ncapability sys_admin,\n"},
	{"abstractions/nameservice", "/etc/{hosts,passwd,group} r,\n/var/lib/nss/** rw,\n"
				     "network inet stream,\nnetwork inet dgram,\n"
				     "/run/nscd/** rw,\n/usr/sbin/helper Ux,\n"},
	{"abstractions/ruby", "/opt/python/** r,\n/etc/python/* r,\ndeny /etc/passwd r,\n"},
};

struct seen {
	const char *path;
	uint32_t perms;
	bool owner;
};

#define SEEN_MAX 12

/* The choice as text: "base 2 (2 worst ...); python 3". The caller frees it. */
static char *choice(const char *words, const char *without, const struct seen *seen,
		    char *ret_covered)
{
	_cleanup_aa_abstractions_ struct aa_abstractions all = {};
	_cleanup_aa_choices_ struct aa_choices choices = {};
	struct aa_access accesses[SEEN_MAX];
	struct aa_observed observed[SEEN_MAX];
	struct err err = {};
	char *text = NULL;
	size_t size = 0, count, i;
	FILE *out = xmemstream(&text, &size);

	for (count = 0; seen[count].path; count++) {
		accesses[count] = (struct aa_access){.path = seen[count].path,
						     .perms = seen[count].perms,
						     .owner = seen[count].owner};
		observed[count] = (struct aa_observed){.list = &accesses[count], .count = 1};
	}
	if (aa_abstractions_read(dir, words, &all, &err)) {
		fprintf(out, "%s", err.text);
	} else {
		aa_abstractions_choose(&all, without, observed, count, &choices);
		for (i = 0; i < choices.count; i++)
			fprintf(out, "%s%s %zu, %zu: %s", i ? "; " : "",
				choices.list[i].abstraction->name, choices.list[i].covers,
				choices.list[i].grants,
				choices.list[i].worst ? choices.list[i].worst : "-");
	}
	for (i = 0; i < count; i++)
		ret_covered[i] = observed[i].covered ? 'x' : '.';
	ret_covered[count] = '\0';
	fclose(out);
	return text;
}

static void chosen(const char *words, const char *without, const struct seen *seen,
		   const char *want, const char *want_covered)
{
	char covered[SEEN_MAX + 1];
	char *got = choice(words, without, seen, covered);

	EQ_STR(got, want, "%s: chosen", words);
	EQ_STR(covered, want_covered, "%s: what need not be written", words);
	free(got);
}

static void test_choosing(void)
{
	static const struct seen script[] = {
		{"/etc/ld.so.cache", PERM_READ, false},
		{"/usr/lib/x.so", PERM_READ | PERM_MAP, false},
		{"/usr/lib/y", PERM_READ | PERM_WRITE, false},
		{"/opt/python/a", PERM_READ, false},
		{"/opt/python/b", PERM_READ, false},
		{"/etc/python/c", PERM_READ, false},
		{"/etc/passwd", PERM_READ, false},
		{"/own/file", PERM_WRITE, true},
		{"/own/other", PERM_WRITE, false},
		{},
	};
	static const struct seen two[] = {
		{"/opt/python/a", PERM_READ, false}, {"/opt/python/b", PERM_READ, false}, {}};
	static const struct seen names[] = {{"/etc/hosts", PERM_READ, false},
					    {"/etc/passwd", PERM_READ, false},
					    {"/etc/group", PERM_READ, false},
					    {}};

	chosen("auto", NULL, script,
	       "base 3, 1: signal peer=@{profile_name}; python 3, 1: /usr/lib/python3/** r",
	       "xx.xxx.x.");
	chosen("auto", "base", script, "python 3, 1: /usr/lib/python3/** r", "...xxx...");
	chosen("base", NULL, script, "base 3, 1: signal peer=@{profile_name}", "xx.....x.");
	chosen("none", NULL, script, "", ".........");
	chosen("nameservice,perl", NULL, script,
	       "nameservice 1, 5: /usr/sbin/helper Ux; perl 3, 1: capability sys_admin",
	       "...xxxx..");
	chosen("auto", NULL, two, "base 0, 4: /usr/lib/** mr", "..");
	chosen("auto", NULL, names, "base 0, 4: /usr/lib/** mr", "...");
}

static void refused(const char *words)
{
	struct aa_abstractions all = {};
	struct err err = {};

	CHECK(aa_abstractions_read(dir, words, &all, &err) < 0 && *err.text && !all.list, "%s: %s",
	      words, err.text);
}

int main(void)
{
	size_t i;

	if (!mkdtemp(dir) || chdir(dir) || mkdir("tunables", 0700) || mkdir("abstractions", 0700))
		return 1;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *file = fopen(files[i].name, "w");

		CHECK(file && fputs(files[i].text, file) >= 0 && !fclose(file), "%s is written",
		      files[i].name);
	}
	test_choosing();
	refused("../../etc/passwd");
	refused("a\nb");
	refused("base,nothing");
	refused("/etc/passwd");
	for (i = 0; i < ARRAY_SIZE(files); i++)
		unlink(files[i].name);
	rmdir("tunables");
	rmdir("abstractions");
	CHECK(!rmdir(dir), "nothing is left behind");
	return test_end();
}
