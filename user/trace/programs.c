/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which of the kernel side's programs are loaded: what was asked for, of what this kernel has. That
 * is read from its own description of its types.
 */
#include <errno.h>

#include <bpf/btf.h>

#include "kallsyms.h"
#include "tracer_internal.h"

/* What the kernel's tracepoint is called with; NULL: there is none. The first argument is nobody's. */
static const struct btf_type *tracepoint_type(const struct btf *kernel, const char *name)
{
	_cleanup_free_ char *type = xasprintf("btf_trace_%s", name);
	int id = btf__find_by_name_kind(kernel, type, BTF_KIND_TYPEDEF);
	const struct btf_type *t = id > 0 ? btf__type_by_id(kernel, id) : NULL;

	t = t ? btf__type_by_id(kernel, t->type) : NULL; /* a pointer to the prototype */
	t = t ? btf__type_by_id(kernel, t->type) : NULL;
	return t && btf_is_func_proto(t) ? t : NULL;
}

static size_t tracepoint_arguments(const struct btf *kernel, const char *name)
{
	const struct btf_type *t = tracepoint_type(kernel, name);

	return t ? btf_vlen(t) - 1 : 0;
}

static bool tracepoint_has_pointer(const struct btf *kernel, const char *name, size_t argument)
{
	const struct btf_type *t = tracepoint_type(kernel, name);

	return t && argument < btf_vlen(t) &&
	       btf_is_ptr(btf__type_by_id(kernel, btf_params(t)[argument].type));
}

/* Each kernel has one form of io_uring's tracepoints, or none. Of those that tell no request's end, what
 * 5.10 has is known: what was asked for. */
static void uring_prepare(struct tracer *tracer, const struct btf *kernel)
{
	size_t arguments = tracepoint_arguments(kernel, "io_uring_complete");
	bool tells = tracepoint_has_pointer(kernel, "io_uring_complete", 2);
	bool asked = !tells && tracepoint_arguments(kernel, "io_uring_submit_sqe") &&
		     !tracepoint_has_pointer(kernel, "io_uring_submit_sqe", 2);
	struct leastcall_bpf *skel = tracer->skel;

	bpf_program__set_autoload(skel->progs.on_uring_entry, tells && arguments == 3);
	bpf_program__set_autoload(skel->progs.on_uring_result, tells && arguments > 3);
	bpf_program__set_autoload(skel->progs.on_uring_submit, asked);
	tracer->uring_blind = !tells && !asked;
}

/* NULL where capabilities can be seen, else why they are inferred. */
static const char *capability_prepare(struct leastcall_bpf *skel, const struct btf *kernel)
{
	/* enum capable_function; the last ones need not be there */
	static const char *const functions[CAPABLE_FUNCTIONS] = {
		[CAPABLE_LSM] = "security_capable",
		[CAPABLE_SILENT] = "ns_capable_noaudit",
		[CAPABLE_SILENT_OF] = "has_capability_noaudit",
		[CAPABLE_SILENT_IN] = "has_ns_capability_noaudit",
		[CAPABLE_JIT] = "bpf_int_jit_compile",
	};
	struct kernel_range ranges[CAPABLE_FUNCTIONS];

	if (!tracepoint_arguments(kernel, "cap_capable"))
		return "capabilities are inferred from calls: this kernel does not tell which ones "
		       "are used (Linux 6.14 does)";
	if (kallsyms_find(functions, CAPABLE_FUNCTIONS, ranges) < 0 || !ranges[CAPABLE_LSM].start)
		return "capabilities are inferred from calls: the kernel hides its addresses "
		       "(kptr_restrict, or CAP_SYSLOG is missing)";
	memcpy((void *)skel->rodata->capable_ranges, ranges, sizeof(ranges));
	return NULL;
}

/* What looks at results, and so at files and all that depends on them. */
static void results_choose(struct tracer *tracer, const struct btf *kernel)
{
	struct leastcall_bpf *skel = tracer->skel;

	uring_prepare(tracer, kernel);
	tracer->no_capabilities = capability_prepare(skel, kernel);
	bpf_program__set_autoload(skel->progs.on_capable, !tracer->no_capabilities);
}

int programs_choose(struct tracer *tracer, struct err *err)
{
	bool classic = tracer->preempt.preemptible, files = tracer->options.files;
	struct leastcall_bpf *skel = tracer->skel;
	struct btf *kernel;

	bpf_program__set_autoload(skel->progs.enter_btf, !classic);
	bpf_program__set_autoload(skel->progs.exit_btf, !classic && files);
	bpf_program__set_autoload(skel->progs.enter_classic, classic);
	bpf_program__set_autoload(skel->progs.exit_classic, classic && files);
	bpf_program__set_autoload(skel->progs.on_cgroup_mkdir, tracer->options.wait);
	bpf_program__set_autoload(skel->progs.on_signal, files);
	bpf_program__set_autoload(skel->progs.on_task_free, tracer->preempt.old);
	bpf_program__set_autoload(skel->progs.on_uring_entry, false);
	bpf_program__set_autoload(skel->progs.on_uring_result, false);
	bpf_program__set_autoload(skel->progs.on_uring_submit, false);
	bpf_program__set_autoload(skel->progs.on_capable, false);
	bpf_program__set_autoattach(skel->progs.look_again, false);
	bpf_program__set_autoattach(skel->progs.enter_classic, false);
	bpf_program__set_autoattach(skel->progs.exit_classic, false);
	if (!files)
		return 0;
	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		return err_errno(err, -errno, "/sys/kernel/btf/vmlinux");
	results_choose(tracer, kernel);
	btf__free(kernel);
	return 0;
}
