/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rules for sockets of AF_UNIX, by type and, where it is abstract, address: the parser takes no
 * path there. `network unix TYPE` would do as well, but grants all of them at once: it is what the
 * parser makes of these rules for kernels before 6.17, which tell sockets apart by type only.
 * (Tried: parsers 3.0.8 and 4.1.0 on 6.1, 6.12 and 7.3.) What is sent and received over a connection
 * is not in a recording.
 */
#include <stdlib.h>
#include <string.h>

#include "apparmor_marks.h"
#include "apparmor_rules.h"
#include "apparmor_text.h"
#include "model/text.h"
#include "policy/call.h"

#define FAMILY_UNIX 1
#define TYPE_DGRAM  2
#define TYPES       16 /* include/linux/net.h SOCK_TYPE_MASK */

enum {
	BINDS = 1 << 0,
	CONNECTS = 1 << 1,
	SENDS = 1 << 2,
};

/* The abstract addresses of all, each once, by the text that facts have. */
struct addresses {
	struct fact_address {
		const char *text;
		const char *run; /* NULL: several */
	} * list;
	struct glob_path *paths;
	size_t count;
};

/* One type of sockets: what was done with such a one at an address that no rule can name. */
struct type {
	bool seen;
	unsigned int nameless;
};

static unsigned int deed_of(enum operation op)
{
	return op == OP_UNIX_BIND ? BINDS : op == OP_UNIX_CONNECT ? CONNECTS : SENDS;
}

/* What a recording has for the kernel's own choice of a name, and apparmor.d(5), too. */
static const char autobound[] = "auto";

static int address_compare(const void *a, const void *b)
{
	return strcmp(((const struct fact_address *)a)->text,
		      ((const struct fact_address *)b)->text);
}

static bool is_address(const struct fact *fact)
{
	return fact->operation.detail && *fact->operation.detail == '@' &&
	       (fact->operation.op == OP_UNIX_BIND || fact->operation.op == OP_UNIX_CONNECT ||
		fact->operation.op == OP_UNIX_SEND);
}

static void addresses_sort(struct addresses *addresses)
{
	struct fact_address *list = addresses->list;
	size_t used = 0, i;

	if (addresses->count)
		qsort(list, addresses->count, sizeof(*list), address_compare);
	for (i = 0; i < addresses->count; i++) {
		if (!used || address_compare(&list[used - 1], &list[i]) != 0)
			list[used++] = list[i];
		else if (list[used - 1].run && strcmp(list[used - 1].run, list[i].run) != 0)
			list[used - 1].run = NULL;
	}
	addresses->count = used;
}

/* Names in a place of their own: what differs between runs becomes a pattern, as that of files does. */
static void addresses_gather(const struct class_rules *rules, struct addresses *ret)
{
	const struct fact *facts, *fact;
	size_t count = model_facts(rules->model, FACT_OPERATION, &facts), at = 0, i;

	ret->list = xcalloc(count, sizeof(*ret->list));
	while ((fact = class_next(rules, FACT_OPERATION, &at)))
		if (is_address(fact))
			ret->list[ret->count++] =
				(struct fact_address){fact->operation.detail, fact->run};
	addresses_sort(ret);
	ret->paths = xcalloc(ret->count, sizeof(*ret->paths));
	for (i = 0; i < ret->count; i++) {
		ret->paths[i] = (struct glob_path){.run = ret->list[i].run, .perms = PERM_WRITE};
		apparmor_abstract_cells(ret->list[i].text, &ret->paths[i].cells);
	}
	if (!rules->options->exact)
		globs_find(ret->paths, ret->count);
	marks_find(ret->paths, ret->count);
}

static void addresses_drop(struct addresses *addresses)
{
	size_t i;

	for (i = 0; i < addresses->count; i++)
		cells_drop(&addresses->paths[i].cells);
	free(addresses->list);
	free(addresses->paths);
}

static const struct glob_path *address_find(const struct addresses *addresses, const char *text)
{
	const struct fact_address key = {.text = text}, *found;

	found = bsearch(&key, addresses->list, addresses->count, sizeof(key), address_compare);
	return &addresses->paths[found - addresses->list];
}

static void address_add(struct class_rules *rules, const struct addresses *addresses,
			enum operation op, const char *type, bool is_dgram, const char *address)
{
	const struct glob_path *path = *address == '@' ? address_find(addresses, address) : NULL;
	_cleanup_free_ char *word = path ? apparmor_abstract(&path->cells) : xstrdup(autobound);
	const char *remark = path && path->marks & MARK_LONELY ? MARK_LONELY_WORDS
			     : path && path->marks & MARK_DATE ? MARK_DATE_WORDS
							       : NULL;

