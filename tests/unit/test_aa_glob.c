/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Patterns of AppArmor: a table of what matches what, our matcher against it, and apparmor_parser
 * against both: the automaton that it prints is followed by hand.
 */
#include "apparmor/aa_glob.h"
#include "random.h"
#include "witness.h"

static uint64_t steps = UINT64_MAX;

static const struct {
	const char *pattern;
	const char *matches, *not ; /* paths with a blank between */
} rows[] = {
	{"/a/b", "/a/b", "/a /a/b/ /a/bc"},
	{"/a//b", "/a/b", "/a//b"},
	{"//a//b", "//a/b", "/a/b"},
	{"/dir/*", "/dir/a /dir/.a /dir/*", "/dir/ /dir /dir/a/ /dir/a/b"},
	{"/dir/*/", "/dir/a/", "/dir// /dir/ /dir/a"},
	{"/dir/**", "/dir/a /dir/a/b /dir/a/", "/dir/ /dir"},
	{"/dir/**/", "/dir/a/ /dir/a/b/", "/dir/ /dir/a /dir//"},
	{"/dir/***", "/dir/a/b", "/dir/"},
	{"/**/x", "/a/x /a/b/x", "/x //x"},
	{"/dir/*x", "/dir/x /dir/ax", "/dir/ax/ /dir/a/x"},
	{"/dir/**x", "/dir/x /dir/a/x", "/dir/ /dir/xy"},
	{"/dir/x*", "/dir/x /dir/xa", "/dir/ /dir/x/ /dir/x/a"},
	{"/dir/{,*}", "/dir/ /dir/a", "/dir /dir/a/"},
	{"/dir/{*,b}", "/dir/ /dir/a /dir/b", "/dir/a/b"},
	{"/dir/{**,}", "/dir/ /dir/a/b", "/dir"},
	{"/a?c", "/abc /a?c", "/a/c /ac /abbc"},
	{"/a[bc]d", "/abd /acd", "/ad /abcd /a/d"},
	{"/a[b-d]e", "/abe /ace /ade", "/aee /a-e"},
	{"/a[^b]c", "/axc /a/c", "/abc /ac"},
	{"/a[^b-d/]c", "/axc", "/abc /acc /a/c"},
	{"/a[b^]c", "/a^c /abc", "/axc"},
	{"/a[b-]c", "/a-c /abc", "/axc"},
	{"/a{b,c}d", "/abd /acd", "/ad /a{b,c}d"},
	{"/a{b,}d", "/abd /ad", "/acd"},
	{"/a{b,c{d,e},}f", "/abf /acdf /acef /af", "/acf /adf"},
	{"/a{b,c/**}", "/ab /ac/ /ac/x", "/ac"},
	{"/a,b", "/a,b", "/a /b"},
	{"/a\\*b", "/a*b", "/ab /axb"},
	{"/a\\052b", "/a*b", "/ab /axb"},
	{"/a\\x2ab", "/a*b", "/axb"},
	{"/a\\{b,c\\}", "/a{b,c}", "/ab /ac"},
	{"/a\\134b", "/a\\b", "/ab"},
	{"/a\\[b\\]", "/a[b]", "/ab"},
	{"/a^b", "/a^b", "/ab"},
	{"/lib{,32,64}/**.so*", "/lib/a.so /lib64/x/b.so.6 /lib/.so", "/lib/a /lib128/a.so"},
	{"/proc/{[1-9],[1-9][0-9]}/maps", "/proc/1/maps /proc/12/maps",
	 "/proc/0/maps /proc/123/maps"},
	{"/tmp/tmp[a-zA-Z0-9_][a-zA-Z0-9_]", "/tmp/tmpa_", "/tmp/tmpa /tmp/tmpabc /tmp/tmpa-"},
};

static const char *const broken[] = {"/a{b", "/a{b}",  "/a}b", "/a[b",  "/a[]b",
				     "/a]b", "/a{b,c", "/a\\", "/a[^]", "/a\\000b"};

/* Each path of a list; the list is over where NULL comes back. */
static const char *path_next(const char **list, char path[64])
{
	size_t size = strcspn(*list, " ");

	if (!size)
		return NULL;
	snprintf(path, 64, "%.*s", (int)size, *list);
	*list += size + strspn(*list + size, " ");
	return path;
}

static void test_table(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *yes = rows[i].matches, *no = rows[i].not ;
		struct aa_glob *glob = NULL;
		struct err err = {};

		if (!EQ(aa_glob_make(rows[i].pattern, &glob, &err), 0, "%s: %s", rows[i].pattern,
			err.text))
			continue;
		while (path_next(&yes, path))
			CHECK(aa_glob_match(glob, path, &steps), "%s matches %s", rows[i].pattern,
			      path);
		while (path_next(&no, path))
			CHECK(!aa_glob_match(glob, path, &steps), "%s does not match %s",
			      rows[i].pattern, path);
		aa_glob_free(glob);
	}
}

