/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From recordings to filters, on random recordings: what was recorded is allowed, and nothing else is
 * but what the tables add. What must be allowed is reckoned here from the facts and the tables once
 * more, in the plainest way, and asked of the compiled filter for every number of three ABIs.
 */
#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>

#include "emit/emit.h"
#include "profile/filter_answer.h"
#include "made.h"
#include "policy/policy.h"
#include "test.h"

#define NR_SOCKETCALL 102 /* i386 */
#define ROUNDS        1000
#define ALLOWED_MAX   512
#define TUPLES_MAX    256

/* A name, and with which arguments it must be allowed. */
struct allowed {
	const char *name;
	bool is_any;
	bool is_refused; /* unless something else allows it */
	bool never_both; /* any but all bits of the mask at once */
	const struct args_row *row;
	uint64_t tuples[TUPLES_MAX][CALL_ARGS];
	size_t count;
};

static struct allowed allowed[ALLOWED_MAX];
static size_t allowed_count;
static bool abis[ABI_COUNT];

static struct allowed *allowed_find(const char *name)
{
	size_t i;

	for (i = 0; name && i < allowed_count; i++)
		if (!strcmp(allowed[i].name, name))
			return &allowed[i];
	return NULL;
}

static struct allowed *allowed_add(const char *name)
{
	struct allowed *found = allowed_find(name);

	if (found)
		return found;
	if (allowed_count == ALLOWED_MAX)
		abort();
	found = &allowed[allowed_count++];
	*found = (struct allowed){.name = name, .row = args_row(name)};
	return found;
}

static void tuple_add(struct allowed *entry, const uint64_t *values)
{
	if (entry->count == TUPLES_MAX)
		abort();
	memcpy(entry->tuples[entry->count++], values, sizeof(entry->tuples[0]));
}

/* ---- what must be allowed -------------------------------------------------------------------- */

