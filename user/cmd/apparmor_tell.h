/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is not known of a profile that was read. */
#ifndef LEASTCALL_APPARMOR_TELL_H
#define LEASTCALL_APPARMOR_TELL_H

#include "apparmor/aa_profile.h"

/* Says which includes are not in `dir`, and that rules count as none. */
void apparmor_tell(const struct aa_file *file, const char *dir);

#endif
