/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What an operation comes to in words, for reports of every kind. */
#include <stdio.h>
#include <sys/mount.h>

#include "fact.h"

static void flags_print(uint64_t flags, FILE *out)
{
	for (uint32_t bit = 0; flags >> bit; bit++) {
		const char *name = 1ul << bit == MS_REC ? "recursive" : mount_flag_name(bit);

		if (!(flags >> bit & 1))
			continue;
		if (name)
			fprintf(out, ", %s", name);
		else
			fprintf(out, ", %#llx", 1ull << bit);
	}
}

static void number_print(const struct fact *fact, FILE *out)
{
	uint64_t number = fact->operation.number;
	const char *name = NULL;

	switch (fact->operation.op) {
	case OP_MOUNT:
		flags_print(number, out);
		return;
	case OP_SIGNAL:
		name = number <= SIGNAL_MAX ? signal_name((uint32_t)number) : NULL;
		break;
	case OP_IO_URING:
	case OP_IO_URING_OTHER:
		name = io_uring_name((uint32_t)number);
		break;
	case OP_UNIX_BIND:
	case OP_UNIX_CONNECT:
	case OP_UNIX_SEND:
		name = socket_type_name((uint32_t)number);
		break;
	default:
		if (!number)
			return;
	}
	if (name)
		fprintf(out, " %s", name);
	else
		fprintf(out, " %llu", (unsigned long long)number);
}

/* Of most the source comes first; of these the target, and then this. */
static const char *const behind_target[OPERATIONS] = {
	[OP_EXEC] = " for the script ",
	[OP_PIVOT_ROOT] = ", the old one at ",
};

char *operation_words(const struct fact *fact)
{
	const char *between = behind_target[fact->operation.op];
	const char *first = between ? fact->operation.target : fact->operation.source;
	const char *second = between ? fact->operation.source : fact->operation.target;
	size_t size;
	char *text;
	FILE *out = xmemstream(&text, &size);

	fputs(operation_names[fact->operation.op], out);
	if (first)
		fprintf(out, " %s", first);
	if (second)
		fprintf(out, "%s%s", !first ? " " : between ?: " -> ", second);
	if (fact->operation.detail)
		fprintf(out, " %s", fact->operation.detail);
	number_print(fact, out);
	if (fact->operation.peer == PEER_SELF)
		fputs(" within the workload", out);
	else if (fact->operation.peer == PEER_OUTSIDE)
		fputs(" outside the workload", out);
	fclose(out);
	return text;
}
