/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sets of calls by name: what every profile needs, what can be done without, what Docker allows. It
 * knows no numbers. */
#include "tables/tables.h"
#include "util/util.h"

const struct name_row always_rows[] = {
#include "tables/always.inc"
};
const size_t always_count = ARRAY_SIZE(always_rows);

const struct name_row always_i386_rows[] = {
#include "tables/always_i386.inc"
};
const size_t always_i386_count = ARRAY_SIZE(always_i386_rows);

const struct name_row fallback_rows[] = {
#include "tables/fallback.inc"
};
const size_t fallback_count = ARRAY_SIZE(fallback_rows);

const char *const docker_default_names[] = {
#include "tables/docker_default.inc"
};
const size_t docker_default_count = ARRAY_SIZE(docker_default_names);
