/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capabilities, sockets by family and type, and what is done to other tasks: signals, tracing; user
 * namespaces, message queues, io_uring, changes of the profile. A class that the profile's abi does
 * not have is a comment. Sockets of AF_UNIX are apparmor_unix.c's, mounts apparmor_mount.c's.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_rules.h"
#include "apparmor_text.h"
#include "model/text.h"

#define FAMILY_UNIX 1
#define NOT_SEEN    "the peer's profile was not seen"

struct capability {
	uint32_t number;
	bool inferred;
	bool silent;
};

static int capability_compare(const void *a, const void *b)
{
	const struct capability *x = a, *y = b;
	int order = number_compare(x->number, y->number);

	/* What is known first. */
	if (!order)
		order = x->silent - y->silent;
	return order ? order : x->inferred - y->inferred;
}

/* Who asks so that a refusal is not logged goes on when refused: with no rule, and no more than it
 * needs. */
static void silent_add(struct class_rules *rules, const char *name)
{
	class_add(rules, RULE_NOTE, NULL,
		  "capability %s: only asked for where the kernel goes on without", name);
}

/* Each once; inferred where no run knew better. */
static void capabilities_add(struct class_rules *rules)
{
	const struct fact *facts, *fact;
	size_t count = model_facts(rules->model, FACT_CAPABILITY, &facts), at = 0, used = 0, i;
	_cleanup_free_ struct capability *list = xcalloc(count, sizeof(*list));
	const char *name;
	char number[16];

	while ((fact = class_next(rules, FACT_CAPABILITY, &at)))
		list[used++] =
			(struct capability){fact->capability.capability, fact->capability.inferred,
					    fact->capability.silent};
	if (used)
		qsort(list, used, sizeof(*list), capability_compare);
	for (i = 0; i < used; i++) {
		if (i && list[i].number == list[i - 1].number)
			continue;
		name = capability_name(list[i].number);
		snprintf(number, sizeof(number), "%u", list[i].number);
		if (name && list[i].silent)
			silent_add(rules, name);
		else if (name)
			class_add(rules, RULE_CAPABILITY, list[i].inferred ? "inferred" : NULL,
				  "capability %s", name);
		else
			class_warn(rules, "no word for the capability", number);
	}
}

static void networks_add(struct class_rules *rules)
{
	const struct fact *fact, *last = NULL;
	const char *family, *type;
	char numbers[48];
	size_t at = 0;

	while ((fact = class_next(rules, FACT_SOCKET, &at))) {
		if (fact->socket.family == FAMILY_UNIX ||
		    (last && last->socket.family == fact->socket.family &&
		     last->socket.type == fact->socket.type))
			continue;
		last = fact;
		family = family_name(fact->socket.family);
		type = socket_type_name(fact->socket.type);
		snprintf(numbers, sizeof(numbers), "family %u, type %u", fact->socket.family,
			 fact->socket.type);
		if (family && type)
			class_add(rules, RULE_NETWORK, NULL, "network %s %s", family, type);
		else
			class_warn(rules, "no word for a socket of", numbers);
	}
}

/* "(hup, term)" of the bits of signals; NULL where there is none. The caller frees it. */
static char *signals_text(const bool *seen)
{
	_cleanup_free_ char *text = NULL;
	size_t size, i;
	const char *sign = "(";
	FILE *out = xmemstream(&text, &size);

	for (i = 1; i <= SIGNAL_MAX; i++) {
		if (!seen[i])
			continue;
		fprintf(out, "%s%s", sign, signal_name((uint32_t)i));
		sign = ", ";
	}
	fclose(out);
	return size ? xasprintf("%s)", text) : NULL;
}

