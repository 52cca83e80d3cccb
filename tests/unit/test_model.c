/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The set of facts: its algebra over random facts, how files are read, and what a sealed model says
 * of itself. The random facts come from a fixed seed: a failure comes again.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "model/fact_field.h"
#include "model/fact_merge.h"
#include "model/model.h"
#include "test.h"

#define FACTS     400
#define WORD_SIZE 24

static uint32_t state = 1;

static uint32_t random_below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % bound;
}

/* Few different words, so that keys meet. They live as long as the test. */
static const char *random_word(const char *prefix)
{
	static char words[10 * FACTS][WORD_SIZE];
	static size_t used;
	char *word = words[used++ % ARRAY_SIZE(words)];

	snprintf(word, WORD_SIZE, "%s%u", prefix, random_below(3));
	return word;
}

static uint16_t codes[FACTS][4];

/* Any fact but a header or an end; those are one a run. */
static struct fact random_fact(size_t index)
{
	static const char *const runs[] = {"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb",
					   "cccccccccccccccc"};
	static char lines[FACTS][WORD_SIZE];
	struct fact fact = {.kind = random_below(FACT_KINDS), .run = runs[random_below(3)]};
	size_t i, count = random_below(5);

	fact.workload = random_word("w");
	fact.exe = random_below(4) ? random_word("/bin/e") : NULL;
	if (fact_has_phase(fact.kind))
		fact.phase = random_below(PHASES);
	switch (fact.kind) {
	case FACT_RECORDING:
		fact.workload = fact.exe = NULL;
		fact.recording.format = RECORDING_FORMAT;
		fact.recording.what = random_word("what");
		fact.recording.kernel = random_below(2) ? random_word("6.") : NULL;
		fact.recording.files = random_below(2);
		break;
	case FACT_WORKLOAD:
		fact.exe = NULL;
		fact.workload_.cgroup = random_below(2) ? random_word("/cg") : NULL;
		fact.workload_.scope = random_word("cgroup");
		fact.workload_.root = random_below(2) ? random_word("/bin/r") : NULL;
		fact.workload_.engine = random_below(2) ? random_word("engine") : NULL;
		fact.workload_.id = random_below(2) ? random_word("id") : NULL;
		fact.workload_.image = random_below(2) ? random_word("image") : NULL;
		break;
	case FACT_SYSCALL:
		fact.syscall.abi = random_below(2) ? ABI_X86_64 : ABI_I386;
		fact.syscall.nr = 100 + random_below(4);
		fact.syscall.sub = fact.syscall.abi == ABI_I386 ? random_below(3) : 0;
		fact.syscall.count = 1 + random_below(9);
		fact.syscall.first_ns = random_below(9);
		fact.syscall.interrupted = random_below(3);
		fact.syscall.has_errnos = random_below(3);
		for (i = 0; i < count && i < 4; i++)
			codes[index][i] = (uint16_t)(i * 10 + random_below(10));
		fact.syscall.errnos = (struct errno_set){codes[index], i};
		break;
	case FACT_DENIED:
		fact.denied.abi = ABI_X86_64;
		fact.denied.nr = random_below(4);
		fact.denied.errnum = random_below(2);
		fact.denied.count = 1 + random_below(9);
		break;
	case FACT_ARGUMENTS:
		fact.arguments.abi = ABI_X86_64;
		fact.arguments.nr = 40 + random_below(3);
		fact.arguments.known = random_below(8);
		for (i = 0; i < CALL_ARGS; i++)
			if (fact.arguments.known & 1u << i)
				fact.arguments.values[i] = random_below(3);
		fact.arguments.count = 1 + random_below(9);
		break;
	case FACT_FILE:
		fact.file.path = random_word("/etc/f");
		fact.file.perms = 1u << random_below(7);
		fact.file.flags = random_below(32) & random_below(32);
		fact.file.owner = random_below(3);
		break;
	case FACT_SOCKET:
		fact.socket.family = random_below(3);
		fact.socket.type = random_below(3);
		break;
	case FACT_CAPABILITY:
		fact.capability.capability = random_below(4);
		fact.capability.inferred = random_below(2);
		fact.capability.silent = random_below(2);
		break;
	case FACT_OPERATION:
		fact.operation.op = random_below(OPERATIONS);
		fact.operation.source = random_below(2) ? random_word("/s") : NULL;
		fact.operation.target = random_below(2) ? random_word("/t") : NULL;
		fact.operation.detail = random_below(2) ? random_word("d") : NULL;
		fact.operation.number = random_below(2);
		fact.operation.peer = random_below(PEERS);
		fact.operation.flags = random_below(2);
		break;
	case FACT_FRAME:
		fact.frame.abi = random_below(ABI_COUNT);
		fact.frame.nr = random_below(3);
		fact.frame.depth = random_below(3);
		fact.frame.file = random_word("/lib");
		fact.frame.function = random_below(2) ? random_word("f") : NULL;
		fact.frame.offset = random_below(3);
		fact.frame.build_id = random_below(2) ? random_word("0a") : NULL;
		break;
	case FACT_NOTE:
		fact.workload = random_below(2) ? fact.workload : NULL;
		fact.exe = NULL;
		fact.note.what = random_word("n");
		fact.note.text = random_word("t");
		break;
	case FACT_INCOMPLETE:
		fact.workload = random_below(2) ? fact.workload : NULL;
		fact.exe = NULL;
		fact.incomplete.what = random_word("i");
		fact.incomplete.text = random_word("t");
		fact.incomplete.count = random_below(4);
		break;
	case FACT_END:
		fact.workload = fact.exe = NULL;
		fact.end.calls = random_below(9);
		fact.end.events = random_below(9);
		fact.end.dropped = random_below(9);
		fact.end.repaired = random_below(9);
		fact.end.duration_ns = random_below(9);
		fact.end.complete = random_below(2);
		fact.end.status = (int)random_below(3) - 1;
		break;
	default:
		fact = (struct fact){.kind = FACT_OTHER};
		snprintf(lines[index], WORD_SIZE, "{\"fact\":\"odd%u\"}", random_below(5));
		fact.other.line = lines[index];
		break;
	}
	return fact;
}

