/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A sum over the facts of a model; a note of the recorder says where there could be none. */
#include <ctype.h>
#include <string.h>

#include "call.h"
#include "capabilities.h"

/* Did one of the runs have no way to see them? */
static bool is_blind(const struct model *model, const char *workload)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_NOTE, &facts), i;

	for (i = 0; i < count; i++)
		if (!strcmp(facts[i].note.what, "no-capabilities") &&
		    (!facts[i].workload || workload_is(&facts[i], workload)))
			return true;
	count = model_facts(model, FACT_RECORDING, &facts);
	for (i = 0; i < count; i++)
		if (!facts[i].recording.files)
			return true;
	return !count;
}

void capabilities_gather(const struct model *model, const char *workload, struct capabilities *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_CAPABILITY, &facts), i;
	uint64_t seen = 0, silent = 0;

	*ret = (struct capabilities){};
	for (i = 0; i < count; i++) {
		uint32_t number = facts[i].capability.capability;

		if (number >= 64 || !capability_name(number) ||
		    !fact_counts(&facts[i], workload, PHASES_APPLICATION))
			continue;
		if (facts[i].capability.silent) {
			silent |= UINT64_C(1) << number;
			continue;
		}
		ret->used |= UINT64_C(1) << number;
		seen |= facts[i].capability.inferred ? 0 : UINT64_C(1) << number;
	}
	ret->silent = silent & ~ret->used;
	ret->inferred = ret->used & ~seen;
	ret->is_known = ret->inferred || !is_blind(model, workload);
}

const char *capability_upper_name(uint32_t number, char buf[32])
{
	const char *name = capability_name(number);
	size_t i;

	for (i = 0; name[i] && i < 31; i++)
		buf[i] = (char)toupper((unsigned char)name[i]);
	buf[i] = '\0';
	return buf;
}