static void test_broken(void)
{
	char *deep = xcalloc(1, AA_PATTERN_MAX + 2);
	struct aa_glob *glob = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		struct err err = {};

		CHECK(aa_glob_make(broken[i], &glob, &err) < 0 && *err.text, "%s: %s", broken[i],
		      err.text);
	}
	struct err err = {};

	memset(deep, '{', 60);
	CHECK(aa_glob_make(deep, &glob, &err) < 0, "sixty groups in one another: %s", err.text);
	memset(deep, 'a', AA_PATTERN_MAX + 1);
	CHECK(aa_glob_make(deep, &glob, &err) < 0, "a long pattern: %s", err.text);
	free(deep);
}

/* Steps are taken, and where they do not suffice nothing matches. */
static void test_steps(void)
{
	uint64_t left = 1000000, used;
	struct aa_glob *glob = NULL;
	struct err err;

	if (!EQ(aa_glob_make("/a*b*c", &glob, &err), 0, "a pattern of two stars"))
		return;
	CHECK(aa_glob_match(glob, "/axbxc", &left), "steps that suffice");
	used = 1000000 - left;
	CHECK(used > 10 && used < 1000, "about as many as it has places: %u", (unsigned int)used);
	left = 100;
	CHECK(!aa_glob_match(glob, "/axxxxxxxxxxxxxxxxxxxxxxxxxxxxxbxc", &left) && !left,
	      "steps that do not");
	left = 1;
	CHECK(!aa_steps_take(&left, 1) && !left, "the last one is none");
	aa_glob_free(glob);
}

/* A pattern that makes others look at every way to match. */
static void sampled(const char *pattern, const char *want)
{
	struct aa_glob *glob = NULL;
	char *got = NULL;
	struct err err;

	if (!aa_glob_make(pattern, &glob, &err))
		got = aa_glob_sample(glob);
	EQ_STR(got, want, "%s: a path", pattern);
	CHECK(!got || aa_glob_match(glob, got, &steps), "... that it matches");
	aa_glob_free(glob);
	free(got);
}

static void test_sampling(void)
{
	sampled("/a/b", "/a/b");
	sampled("/a/*", "/a/\x7f\x7f");
	sampled("/a/**b?", "/a/\x7f"
			   "b\x7f");
	sampled("/a/[0-9][^a-z]", "/a/9\x7f");
	sampled("/{[1-9],[1-9][0-9]}/x", "/99/x");
	sampled("/{[1-9],[1-9][0-9],x}/x", NULL);
	sampled("/a/{b,c}", NULL);
	sampled("/a/{*,**}", "/a/\x7f");
	sampled("/a/{,*}", "/a/\x7f");
}

static void test_slow(void)
{
	char pattern[400] = "/", path[4097] = "/";
	struct aa_glob *glob = NULL;
	struct err err;
	size_t i;

	for (i = 0; i < 90; i++)
		memcpy(pattern + 1 + i * 4, "**a*", 4);
	memcpy(pattern + 1 + i * 4, "b", 2);
	memset(path + 1, 'a', sizeof(path) - 2);
	CHECK(!aa_glob_make(pattern, &glob, &err) && !aa_glob_match(glob, path, &steps),
	      "a long path against 180 stars");
	aa_glob_free(glob);
}

/* ---- the parser's automaton --------------------------------------------------------------- */

#define STATES_MAX 400

/* Where each byte leads; 0: nowhere. */
struct automaton {
	int start, next[STATES_MAX][256];
	bool accepts[STATES_MAX];
};

/* The bytes of "[^\x0/]": everything but these. */
static void excluded_read(const char *label, bool excluded[256])
{
	const char *at = label + 2;

	memset(excluded, 0, 256);
	while (*at && strncmp(at, "] ->", 4) != 0)
		excluded[*at == '\\' ? aa_escape_read(&at) & 0xff : (unsigned char)*at++] = true;
}

/* "    d 0x64 -> {3}", "    [^\x0/] -> {8}  (0x ..)", "    [] -> {4}": the last two are for the rest. */
static bool edge_read(struct automaton *to, int from, const char *line)
{
	const char *arrow = strstr(line, " -> {"), *hex = arrow;
	bool excluded[256];
	int state, byte;

	for (const char *next = arrow; next; next = strstr(next + 1, " -> {"))
		arrow = next;
	if (!arrow || sscanf(arrow, " -> {%d}", &state) != 1 || state <= 0 || state >= STATES_MAX)
		return false;
	if (!strncmp(line, "    [] ->", 9) || !strncmp(line, "    [^", 6)) {
		excluded_read(line + 4, excluded);
		for (byte = 1; byte < 256; byte++)
			if (!to->next[from][byte] && (line[5] == ']' || !excluded[byte]))
				to->next[from][byte] = state;
		return true;
	}
	for (hex = arrow - 1; hex > line && *hex != ' '; hex--)
		;
	if (sscanf(hex, " 0x%x", (unsigned int *)&byte) != 1 || byte > 255)
		return false;
	to->next[from][byte] = state;
	return true;
}

