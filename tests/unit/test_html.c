/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The page: what is escaped, that its elements are closed in order, that ids are there once and links
 * lead to them, and that nothing of a hostile recording becomes an element. What it looks like is
 * tests/page's.
 */
#include <stdlib.h>

#include "emit/html.h"
#include "test.h"

static char *written(void (*fn)(const char *text, FILE *out), const char *text)
{
	char *ret = NULL;
	size_t size;
	FILE *out = xmemstream(&ret, &size);

	fn(text, out);
	fclose(out);
	return ret;
}

static void escapes(void)
{
	static const struct {
		void (*fn)(const char *text, FILE *out);
		const char *text, *want, *words;
	} rows[] = {
		{html_text, "a<b>&\"'c", "a&#60;b&#62;&#38;&#34;&#39;c", "what HTML reads"},
		{html_text, "a\n\033[31m", "a\\012\\033[31m", "controls are made visible"},
		{html_text, "\xe2\x80\xaex", "\\342\\200\\256x", "so is what turns text around"},
		{html_text, "caf\xc3\xa9", "caf\xc3\xa9", "letters stay"},
		{html_text, "\xff<", "\\377&#60;", "what is no UTF-8 is made visible"},
		{html_raw, "a\n\tb<", "a\n\tb&#60;", "lines of a profile stay"},
		{html_raw, "\033\x7f\xff\xc2\x85", "&#xfffd;&#xfffd;&#xfffd;&#xfffd;",
		 "controls in a profile do not"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *got = written(rows[i].fn, rows[i].text);

		EQ_STR(got, rows[i].want, "%s", rows[i].words);
	}
}

static void assets(void)
{
	_cleanup_free_ char *policy = page_policy();

	CHECK(strstr(page_css, "prefers-color-scheme"), "the style is there");
	CHECK(strstr(page_js, "aria-sort"), "the script is there");
	CHECK(!strstr(page_css, "</") && !strcasestr(page_js, "</script"),
	      "neither ends its element itself");
	CHECK(!strcasestr(page_js, "innerHTML") && !strstr(page_js, "eval") &&
		      !strstr(page_js, "http"),
	      "the script parses no HTML, and asks nobody");
	CHECK(!strstr(page_css, "url(") && !strstr(page_css, "@import"), "nor does the style");
	CHECK(strstr(policy, "default-src 'none'") && !strstr(policy, "unsafe"),
	      "the policy is strict");
}

/* ---- what a page is made of ------------------------------------------------------------------ */

static bool is_void(const char *name)
{
	return !strcmp(name, "meta");
}

#define DEPTH_MAX 200

struct check {
	char open[DEPTH_MAX][16];
	size_t depth, elements;
	const char *wrong; /* where; NULL: nowhere */
};

/* One element from its < on. Returns what is behind it; the text of style and script is passed over. */
static const char *element_check(struct check *check, const char *at)
{
	char name[16] = "";
	const char *start = at;
	bool closes = at[1] == '/', quoted = false;

	sscanf(at + 1 + closes, "%15[a-z0-9]", name);
	for (at++; *at && (quoted || *at != '>'); at++)
		quoted ^= *at == '"';
	if (!*at || !*name)
		check->wrong = start;
	else if (closes && (!check->depth || strcmp(check->open[check->depth - 1], name) != 0))
		check->wrong = start;
	else if (closes)
		check->depth--;
	else if (at[-1] != '/' && !is_void(name) && check->depth < DEPTH_MAX)
		snprintf(check->open[check->depth++], sizeof(name), "%s", name);
	check->elements++;
	if (!strcmp(name, "style") || !strcmp(name, "script"))
		at = closes ? at : strstr(at, "</") - 1;
	return at + 1;
}

static void well_formed(const char *page, const char *words)
{
	struct check check = {};
	const char *at = page + strlen("<!DOCTYPE html>");

	while (*at && !check.wrong)
		at = *at == '<' ? element_check(&check, at) : at + 1;
	CHECK(!check.wrong, "%s: elements are closed in order: %.100s", words,
	      check.wrong ? check.wrong : "yes");
	EQ(check.depth, 0, "%s: all of %zu", words, check.elements);
}

static void ids(const char *page, const char *words)
{
	const char *at = page, *wrong = NULL;
	char id[64], wanted[80];

	for (; (at = strstr(at, " id=\"")); at++) {
		sscanf(at, " id=\"%60[^\"]", id);
		snprintf(wanted, sizeof(wanted), " id=\"%s\"", id);
		if (strstr(at + 1, wanted))
			wrong = at;
	}
	CHECK(!wrong, "%s: no id is there twice: %.60s", words, wrong ? wrong : "none");
	for (at = page; (at = strstr(at, "href=\"#")); at++) {
		sscanf(at, "href=\"#%60[^\"]", id);
		snprintf(wanted, sizeof(wanted), " id=\"%s\"", id);
		if (!strstr(page, wanted))
			wrong = at;
	}
	CHECK(!wrong, "%s: every link leads somewhere: %.60s", words, wrong ? wrong : "yes");
}

#define RUN     "\"run\":\"aaaaaaaaaaaaaaaa\""
#define EVIL    "<script>alert(1)</script>\\\"'><img src=x onerror=alert(1)>&amp;"
#define OF_EVIL RUN ",\"workload\":\"" EVIL "\",\"exe\":\"/" EVIL "\""

static const char *const hostile[] = {
	"{\"fact\":\"recording\"," RUN ",\"format\":1,\"what\":\"" EVIL "\",\"target\":\"" EVIL
	"\",\"kernel\":\"" EVIL "\",\"machine\":\"x86_64\",\"tool\":\"" EVIL
	"\",\"started\":\"" EVIL "\",\"files\":true}",
	"{\"fact\":\"workload\"," RUN ",\"workload\":\"" EVIL "\",\"cgroup\":\"" EVIL
	"\",\"scope\":\"cgroup\",\"root\":\"/" EVIL "\",\"engine\":\"" EVIL "\",\"id\":\"" EVIL
	"\",\"image\":\"" EVIL "\"}",
	"{\"fact\":\"syscall\"," OF_EVIL
	",\"abi\":\"x86_64\",\"nr\":0,\"count\":1,\"first_ns\":1,\"errnos\":[0]}",
	"{\"fact\":\"syscall\"," RUN ",\"workload\":\"" EVIL "\",\"exe\":\"/"
	"b\",\"abi\":\"x86_64\",\"nr\":321,\"count\":1,\"first_ns\":9000,\"errnos\":[1]}",
	"{\"fact\":\"syscall\"," RUN ",\"workload\":\"" EVIL "#2\",\"exe\":\"/"
	"b\",\"abi\":\"x86_64\",\"nr\":3,\"count\":1,\"first_ns\":9000,\"errnos\":[0]}",
	"{\"fact\":\"denied\"," OF_EVIL ",\"abi\":\"x86_64\",\"nr\":83,\"errno\":1,\"count\":2}",
	"{\"fact\":\"file\"," OF_EVIL ",\"path\":\"/a/" EVIL "\",\"perms\":\"r\",\"flags\":[]}",
	"{\"fact\":\"file\"," OF_EVIL ",\"path\":\"/a/b\",\"perms\":\"rw\",\"flags\":[]}",
	"{\"fact\":\"socket\"," OF_EVIL ",\"family\":2,\"type\":1}",
	"{\"fact\":\"capability\"," OF_EVIL ",\"capability\":21}",
	"{\"fact\":\"note\"," RUN ",\"what\":\"x\",\"text\":\"" EVIL "\"}",
	"{\"fact\":\"incomplete\"," RUN ",\"workload\":\"" EVIL "\",\"what\":\"x\",\"text\":\"" EVIL
	"\",\"count\":3}",
};

static struct model *model_of(const char *const *lines, size_t count)
{
	struct model *model = model_new();

	for (size_t i = 0; i < count; i++) {
		struct fact_storage *storage = NULL;
		struct err err = {};
		struct fact fact;
		int r = fact_parse(lines[i], strlen(lines[i]), &fact, &storage, &err);

		if (!r)
			r = model_add(model, &fact, &err);
		if (r)
			EQ_STR(err.text, "", "line %zu of the recording", i);
		else
			fact_free(storage);
	}
	model_seal(model);
	return model;
}

static char *page_of(const struct model *model, const struct emit_options *options)
{
	char *page = NULL;
	size_t size;
	FILE *out = xmemstream(&page, &size);
	struct err err = {};

	EQ(show_emit_html(model, options, out, &err), 0, "a page is made");
	fclose(out);
	return page;
}

static size_t counted(const char *page, const char *what)
{
	size_t count = 0;

	for (; (page = strstr(page, what)); page++)
		count++;
	return count;
}

static void hostile_recording(void)
{
	struct model *model = model_of(hostile, ARRAY_SIZE(hostile));
	struct emit_options options = {.setup = true};
	_cleanup_free_ char *page = page_of(model, &options);

	well_formed(page, "a hostile recording");
	ids(page, "a hostile recording");
	EQ(counted(page, "<script>"), 1, "no script but ours");
	EQ(counted(page, "<img"), 0, "no picture");
	CHECK(strstr(page, "&#60;script&#62;alert(1)"), "its names are there as text");
	CHECK(strstr(page, "Denied by seccomp"), "denied calls are there");
	CHECK(strstr(page, "Incomplete:"), "losses are there");
	CHECK(strstr(page, "<h3 id=\"instance2\">"), "a later instance stands apart");
	model_free(model);
}

/* Deeper than any browser nests elements, and a path once for each of its flags. */
static void deep_files(void)
{
	struct model *model = model_new();
	_cleanup_free_ char *page = NULL;
	struct emit_options options = {};
	char path[4000] = "";
	struct err err = {};
	size_t bad = 0, i;

	for (i = 0; i < 900; i++) {
		struct fact fact = {.kind = FACT_FILE,
				    .run = "aaaaaaaaaaaaaaaa",
				    .workload = "w",
				    .exe = "/b",
				    .file = {.path = path, .perms = PERM_READ, .flags = i % 2}};

		strcat(path, "/a");
		bad += model_add(model, &fact, &err) != 0;
		strcat(path, "/");
		bad += model_add(model, &fact, &err) != 0;
		path[strlen(path) - 1] = '\0';
	}
	EQ(bad, 0, "deep paths are taken in");
	model_seal(model);
	page = page_of(model, &options);
	well_formed(page, "deep files");
	ids(page, "files, and no call");
	EQ(counted(page, "<li><code class=\"perms\">"), 1800, "every path is there");
	CHECK(counted(page, "<li><details") < 60, "but not nested so deep");
	model_free(model);
}

int main(void)
{
	escapes();
	assets();
	hostile_recording();
	deep_files();
	return test_end();
}