/* Profiles within a profile are each other's peers: who sends has the other one receive. */
static void receives_add(struct class_rules *rules)
{
	struct class_rules everybody = *rules;
	bool seen[SIGNAL_MAX + 1] = {};
	_cleanup_free_ char *set = NULL;
	const struct fact *fact;
	size_t at = 0;

	everybody.exes = everybody.not_exes = NULL;
	while ((fact = class_next_operation(&everybody, OP_SIGNAL, &at)))
		if (fact->operation.peer == PEER_SELF && fact->operation.number <= SIGNAL_MAX)
			seen[fact->operation.number] = true;
	set = signals_text(seen);
	if (set)
		class_add(rules, RULE_SIGNAL, "which of them received it was not seen",
			  "signal (receive) set=%s peer=%s", set, rules->self);
}

static void signals_add(struct class_rules *rules)
{
	bool self[SIGNAL_MAX + 1] = {}, outside[SIGNAL_MAX + 1] = {};
	_cleanup_free_ char *inner = NULL, *outer = NULL;
	bool is_apart = class_rules_apart(rules);
	const struct fact *fact;
	size_t at = 0;

	while ((fact = class_next_operation(rules, OP_SIGNAL, &at))) {
		uint64_t number = fact->operation.number;

		if (!number || number > SIGNAL_MAX)
			class_add(rules, RULE_NOTE, NULL, "signal: no word for number %llu",
				  (unsigned long long)number);
		else if (fact->operation.peer == PEER_SELF)
			self[number] = true;
		else
			outside[number] = true;
	}
	inner = signals_text(self);
	outer = signals_text(outside);
	if (is_apart)
		receives_add(rules);
	if (inner && (is_apart || !rules->has_base))
		class_add(rules, RULE_SIGNAL, NULL, "signal (%s) set=%s peer=%s",
			  is_apart ? "send" : "send, receive", inner, rules->self);
	if (outer)
		class_add(rules, RULE_SIGNAL, NOT_SEEN, "signal (send) set=%s peer=unconfined",
			  outer);
	if (!rules->has_base)
		class_add(rules, RULE_SIGNAL, "so that it can be stopped",
			  "signal (receive) peer=unconfined");
}

/* What the base abstraction has of it: being traced and read by anybody, reading its own. */
static void ptraces_add(struct class_rules *rules)
{
	static const struct {
		enum operation op;
		const char *both, *sent;
		bool base_has_self;
	} rows[] = {
		{OP_PTRACE_TRACE, "trace, tracedby", "trace", false},
		{OP_PTRACE_READ, "read, readby", "read", true},
	};
	const struct fact *fact;
	size_t at, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (at = 0; (fact = class_next_operation(rules, rows[i].op, &at));) {
			if (fact->operation.peer != PEER_SELF)
				class_add(rules, RULE_PTRACE, NOT_SEEN,
					  "ptrace (%s) peer=unconfined", rows[i].sent);
			else if (!rules->has_base || !rows[i].base_has_self ||
				 class_rules_apart(rules))
				class_add(rules, RULE_PTRACE, NULL, "ptrace (%s) peer=%s",
					  rules->has_base ? rows[i].sent : rows[i].both,
					  rules->self);
		}
	}
}

/* True where the profile's abi has the class; else a comment says what it would take. */
static bool class_has(struct class_rules *rules, enum apparmor_abi abi, const char *what)
{
	const struct emit_options *options = rules->options;

	if (options->apparmor.abi < abi) {
		class_add(rules, RULE_NOTE, NULL,
			  "%s: abi %s does not mediate them; with --abi %s there is a rule", what,
			  apparmor_abi_name(options->apparmor.abi), apparmor_abi_name(abi));
		return false;
	}
	if (options->apparmor.parser && options->apparmor.parser < 400)
		class_warn(rules,
			   "the apparmor_parser that is installed is older than 4.0 and reads "
			   "no rule for",
			   what);
	return true;
}

