/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which capabilities a workload used, its container's runtime aside. Knows no format. */
#ifndef LEASTCALL_CAPABILITIES_H
#define LEASTCALL_CAPABILITIES_H

#include "model/model.h"

struct capabilities {
	bool is_known;     /* every run could tell, or something was inferred */
	uint64_t used;     /* bits by number, of those with a name */
	uint64_t inferred; /* ... among them: from calls and their results alone */
	uint64_t silent;   /* not among them: only asked for where who asks goes on without */
};

/* `workload` as workload_is() has it. */
void capabilities_gather(const struct model *model, const char *workload, struct capabilities *ret);

/* "NET_BIND_SERVICE", as Docker and Kubernetes spell it. buf holds at least 32 bytes. */
const char *capability_upper_name(uint32_t number, char buf[32]);

#endif