	if (!word)
		class_add(rules, RULE_NOTE, NULL, "%s: an address too long for a rule",
			  operation_names[op]);
	else if (op == OP_UNIX_BIND)
		class_add(rules, RULE_UNIX, remark, "unix (%s) type=%s addr=%s",
			  is_dgram ? "bind" : "bind, listen, accept", type, word);
	else
		class_add(rules, RULE_UNIX, remark, "unix (%ssend, receive) type=%s peer=(addr=%s)",
			  op == OP_UNIX_CONNECT ? "connect, " : "", type, word);
}

/* The socket's file, where nobody else told of it. */
static void path_add(struct class_rules *rules, const struct fact *operation)
{
	uint32_t perms = PERM_WRITE | (operation->operation.op == OP_UNIX_BIND ? 0 : PERM_READ);
	const char *path = operation->operation.detail;
	const struct fact *fact;
	_cleanup_free_ char *word = NULL;
	size_t at = 0;

	while ((fact = class_next(rules, FACT_FILE, &at)))
		if (!strcmp(fact->file.path, path))
			perms &= ~fact->file.perms;
	if (!perms)
		return;
	word = class_path(rules, operation, path, 0);
	if (word)
		class_add(rules, RULE_UNIX, NULL, "%s %sw", word, perms & PERM_READ ? "r" : "");
}

static void operations_add(struct class_rules *rules, const struct addresses *addresses,
			   enum operation op, struct type *types)
{
	const struct fact *fact;
	size_t at = 0;

	while ((fact = class_next_operation(rules, op, &at))) {
		uint32_t number = fact->operation.number & (TYPES - 1);
		const char *address = fact->operation.detail, *name = socket_type_name(number);

		if (!name) /* its FACT_SOCKET is told of */
			continue;
		types[number].seen = true;
		if (address && (*address == '@' || !strcmp(address, autobound))) {
			address_add(rules, addresses, op, name, number == TYPE_DGRAM, address);
			continue;
		}
		types[number].nameless |= deed_of(op);
		if (address && strcmp(address, "none") != 0)
			path_add(rules, fact);
	}
}

/* A pair of sockets has no addresses, and nobody told of it but the call. */
static bool has_pairs(const struct class_rules *rules)
{
	const struct fact *fact;
	const char *name = NULL;
	size_t at = 0;

	while ((!name || strcmp(name, "socketpair") != 0) &&
	       (fact = class_next(rules, FACT_SYSCALL, &at)))
		name = call_name(&(const struct call){.abi = fact->syscall.abi,
						      .nr = fact->syscall.nr,
						      .sub = fact->syscall.sub});
	return name && !strcmp(name, "socketpair");
}

/* What needs no address, and what was done at one that no rule can name. */
static void type_add(struct class_rules *rules, uint32_t number, const struct type *type)
{
	bool is_dgram = number == TYPE_DGRAM;
	unsigned int deeds = type->nameless;

	/* A datagram goes where its address says: to send it is what to connect is to others. */
	class_add(rules, RULE_UNIX, NULL,
		  "unix (create%s%s, shutdown, getattr, getopt, setopt%s, receive) type=%s",
		  !(deeds & BINDS) ? ""
		  : is_dgram       ? ", bind"
				   : ", bind, listen, accept",
		  deeds & CONNECTS ? ", connect" : "",
		  !is_dgram || deeds & (CONNECTS | SENDS) ? ", send" : "",
		  socket_type_name(number));
	/* In parentheses a comma wants quotes. */
	if (is_dgram && has_pairs(rules) && (!rules->has_base || class_rules_apart(rules)))
		class_add(rules, RULE_UNIX, NULL,
			  "unix (send, receive) type=dgram peer=(label=\"%s\")", rules->self);
}

void class_unix_add(struct class_rules *rules)
{
	struct addresses addresses = {};
	struct type types[TYPES] = {};
	const struct fact *fact;
	size_t at = 0;
	uint32_t number;

	while ((fact = class_next(rules, FACT_SOCKET, &at))) {
		number = fact->socket.type & (TYPES - 1);
		if (fact->socket.family != FAMILY_UNIX)
			continue;
		if (socket_type_name(number))
			types[number].seen = true;
		else
			class_warn(rules, "no word for the type of a socket", "unix");
	}
	addresses_gather(rules, &addresses);
	operations_add(rules, &addresses, OP_UNIX_BIND, types);
	operations_add(rules, &addresses, OP_UNIX_CONNECT, types);
	operations_add(rules, &addresses, OP_UNIX_SEND, types);
	for (number = 0; number < TYPES; number++)
		if (types[number].seen)
			type_add(rules, number, &types[number]);
	addresses_drop(&addresses);
}
