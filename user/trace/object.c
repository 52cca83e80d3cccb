/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Both forms of an object have the same programs, maps and variables, but for maps that only the kernel
 * side of one knows. So one skeleton does for both: it finds programs and maps by their names, and
 * variables where they are in either.
 */
#include <stddef.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

#include "event.h"
#include "leastcall.skel.h"
#include "leastcall_5_10.skel.h"
#include "object.h"
#include "probe.skel.h"
#include "probe_5_10.skel.h"

#define SAME_SIZE(of)                                                                              \
	_Static_assert(sizeof(struct leastcall_bpf__##of) ==                                       \
			       sizeof(struct leastcall_5_10_bpf__##of),                            \
		       #of " is the same in both forms")
#define SAME_PLACE(of, variable)                                                                   \
	_Static_assert(offsetof(struct leastcall_bpf__##of, variable) ==                           \
			       offsetof(struct leastcall_5_10_bpf__##of, variable),                \
		       #variable " is where it is in the other form")

SAME_SIZE(rodata);
SAME_PLACE(rodata, config);
SAME_PLACE(rodata, exit_class);
SAME_PLACE(rodata, name_classes);
SAME_PLACE(rodata, inferred_class);
SAME_PLACE(rodata, inferred_classes);
SAME_PLACE(rodata, inferred_choices);
SAME_PLACE(rodata, argument_class);
SAME_PLACE(rodata, argument_classes);
SAME_PLACE(rodata, uring_actions);
SAME_PLACE(rodata, capable_ranges);
SAME_SIZE(bss);
SAME_PLACE(bss, losses);
SAME_PLACE(bss, workload_states);
SAME_PLACE(bss, workloads_used);
SAME_PLACE(bss, workloads_told);
SAME_PLACE(bss, epoch);
SAME_PLACE(bss, joining);
SAME_PLACE(bss, unjoined);
SAME_PLACE(bss, serving);
SAME_PLACE(bss, slots_used);
SAME_PLACE(bss, awake);
SAME_PLACE(bss, live);

#define OPEN(name, old)                                                                            \
	({                                                                                         \
		struct name##_bpf *skel_ = calloc(1, sizeof(*skel_));                              \
		int r_ = skel_ ? name##_bpf__create_skeleton(skel_) : -ENOMEM;                     \
		if (r_ == 0 && old)                                                                \
			skel_->skeleton->data =                                                    \
				(void *)name##_5_10_bpf__elf_bytes(&skel_->skeleton->data_sz);     \
		if (r_ == 0)                                                                       \
			r_ = bpf_object__open_skeleton(skel_->skeleton, NULL);                     \
		if (r_ < 0) {                                                                      \
			name##_bpf__destroy(skel_);                                                \
			skel_ = NULL;                                                              \
			errno = -r_;                                                               \
		}                                                                                  \
		skel_;                                                                             \
	})

struct leastcall_bpf *object_open(bool old)
{
	return OPEN(leastcall, old);
}

struct probe_bpf *object_open_probe(bool old)
{
	return OPEN(probe, old);
}