static bool is_judged(const struct fact *fact)
{
	return PHASE_BIT(fact->phase) & PHASES_JUDGED;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_call(const struct fact *arguments, const struct fact *call)
{
	return arguments->arguments.abi == call->syscall.abi &&
	       arguments->arguments.nr == call->syscall.nr &&
	       !strcmp(arguments->workload, call->workload);
}

static bool same_caller(const struct fact *a, const struct fact *b)
{
	return a->phase == b->phase && !strcmp(a->run, b->run) && same_text(a->exe, b->exe);
}

static bool has_all_bits(const struct args_row *row, const uint64_t *values)
{
	unsigned int i;

	for (i = 0; i < CALL_ARGS; i++)
		if (row->masks[i] && (values[i] & row->masks[i]) == row->masks[i])
			return true;
	return false;
}

static bool knows_all(const struct args_row *row, const struct fact *fact)
{
	unsigned int i;

	for (i = 0; i < CALL_ARGS; i++)
		if (row->masks[i] && !(fact->arguments.known & 1u << i))
			return false;
	return true;
}

/* One fact of the arguments that a narrowed call was made with. */
static void arguments_take(struct allowed *entry, const struct fact *fact)
{
	static const uint64_t none[CALL_ARGS];
	const struct args_row *row = entry->row;

	if (row->form == ARG_POINTER) {
		if (!fact->arguments.known || fact->arguments.values[0])
			entry->is_any = true;
		else
			tuple_add(allowed_add("clone"), none);
		entry->is_refused = true;
	} else if (!knows_all(row, fact) ||
		   (row->form == ARG_NEVER_BOTH && has_all_bits(row, fact->arguments.values))) {
		entry->is_any = true;
	} else if (row->form == ARG_NEVER_BOTH) {
		entry->never_both = true;
	} else {
		tuple_add(entry, fact->arguments.values);
	}
}

static const char *name_of(const struct fact *call)
{
	const char *sub = call->syscall.sub ? syscall_sub_name(call->syscall.abi, call->syscall.nr,
							       call->syscall.sub)
					    : NULL;

	return sub ? sub : syscall_name(call->syscall.abi, call->syscall.nr);
}

static void call_take(const struct model *model, const struct emit_options *options,
		      const struct fact *call)
{
	struct allowed *entry = allowed_add(name_of(call));
	const struct fact *facts;
	size_t count = model_facts(model, FACT_ARGUMENTS, &facts), i;
	bool told = false;

	abis[call->syscall.abi] = true;
	for (i = 0; i < count; i++)
		told |= same_call(&facts[i], call) && same_caller(&facts[i], call);
	if (options->exact || options->no_args || call->syscall.sub ||
	    !args_row_of(call->syscall.abi, call->syscall.nr) || !told)
		entry->is_any = true;
	for (i = 0; i < count && !options->exact && !options->no_args; i++)
		if (same_call(&facts[i], call) && is_judged(&facts[i]) && !call->syscall.sub)
			arguments_take(entry, &facts[i]);
}

/* args_more.inc: of a runtime, or of none. False where there is nothing of the name. */
static bool more_take(struct allowed *entry, bool runtime)
{
	bool found = false;
	size_t i;

	for (i = 0; i < args_more_count; i++) {
		const struct args_more_row *more = &args_more_rows[i];

		if (strcmp(more->name, entry->name) != 0 ||
		    (more->runtime != RUNTIME_NONE) != runtime)
			continue;
		found = true;
		if (entry->row->form == ARG_NEVER_BOTH)
			entry->never_both = true;
		else
			tuple_add(entry, more->values);
	}
	return found;
}

static void tables_take(const struct emit_options *options, bool is_container)
{
	struct allowed *entry;
	size_t i;

	for (i = 0; i < allowed_count; i++)
		if (!allowed[i].is_any && (allowed[i].count || allowed[i].never_both))
			more_take(&allowed[i], false);
	for (i = 0; i < always_count; i++)
		allowed_add(always_rows[i].name)->is_any = true;
	for (i = 0; i < always_i386_count && abis[ABI_I386]; i++)
		allowed_add(always_i386_rows[i].name)->is_any = true;
	for (i = 0; i < floor_count && is_container; i++) {
		if (!floor_row_counts(&floor_rows[i], RUNTIME_ANY, false))
			continue;
		entry = allowed_add(floor_rows[i].name);
		if (options->no_args || !entry->row || entry->row->form == ARG_POINTER ||
		    !more_take(entry, true))
			entry->is_any = true;
	}
}

static void allowed_make(const struct model *model, const struct emit_options *options)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), i;
	bool is_container = false;

	allowed_count = 0;
	memset(abis, 0, sizeof(abis));
	for (i = 0; i < count; i++)
		if (is_judged(&facts[i]))
			call_take(model, options, &facts[i]);
	count = model_facts(model, FACT_WORKLOAD, &facts);
	for (i = 0; i < count; i++)
		is_container |= facts[i].workload_.engine != NULL;
	if (!options->exact)
		tables_take(options, is_container);
	abis[ABI_X86_64] = true; /* libseccomp's native one is always in */
}

/* For ABIs of 32 bits libseccomp compares no more than these: x32's calls have 64, too. */
static bool tuple_matches(enum abi abi, const struct allowed *entry, const uint64_t *tuple,
			  const uint64_t *args)
{
	uint64_t width = abi == ABI_X86_64 ? UINT64_MAX : UINT32_MAX;
	const struct args_row *row = entry->row;
	unsigned int i;

	for (i = 0; i < CALL_ARGS; i++) {
		/* The protocol counts for AF_NETLINK, AF_PACKET and SOCK_RAW alone. */
		if (row->form == ARG_SOCKET && i == 2 && tuple[0] != 16 && tuple[0] != 17 &&
		    (tuple[1] & 0xf) != 3)
			continue;
		if ((tuple[i] ^ args[i]) & row->masks[i] & width)
			return false;
	}
	return true;
}

static bool must_allow(enum abi abi, const struct allowed *entry, const uint64_t *args)
{
	size_t i;

	if (!entry)
		return false;
	if (entry->is_any)
		return true;
	if (entry->never_both)
		return !has_all_bits(entry->row, args);
	for (i = 0; i < entry->count; i++)
		if (tuple_matches(abi, entry, entry->tuples[i], args))
			return true;
	return false;
}

/* ---- what is allowed ------------------------------------------------------------------------- */

static struct {
	uint64_t asked, wrong;
} tally;

