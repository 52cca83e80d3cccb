/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads /proc/kallsyms line by line. Knows no symbol by name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kallsyms.h"
#include "util/util.h"

/* One line: address, type, name; 0 where it is none of a function. */
static uint64_t symbol_parse(const char *line, const char **ret_name, size_t *ret_length)
{
	char *rest;
	uint64_t address = strtoull(line, &rest, 16);

	*ret_name = NULL;
	if (rest[0] != ' ' || !rest[1] || rest[2] != ' ')
		return 0;
	*ret_name = rest + 3;
	*ret_length = strcspn(*ret_name, "\t\n");
	return address;
}

/* The kernel's own symbols stand in the order of their addresses: the next one is the next one. */
int kallsyms_find(const char *const *functions, size_t count, struct kernel_range *ret_ranges)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/kallsyms", "re");
	struct kernel_range *open = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0, length = 0, left = count, i;
	const char *name = NULL;

	memset(ret_ranges, 0, count * sizeof(*ret_ranges));
	if (!file)
		return -errno;
	while ((left || open) && getline(&line, &size, file) > 0) {
		uint64_t address = symbol_parse(line, &name, &length);

		if (open && address > open->start) {
			open->end = address;
			open = NULL;
		}
		for (i = 0; name && i < count; i++) {
			if (length != strlen(functions[i]) || strncmp(name, functions[i], length))
				continue;
			if (!address)
				return -EPERM;
			if (ret_ranges[i].start)
				continue; /* another one of that name */
			open = &ret_ranges[i];
			open->start = address;
			left--;
		}
	}
	return 0;
}