static void add(struct model *model, const struct fact *facts, size_t count)
{
	struct err err;
	size_t i;

	for (i = 0; i < count; i++)
		if (model_add(model, &facts[i], &err))
			abort();
}

/* Seals, writes and frees. The caller frees the text. */
static char *written(struct model *model)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	model_seal(model);
	if (!out || model_write(model, out) || fclose(out) == EOF)
		abort();
	model_free(model);
	return text;
}

/* The text as a file, and the file in the model. */
static int text_read(struct model *model, const char *text, size_t size, struct err *err)
{
	char path[] = "/tmp/leastcall-model-XXXXXX";
	int fd = mkstemp(path), code;

	if (fd < 0 || write(fd, text, size) != (ssize_t)size || close(fd) < 0)
		abort();
	code = model_read(model, path, err);
	unlink(path);
	return code;
}

static void shuffle(struct fact *facts, size_t count)
{
	for (; count > 1; count--) {
		size_t k = random_below((uint32_t)count);
		struct fact fact = facts[k];

		facts[k] = facts[count - 1];
		facts[count - 1] = fact;
	}
}

/* One round of random facts; how many laws it broke, by name in *broken. */
static int laws_broken(const char **broken)
{
	static struct fact facts[FACTS];
	struct model *model = model_new();
	struct err err = {};
	char *all, *other, *half[2];
	size_t i;
	int bad = 0;

	for (i = 0; i < FACTS; i++)
		facts[i] = random_fact(i);
	add(model, facts, FACTS);
	all = written(model);

	model = model_new();
	add(model, facts, FACTS);
	add(model, facts, FACTS);
	other = written(model);
	bad += strcmp(all, other) ? *broken = "idempotent", 1 : 0;
	free(other);

	shuffle(facts, FACTS);
	model = model_new();
	add(model, facts, FACTS);
	other = written(model);
	bad += strcmp(all, other) ? *broken = "commutative", 1 : 0;
	free(other);

	/* Halves, written and read again, in both orders: associative, and nothing is lost. */
	for (i = 0; i < 2; i++) {
		model = model_new();
		add(model, facts + i * FACTS / 2, FACTS / 2);
		half[i] = written(model);
	}
	for (i = 0; i < 2; i++) {
		model = model_new();
		if (text_read(model, half[i], strlen(half[i]), &err) ||
		    text_read(model, half[!i], strlen(half[!i]), &err))
			*broken = "readable", bad++;
		other = written(model);
		bad += strcmp(all, other) ? *broken = "associative", 1 : 0;
		free(other);
	}
	free(half[0]);
	free(half[1]);
	free(all);
	return bad;
}

static void test_laws(void)
{
	const char *broken = "";
	int rounds, bad = 0;

	for (rounds = 0; rounds < 30; rounds++)
		bad += laws_broken(&broken);
	EQ(bad, 0, "30 rounds of %d random facts: a union is a union %s", FACTS, broken);
}

