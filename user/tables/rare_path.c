/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What recordings often lack, and how to provoke it. It knows no recording. */
#include <errno.h>

#include "tables/tables.h"
#include "util/util.h"

const struct rare_path rare_paths[] = {
#include "tables/rare_path.inc"
};
const size_t rare_path_count = ARRAY_SIZE(rare_paths);