static void ask(const struct filter *filter, enum abi abi, uint32_t nr, const uint64_t *args,
		bool want)
{
	struct seccomp_data data = {.nr = (int)(abi == ABI_X32 ? nr | 0x40000000 : nr),
				    .arch = abi == ABI_I386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64};
	const char *name = syscall_name(abi, nr);
	bool got;

	memcpy(data.args, args, sizeof(data.args));
	got = filter_answer(filter, &data) == SECCOMP_RET_ALLOW;
	tally.asked++;
	if (got != want && tally.wrong++ < 5)
		printf("%s %s (%u) %#llx %#llx %#llx: %s\n", abi_name(abi), name ? name : "?", nr,
		       (unsigned long long)args[0], (unsigned long long)args[1],
		       (unsigned long long)args[2], got ? "allowed" : "refused");
}

/* Only what libseccomp knows by name can be allowed beside the native ABI; below -10000 are its numbers
 * for calls that an ABI lacks. */
static bool can_be_written(enum abi abi, const char *name)
{
	int number;

	if (abi == ABI_X86_64)
		return true;
	number = seccomp_syscall_resolve_name_arch(abi_scmp_token(abi), name);
	return number != __NR_SCMP_ERROR && number > -10000;
}

/*
 * What socketcall can be asked for libseccomp compiles for i386 beside socketcall itself, and 2.5.4
 * now and then lets both through for the arguments of either. Nothing is lost by it there: through
 * socketcall the rule does not hold anyway, and profile says so.
 */
static bool is_uncertain(enum abi abi, const char *name)
{
	const char *sub;
	uint32_t i;

	for (i = 1; abi == ABI_I386 && (sub = syscall_sub_name(abi, NR_SOCKETCALL, i)); i++)
		if (!strcmp(sub, name))
			return true;
	return false;
}

static void near_ask(const struct filter *filter, enum abi abi, uint32_t nr,
		     const struct allowed *entry, const uint64_t *args)
{
	bool allow = must_allow(abi, entry, args);

	if (allow || !is_uncertain(abi, entry->name))
		ask(filter, abi, nr, args, allow);
}

/* Near a tuple: as it was, with bits that no mask has, with one argument changed. */
static void tuples_ask(const struct filter *filter, enum abi abi, uint32_t nr,
		       const struct allowed *entry)
{
	uint64_t args[CALL_ARGS];
	unsigned int changed, i;
	size_t k;

	for (k = 0; k < entry->count + 2; k++) {
		for (i = 0; i < CALL_ARGS; i++) {
			args[i] = k < entry->count ? entry->tuples[k][i] : random_bits();
			args[i] &= entry->row->masks[i];
		}
		near_ask(filter, abi, nr, entry, args);
		for (i = 0; i < CALL_ARGS; i++)
			args[i] |= random_bits() & ~entry->row->masks[i];
		near_ask(filter, abi, nr, entry, args);
		for (changed = 0; changed < CALL_ARGS; changed++) {
			uint64_t was = args[changed], bit = UINT64_C(1) << random_below(8);

			args[changed] = was ^ UINT64_C(0xffffffff00000000);
			near_ask(filter, abi, nr, entry, args);
			args[changed] = was ^ bit;
			near_ask(filter, abi, nr, entry, args);
			args[changed] = was | entry->row->masks[changed];
			near_ask(filter, abi, nr, entry, args);
			args[changed] = was;
		}
	}
}

/*
 * socketcall and ipc: what they stand for. Where that is narrowed, libseccomp compares the pointer to
 * its arguments in their place, so that nothing can be said.
 */
static void multiplexer_ask(const struct filter *filter, uint32_t nr)
{
	const struct allowed *own = allowed_find(syscall_name(ABI_I386, nr)), *entry;
	uint64_t args[CALL_ARGS];
	unsigned int i;

	for (i = 0; i < CALL_ARGS; i++)
		args[i] = random_bits();
	for (args[0] = 0; args[0] < 30; args[0]++) {
		entry = allowed_find(syscall_sub_name(ABI_I386, nr, (uint32_t)args[0]));
		if (!own && entry && !entry->is_any)
			continue;
		ask(filter, ABI_I386, nr, args, abis[ABI_I386] && (own || entry));
	}
}

