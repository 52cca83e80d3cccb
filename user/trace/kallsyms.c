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
int kallsyms_range(const char *function, uint64_t *ret_start, uint64_t *ret_end)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/kallsyms", "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0, length = 0;
	const char *name = NULL;
	uint64_t start = 0;

	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		uint64_t address = symbol_parse(line, &name, &length);

		if (start && address > start) {
			*ret_start = start;
			*ret_end = address;
			return 0;
		}
		if (name && length == strlen(function) && !strncmp(name, function, length)) {
			if (!address)
				return -EPERM;
			start = address;
		}
	}
	return -ENOENT;
}