static void single_add(struct class_rules *rules)
{
	static const struct {
		enum operation op;
		enum rule_class class;
		enum apparmor_abi abi;
		const char *what, *rule;
	} rows[] = {
		{OP_USERNS, RULE_USERNS, APPARMOR_ABI_4_0, "user namespaces", "userns create"},
		{OP_IO_URING_SQPOLL, RULE_IO_URING, APPARMOR_ABI_5_0, "io_uring's SQPOLL threads",
		 "io_uring sqpoll"},
		{OP_IO_URING_CREDENTIALS, RULE_IO_URING, APPARMOR_ABI_5_0,
		 "io_uring's other credentials", "io_uring override_creds"},
	};
	size_t at, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		at = 0;
		if (class_next_operation(rules, rows[i].op, &at) &&
		    class_has(rules, rows[i].abi, rows[i].what))
			class_add(rules, rows[i].class, NULL, "%s", rows[i].rule);
	}
}

static void io_uring_add(struct class_rules *rules)
{
	const struct fact *fact;
	size_t at = 0;

	while ((fact = class_next_operation(rules, OP_IO_URING_OTHER, &at)))
		class_add(rules, RULE_NOTE, NULL,
			  "io_uring: opcode %llu, whose doings were not looked at",
			  (unsigned long long)fact->operation.number);
}

/*
 * Kernels without Ubuntu's patches take a queue for a file of that name. The rule of its own is for
 * the others.
 */
static void queues_add(struct class_rules *rules)
{
	const struct fact *fact;
	size_t at = 0;
	bool has_class = class_next_operation(rules, OP_MQUEUE, &at) &&
			 rules->options->apparmor.abi >= APPARMOR_ABI_4_0 &&
			 class_has(rules, APPARMOR_ABI_4_0, "message queues");

	at = 0;
	while ((fact = class_next_operation(rules, OP_MQUEUE, &at))) {
		uint64_t mode = fact->operation.number & O_ACCMODE;
		bool creates = fact->operation.number & O_CREAT;
		bool reads = mode != O_WRONLY, writes = mode != O_RDONLY;
		_cleanup_free_ char *path = class_path(rules, fact, fact->operation.target,
						       PATH_FOREIGN | PATH_DETACHED);

		if (!path)
			continue;
		class_add(rules, RULE_MQUEUE, NULL, "%s %s%s", path, reads ? "r" : "",
			  writes || creates ? "w" : "");
		if (has_class)
			class_add(rules, RULE_MQUEUE, NULL,
				  "mqueue (%sopen%s%s, getattr, setattr) type=posix %s",
				  creates ? "create, " : "", reads ? ", read" : "",
				  writes ? ", write" : "", path);
	}
}

static void changes_add(struct class_rules *rules)
{
	static const enum operation ops[] = {OP_PROFILE_CHANGE, OP_PROFILE_EXEC};
	const struct fact *fact;
	size_t at, i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (at = 0; (fact = class_next_operation(rules, ops[i], &at));) {
			const char *name = fact->operation.detail;
			_cleanup_free_ char *word = name ? class_word(name) : NULL;

			if (word)
				class_add(rules, RULE_CHANGE_PROFILE, NULL, "change_profile -> %s",
					  word);
			else
				class_add(rules, RULE_NOTE, NULL,
					  "change_profile: the name is not known, or too long");
		}
	}
}

/* Messages are not in a recording; who speaks to the bus is. */
static void dbus_add(struct class_rules *rules)
{
	static const char *const sockets[] = {"/run/dbus/system_bus_socket",
					      "/var/run/dbus/system_bus_socket"};
	const struct fact *fact;
	bool seen = false;
	size_t at = 0, i;

	while (!seen && (fact = class_next(rules, FACT_FILE, &at)))
		for (i = 0; i < ARRAY_SIZE(sockets); i++)
			seen |= !strcmp(fact->file.path, sockets[i]);
	if (seen)
		class_add(rules, RULE_NOTE, NULL,
			  "D-Bus: the system bus was connected to, and no recording holds the "
			  "messages: see abstractions/dbus-strict");
}

void class_rules_gather(struct class_rules *rules)
{
	capabilities_add(rules);
	networks_add(rules);
	class_unix_add(rules);
	class_mount_add(rules);
	signals_add(rules);
	ptraces_add(rules);
	single_add(rules);
	queues_add(rules);
	io_uring_add(rules);
	changes_add(rules);
	dbus_add(rules);
}