#define HEADER(run)                                                                                \
	"{\"fact\":\"recording\",\"run\":\"" run                                                   \
	"\",\"format\":1,\"what\":\"command\",\"files\":true}\n"
#define END(run, complete)                                                                         \
	"{\"fact\":\"end\",\"run\":\"" run                                                         \
	"\",\"calls\":1,\"events\":1,\"dropped\":0,\"repaired\":0,\"duration_ns\":1,"              \
	"\"complete\":" complete "}\n"
#define CALL(run, count)                                                                           \
	"{\"fact\":\"syscall\",\"run\":\"" run                                                     \
	"\",\"workload\":\"w\",\"abi\":\"x86_64\",\"nr\":1,\"count\":" count ",\"first_ns\":5}\n"
#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"

/* Reads, and says in a line what came of it. */
static const char *reading(const char *text, size_t size)
{
	static char line[2048];
	struct model *model = model_new();
	const struct fact *facts;
	struct err err = {};
	char *colon;

	if (text_read(model, text, size, &err)) {
		/* The name of the temporary file is nobody's business. */
		colon = strstr(err.text, "/tmp/leastcall-model-");
		snprintf(line, sizeof(line), "error FILE%s", colon ? colon + 27 : err.text);
	} else {
		model_seal(model);
		snprintf(line, sizeof(line), "%zu calls, %s%s%s",
			 model_facts(model, FACT_SYSCALL, &facts),
			 model_incomplete(model) ? "incomplete" : "complete",
			 model_facts(model, FACT_INCOMPLETE, &facts) ? ": " : "",
			 model_facts(model, FACT_INCOMPLETE, &facts) ? facts[0].incomplete.what
								     : "");
	}
	model_free(model);
	return line;
}

static void reads(const char *text, const char *want, const char *words)
{
	EQ_STR(reading(text, strlen(text)), want, "%s", words);
}

static void test_reading(void)
{
	static const char binary[] = "\x7f"
				     "ELF\0\0\n";
	static const char zeros[] = HEADER(A) CALL(A, "1") END(A, "true") "\0\0\0\0";

	reads(HEADER(A) CALL(A, "1") END(A, "true"), "1 calls, complete", "a recording");
	reads(HEADER(A) "\n \t\r\n" CALL(A, "1") END(A, "true"), "1 calls, complete",
	      "blank lines");
	reads(HEADER(A) CALL(A, "1") END(A, "false"), "1 calls, incomplete", "its own word for it");
	reads(HEADER(A) CALL(A, "1"), "1 calls, incomplete: cut-short", "no end");
	reads(CALL(A, "1") END(A, "true"), "1 calls, incomplete: no-header", "no header");
	reads(END(A, "true") CALL(A, "1") HEADER(A), "1 calls, complete", "any order");
	reads(HEADER(A) CALL(A, "1") END(A, "true") HEADER(B) CALL(B, "1"),
	      "2 calls, incomplete: cut-short", "one of two runs without its end");
	reads(HEADER(A) "{\"fact\":\"sysc", "0 calls, incomplete: cut-short", "a torn last line");
	reads(HEADER(A) CALL(A, "1") END(A, "true") "{\"fact\":\"sysc",
	      "1 calls, incomplete: cut-short", "a torn line behind the end");
	EQ_STR(reading(zeros, sizeof(zeros) - 1), "1 calls, incomplete: cut-short",
	       "zeros behind the end, as a crash leaves them");
	reads(HEADER(A) "{\"fact\":\"odd\"}", "0 calls, incomplete: cut-short",
	      "a whole last line without newline counts");
	reads("", "error FILE is empty", "an empty file");
	reads("\n\n", "error FILE holds no fact", "a file of blank lines");
	reads("root:x:0:0\n", "error FILE is not a leastcall recording: not JSON", "a text file");
	reads("{\n}\n", "error FILE is not a leastcall recording: not JSON", "a JSON file");
	reads("{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\"\n}\n",
	      "error FILE is not a leastcall recording: it is a seccomp profile, and profiles and "
	      "reports are made of recordings",
	      "a seccomp profile");
	reads("# x\ninclude <tunables/global>\n",
	      "error FILE is not a leastcall recording: it is an AppArmor profile, and profiles "
	      "and "
	      "reports are made of recordings",
	      "an AppArmor profile");
	reads("{\"a\":1}", "error FILE is not a leastcall recording: \"fact\" is missing",
	      "a JSON object");
	EQ_STR(reading(binary, sizeof(binary) - 1),
	       "error FILE is not a leastcall recording: holds a NUL byte", "a binary");
	reads(HEADER(A) "nonsense\n" END(A, "true"), "error FILE:2: not JSON", "a bad line");
	reads(HEADER(A) CALL(A, "-1"),
	      "error FILE:2: \"count\" is not a whole number from 0 to 18446744073709551615",
	      "a bad number");
}