static void numbers_ask(const struct filter *filter, enum abi abi)
{
	uint64_t args[CALL_ARGS];
	const struct allowed *entry;
	const char *name;
	unsigned int i;
	uint32_t nr;

	for (nr = 0; nr < 560; nr++) {
		name = syscall_name(abi, nr);
		entry = abis[abi] ? allowed_find(name) : NULL;
		if (syscall_sub_name(abi, nr, 1)) {
			multiplexer_ask(filter, nr);
			continue;
		}
		if (entry && !can_be_written(abi, name))
			continue;
		if (entry && !entry->is_any && entry->row && (entry->count || entry->never_both)) {
			tuples_ask(filter, abi, nr, entry);
			continue;
		}
		for (i = 0; i < CALL_ARGS; i++)
			args[i] = random_bits() & random_bits();
		ask(filter, abi, nr, args, must_allow(abi, entry, args));
	}
	memset(args, 0, sizeof(args));
	ask(filter, abi, 0x3ffffffe - (uint32_t)random_below(1 << 20), args, false);
}

/* The recorded calls themselves, as they were made. */
static void recorded_ask(const struct filter *filter, const struct model *model)
{
	uint64_t args[CALL_ARGS];
	const struct allowed *entry;
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), i;

	for (i = 0; i < count; i++) {
		entry = allowed_find(name_of(&facts[i]));
		if (!is_judged(&facts[i]) || !entry->is_any ||
		    !can_be_written(facts[i].syscall.abi, entry->name))
			continue;
		memset(args, 0, sizeof(args));
		args[0] = facts[i].syscall.sub;
		ask(filter, facts[i].syscall.abi, facts[i].syscall.nr, args, true);
	}
	count = model_facts(model, FACT_ARGUMENTS, &facts);
	for (i = 0; i < count; i++) {
		entry = allowed_find(syscall_name(facts[i].arguments.abi, facts[i].arguments.nr));
		if (!is_judged(&facts[i]) || !facts[i].arguments.known || !entry ||
		    (entry->is_refused && !entry->is_any) ||
		    !can_be_written(facts[i].arguments.abi, entry->name))
			continue;
		memcpy(args, facts[i].arguments.values, sizeof(args));
		ask(filter, facts[i].arguments.abi, facts[i].arguments.nr, args, true);
	}
}

/* ---- recordings ------------------------------------------------------------------------------ */

static void filter_make(const struct model *model, const struct emit_options *options,
			struct filter *ret)
{
	struct policy policy;
	struct filter_options as_written = {};
	struct err err = {};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r = policy_make(model, options, &policy, &err);

	if (!r) {
		r = seccomp_emit(&policy, options, out, &err);
		policy_drop(&policy);
	}
	fclose(out);
	if (!r)
		r = filter_compile(text, size, &as_written, ret, &err);
	if (r) {
		fprintf(stderr, "%s\n%s", err.text, text);
		abort();
	}
	free(text);
}

/* With families, what stands in for others is not reckoned here: the recorded calls alone are asked. */
static void test_profiles(const struct emit_options *options, const char *words)
{
	uint64_t rounds = made_rounds(ROUNDS), i;

	memset(&tally, 0, sizeof(tally));
	for (i = 0; i < rounds; i++) {
		struct model *model = made_recording(i, 0);
		struct filter filter = {};

		model_seal(model);
		allowed_make(model, options);
		filter_make(model, options, &filter);
		recorded_ask(&filter, model);
		if (options->exact || options->families == FAMILIES_NONE) {
			numbers_ask(&filter, ABI_X86_64);
			numbers_ask(&filter, ABI_I386);
			numbers_ask(&filter, ABI_X32);
		}
		filter_drop(&filter);
		model_free(model);
	}
	EQ(tally.wrong, 0, "%s: %llu recordings, %llu calls: allowed as they should be", words,
	   (unsigned long long)rounds, (unsigned long long)tally.asked);
}

int main(void)
{
#ifdef __x86_64__
	test_profiles(&(struct emit_options){}, "default options");
	test_profiles(&(struct emit_options){.exact = true}, "--exact");
	test_profiles(&(struct emit_options){.families = FAMILIES_NONE}, "--families none");
	test_profiles(&(struct emit_options){.no_args = true, .families = FAMILIES_NONE},
		      "--args none --families none");
#else
	SKIP("filters are interpreted as x86-64's only");
#endif
	return test_end();
}
