/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Dates within names: 2026-11-22, 20261122, 2026-11-22T21_58_07. */
#ifndef LEASTCALL_APPARMOR_DATE_H
#define LEASTCALL_APPARMOR_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the cell at `at` belong to a date, or to the time of day behind one? */
bool date_holds(const uint16_t *cells, size_t size, size_t at);

#endif
