/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* BPF hashes, entry by entry. Knows nothing of what is in them. */
#ifndef LEASTCALL_MAPS_H
#define LEASTCALL_MAPS_H

#include <stddef.h>

/* Called with each entry; `value` holds one value for each possible CPU where the map is per-CPU. */
typedef void map_entry_fn(void *ctx, const void *key, const void *value);

/*
 * Reads a whole hash, in few system calls. Sizes are in bytes; value_size: of all CPUs together.
 * What `entry` is given is gone when it returns. Returns 0 or a negative errno.
 */
int map_each(int fd, size_t key_size, size_t value_size, map_entry_fn *entry, void *ctx);

#endif
