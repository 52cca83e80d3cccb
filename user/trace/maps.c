/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading BPF maps whole. Knows nothing of what is in them. */
#include <errno.h>
#include <stdint.h>

#include <bpf/bpf.h>

#include "maps.h"
#include "util/util.h"

#define BATCH 1024 /* entries a call; grows where one bucket holds more */

int map_each(int fd, size_t key_size, size_t value_size, map_entry_fn *entry, void *ctx)
{
	_cleanup_free_ char *keys = NULL, *values = NULL;
	uint32_t position = 0, size = BATCH, count;
	bool begun = false;
	int r;

	do {
		keys = xrealloc(keys, size, key_size);
		values = xrealloc(values, size, value_size);
		count = size;
		r = bpf_map_lookup_batch(fd, begun ? &position : NULL, &position, keys, values,
					 &count, NULL);
		if (r == -ENOSPC) {
			size *= 2;
			continue;
		}
		if (r < 0 && r != -ENOENT)
			return r;
		begun = true;
		for (uint32_t i = 0; i < count; i++)
			entry(ctx, keys + i * key_size, values + i * value_size);
	} while (r != -ENOENT);
	return 0;
}