/* The first automaton of the dump is that of the files. */
static bool automaton_read(struct automaton *to, char *text)
{
	int from = 0, state;
	char *line, *rest;

	memset(to, 0, sizeof(*to));
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "{%d}", &state) == 1) {
			if (state <= 0 || state >= STATES_MAX)
				return false;
			if (strstr(line, "} <==")) {
				if (to->start)
					break;
				to->start = state;
			} else if (strstr(line, "} (0x")) {
				to->accepts[state] = true;
			} else {
				from = state;
			}
		} else if (!strncmp(line, "    ", 4) && !edge_read(to, from, line)) {
			return false;
		}
	}
	return to->start != 0;
}

static bool automaton_match(const struct automaton *automaton, const char *path)
{
	int state = automaton->start;

	for (; *path && state; path++)
		state = automaton->next[state][(unsigned char)*path];
	return state && automaton->accepts[state];
}

/* It prints the automaton on stderr. */
static const char *const parser[] = {"sh", "-c",
				     "exec apparmor_parser -Q -K -T "
				     "--kernel-features=/etc/apparmor.d/abi/3.0 -D dfa-states 2>&1",
				     NULL};

/* 1: asked; 0: it does not take the pattern; -1: it can't be asked. */
static int automaton_ask(const char *pattern, struct automaton *ret)
{
	_cleanup_free_ char *profile =
		xasprintf("abi <abi/3.0>,\nprofile x {\n  \"%s\" r,\n}\n", pattern);
	_cleanup_free_ char *output = NULL;
	int status = run(parser, profile, &output);

	if (status)
		return status == 1 ? 0 : -1;
	return automaton_read(ret, output) ? 1 : -1;
}

static const char *const pieces[] = {"/",  "/",     "a",     "b",       "*",     "**",
				     "?",  "{a,b}", "{,a}",  "[ab]",    "[^a]",  "[^/]",
				     "/*", "/**",   "{*,b}", "{a/,/*}", "\\052", "^"};

static void pattern_make(char pattern[64])
{
	unsigned int count = 1 + random_below(6);

	strcpy(pattern, "/");
	while (count--)
		strncat(pattern, pieces[random_below(ARRAY_SIZE(pieces))], 63 - strlen(pattern));
}

static void path_make(char path[10])
{
	static const char bytes[] = "//ab*^";
	unsigned int count = random_below(7), i;

	path[0] = '/';
	for (i = 1; i <= count; i++)
		path[i] = bytes[random_below(sizeof(bytes) - 1)];
	path[i] = '\0';
}

static void test_parser(void)
{
	struct automaton *automaton = xcalloc(1, sizeof(*automaton));
	int rounds = 0, wrong = 0, asked = 0, i;
	char pattern[64], path[64];

	if (automaton_ask("/x", automaton) < 0) {
		SKIP("apparmor_parser as a witness: it, or its abi/3.0, is not here");
		free(automaton);
		return;
	}
	random_seed(7);
	for (rounds = 0; rounds < 60 + (int)ARRAY_SIZE(rows) && !wrong; rounds++) {
		const char *lists = NULL;
		struct aa_glob *glob = NULL;
		struct err err;

		if (rounds < (int)ARRAY_SIZE(rows)) {
			snprintf(pattern, sizeof(pattern), "%s", rows[rounds].pattern);
			lists = rows[rounds].matches;
		} else {
			pattern_make(pattern);
		}
		if (automaton_ask(pattern, automaton) != 1 || aa_glob_make(pattern, &glob, &err)) {
			aa_glob_free(glob);
			continue;
		}
		asked++;
		for (i = 0; i < 200 && !wrong; i++) {
			if (!lists || !path_next(&lists, path))
				path_make(path);
			if (automaton_match(automaton, path) != aa_glob_match(glob, path, &steps))
				wrong += !CHECK(false, "%s and %s: the parser says %d", pattern,
						path, automaton_match(automaton, path));
		}
		aa_glob_free(glob);
	}
	CHECK(!wrong && asked > 60, "apparmor_parser matches the same paths: %d patterns", asked);
	free(automaton);
}

int main(void)
{
	test_table();
	test_broken();
	test_steps();
	test_sampling();
	test_slow();
	test_parser();
	return test_end();
}
