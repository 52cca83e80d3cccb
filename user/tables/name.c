/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names of errors, capabilities, address families, socket types, signals, mount flags and io_uring's
 * opcodes. It knows no system calls. */
#include <string.h>

#include "tables/row.h"
#include "tables/tables.h"
#include "util/util.h"

static const struct number_row errno_rows[] = {
#include "tables/errno.inc"
};
static const struct number_row capability_rows[] = {
#include "tables/capability.inc"
};
static const struct number_row family_rows[] = {
#include "tables/family.inc"
};
static const struct number_row socket_type_rows[] = {
#include "tables/socket_type.inc"
};
static const struct number_row signal_rows[] = {
#include "tables/signal.inc"
};
static const struct number_row io_uring_rows[] = {
#include "tables/io_uring.inc"
};
static const struct number_row mount_flag_rows[] = {
#include "tables/mount_flag.inc"
};

const char *errno_name(uint32_t code)
{
	return row_name(errno_rows, ARRAY_SIZE(errno_rows), code);
}

bool errno_from_name(const char *name, uint32_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(errno_rows); i++) {
		if (!strcmp(errno_rows[i].name, name)) {
			*ret = errno_rows[i].number;
			return true;
		}
	}
	return false;
}

const char *capability_name(uint32_t capability)
{
	return row_name(capability_rows, ARRAY_SIZE(capability_rows), capability);
}

const char *family_name(uint32_t family)
{
	return row_name(family_rows, ARRAY_SIZE(family_rows), family);
}

const char *socket_type_name(uint32_t type)
{
	/* SOCK_TYPE_MASK of linux/net.h; SOCK_CLOEXEC and SOCK_NONBLOCK are above it. */
	return row_name(socket_type_rows, ARRAY_SIZE(socket_type_rows), type & 0xf);
}

const char *signal_name(uint32_t number)
{
	return row_name(signal_rows, ARRAY_SIZE(signal_rows), number);
}

const char *io_uring_name(uint32_t opcode)
{
	return row_name(io_uring_rows, ARRAY_SIZE(io_uring_rows), opcode);
}

const char *mount_flag_name(uint32_t bit)
{
	return row_name(mount_flag_rows, ARRAY_SIZE(mount_flag_rows), bit);
}