static void test_long_lines(void)
{
	size_t max = 1 << 20, head;
	char *text = malloc(3 * max);

	if (!text)
		abort();
	memcpy(text, HEADER(A), sizeof(HEADER(A)));
	head = strlen(text);
	memset(text + head, ' ', 2 * max);
	memcpy(text + head, "{\"fact\":\"odd\"", 13);
	text[head + max - 1] = '}';
	text[head + max] = '\n';
	EQ_STR(reading(text, head + max + 1), "0 calls, incomplete: cut-short",
	       "a line of 1 MiB is read");
	text[head + max - 1] = ' ';
	text[head + max] = '}';
	text[head + max + 1] = '\n';
	EQ_STR(reading(text, head + max + 2), "error FILE:2: a line of more than 1048576 bytes",
	       "one of a byte more is not");
	memset(text, 'x', 2 * max);
	EQ_STR(reading(text, 2 * max),
	       "error FILE is not a leastcall recording: a line of more than 1048576 bytes",
	       "megabytes without a newline");
	free(text);
}

/* What seal finds is not written, so that the missing end can still arrive. */
static void test_completed_later(void)
{
	struct model *model = model_new();
	struct err err = {};
	const char *early = HEADER(A) CALL(A, "3"), *late = CALL(A, "7") END(A, "true");
	char *text;

	EQ(text_read(model, early, strlen(early), &err), 0, "the early part is read");
	text = written(model);
	CHECK(!strstr(text, "cut-short"), "what was found missing is not written");
	model = model_new();
	text_read(model, text, strlen(text), &err);
	text_read(model, late, strlen(late), &err);
	free(text);
	model_seal(model);
	CHECK(!model_incomplete(model), "the late part completes it");
	text = NULL;
	model_free(model);
}

static void test_order(void)
{
	static const char text[] = HEADER(A)
		HEADER(B) "{\"fact\":\"file\",\"run\":\"" B
			  "\",\"workload\":\"w\",\"path\":\"/b\",\"perms\":\"r\"}\n"
			  "{\"fact\":\"file\",\"run\":\"" A
			  "\",\"workload\":\"w\",\"path\":\"/b\",\"perms\":\"w\"}\n"
			  "{\"fact\":\"file\",\"run\":\"" A
			  "\",\"workload\":\"w\",\"exe\":\"/e\",\"path\":\"/a\",\"perms\":\"r\"}\n"
			  "{\"fact\":\"file\",\"run\":\"" A
			  "\",\"workload\":\"v\",\"path\":\"/z\",\"perms\":\"r\"}\n" END(A, "true")
				  END(B, "true");
	struct model *model = model_new();
	const struct fact *facts;
	struct err err;
	size_t count;

	text_read(model, text, strlen(text), &err);
	model_seal(model);
	count = model_facts(model, FACT_FILE, &facts);
	if (EQ(count, 4, "four files")) {
		EQ_STR(facts[0].file.path, "/z", "by workload first");
		EQ_STR(facts[1].file.path, "/a", "then by path");
		EQ_STR(facts[2].run, A, "then by run");
		EQ_STR(facts[3].run, B, "to the last");
	}
	EQ(model_facts(model, FACT_DENIED, &facts), 0, "no facts of a kind are none");
	model_free(model);
}

/* One path as it was used, and as it was found later: two facts, and what is told twice is one. */
static void test_flags(void)
{
	static const uint32_t flags[] = {0, PATH_DELETED, PATH_DELETED | PATH_FOREIGN,
					 PATH_DELETED};
	struct fact fact = {.kind = FACT_FILE, .run = A, .workload = "w", .exe = "/e"};
	struct model *model = model_new();
	const struct fact *facts;
	size_t i;

	fact.file.path = "/p";
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fact.file.perms = 1u << i;
		fact.file.flags = flags[i];
		add(model, &fact, 1);
	}
	model_seal(model);
	if (EQ(model_facts(model, FACT_FILE, &facts), 3, "a path's flags are part of the fact")) {
		EQ(facts[0].file.flags, 0, "without flags first");
		EQ(facts[0].file.perms, 1, "with what was done then");
		EQ(facts[1].file.flags, PATH_DELETED, "then deleted");
		EQ(facts[1].file.perms, 1 << 1 | 1 << 3, "with the union of both tellings");
		EQ(facts[2].file.flags, PATH_DELETED | PATH_FOREIGN, "then with two flags");
	}
	model_free(model);
}

/* When it happened, and whose it was, are part of what a fact is. */
static void test_identity(void)
{
	struct fact fact = {.kind = FACT_SYSCALL, .run = A, .workload = "w", .exe = "/e"};
	struct model *model = model_new();
	const struct fact *facts;
	enum phase phase;

	fact.syscall.count = 3;
	for (phase = 0; phase < PHASES; phase++) {
		fact.phase = phase;
		add(model, &fact, 1);
		add(model, &fact, 1);
	}
	fact = (struct fact){.kind = FACT_WORKLOAD, .run = A, .workload = "w"};
	fact.workload_.scope = "cgroup";
	add(model, &fact, 1);
	fact.workload_.engine = "docker";
	add(model, &fact, 1);
	fact.workload_.id = "01";
	add(model, &fact, 1);
	fact.workload_.image = "nginx:1";
	add(model, &fact, 1);
	add(model, &fact, 1);
	model_seal(model);
	EQ(model_facts(model, FACT_WORKLOAD, &facts), 4, "engine, id and image tell them apart");
	if (EQ(model_facts(model, FACT_SYSCALL, &facts), PHASES, "so does the phase")) {
		EQ(facts[0].phase, PHASE_SETUP, "the runtime's own is first");
		EQ(facts[1].phase, PHASE_RUNTIME, "then what it does behind the filter");
		EQ(facts[2].phase, PHASE_START, "then the application");
		EQ(facts[3].phase, PHASE_SERVING, "in its order");
	}
	model_free(model);
}

/* Which file a run came from: the first that told of it. */
static void test_sources(void)
{
	struct model *model = model_new();
	char number[17];
	uint32_t i;

	EQ(model_files(model), 0, "no file was read");
	CHECK(!model_source(model, A), "and no run has one");
	model_note_source(model, A, "one");
	model_note_source(model, A, "two");
	model_note_source(model, B, "two");
	EQ_STR(model_source(model, A), "one", "the first file that told of a run");
	EQ_STR(model_source(model, B), "two", "of each run");
	for (i = 0; i < 100000; i++) {
		snprintf(number, sizeof(number), "%016x", i);
		model_note_source(model, number, "many");
	}
	EQ_STR(model_source(model, A), "one", "many runs change nothing");
	CHECK(!model_source(model, number), "and are not all remembered");
	model_free(model);
}

/* fact_key() ends the program where a kind has more rows than that. */
static void test_keys(void)
{
	const struct field *field;
	size_t words;
	int kind;

	for (kind = 0; kind < FACT_KINDS; kind++) {
		words = 1; /* the kind */
		for (field = fact_fields[kind]; field->key; field++)
			if (field->merge == MERGE_WHO || field->merge == MERGE_FIRST ||
			    field->merge == MERGE_KEY)
				words += field->type == FIELD_VALUES ? 1 + CALL_ARGS : 1;
		CHECK(words <= FACT_KEY_WORDS, "the key of a fact of kind %d has room: %zu words",
		      kind, words);
	}
}

/* Many facts and words, as hostile input brings them: time is linear. */
static void test_large(void)
{
	struct model *model = model_new();
	struct fact fact = {.kind = FACT_FILE, .run = A, .workload = "w"};
	char path[32];
	struct err err = {};
	clock_t start = clock();
	uint32_t i;
	int code = 0;

	fact.file.path = path;
	fact.file.perms = PERM_READ;
	for (i = 0; i < 300000 && !code; i++) {
		snprintf(path, sizeof(path), "/f/%u", i % 200000);
		code = model_add(model, &fact, &err);
	}
	EQ(code, 0, "300,000 facts go in");
	model_seal(model);
	/* Quadratic would be hours. */
	CHECK(clock() - start < 20 * CLOCKS_PER_SEC, "in seconds");
	EQ(model_facts(model, FACT_FILE, &(const struct fact *){NULL}), 200000,
	   "200,000 of them differ");
	model_free(model);
}

int main(void)
{
	test_laws();
	test_reading();
	test_long_lines();
	test_completed_later();
	test_order();
	test_flags();
	test_identity();
	test_sources();
	test_keys();
	test_large();
	return test_end();
}
