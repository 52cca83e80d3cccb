/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The user side of bpf/probe.bpf.c: one thread makes a call that spins in BPF, another one shares
 * its CPU and notes whether it got to run.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "object.h"
#include "preempt.h"
#include "probe.skel.h"

/* Lazy preemption acts on the second tick after a task's slice has ended: 20 ms at 100 Hz. */
#define SPIN_NS (40 * 1000 * 1000ull)

/* What the program and the watcher write is read behind the compiler's back. */
typedef volatile struct probe_bpf__bss bss_t;

static void *watch(void *arg)
{
	bss_t *bss = arg;

	while (!bss->done) {
		if (bss->spinning && !bss->done)
			bss->preempted = 1;
	}
	return NULL;
}

/* One thread of ours pinned to one CPU, then another: what they say is in bss. */
static int spin_and_watch(bss_t *bss)
{
	cpu_set_t before, one;
	pthread_t watcher;
	int r;

	if (sched_getaffinity(0, sizeof(before), &before) != 0)
		return -errno;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) != 0)
		return -errno;
	r = -pthread_create(&watcher, NULL, watch, (void *)bss); /* inherits the CPU */
	if (r == 0) {
		bss->armed = 1;
		syscall(SYS_getppid);
		bss->done = 1; /* also where the program never ran */
		pthread_join(watcher, NULL);
	}
	sched_setaffinity(0, sizeof(before), &before);
	return r;
}

static int probe_run(struct probe_bpf *probe, const struct stat *ns)
{
	int r;

	probe->rodata->ns_device = ns->st_dev;
	probe->rodata->ns_inode = ns->st_ino;
	probe->rodata->thread = gettid();
	probe->rodata->spin_ns = SPIN_NS;
	r = probe_bpf__load(probe);
	if (r == 0)
		r = probe_bpf__attach(probe);
	return r == 0 ? spin_and_watch(probe->bss) : r;
}

int preempt_probe(struct preempt *ret, struct err *err)
{
	struct probe_bpf *probe;
	int r = 0, r_first = 0;
	bool spun, old = false;
	struct stat ns;

	if (stat("/proc/self/ns/pid", &ns) != 0)
		return err_set(err, -ENOENT, "cannot look at /proc/self/ns/pid: mount /proc");
	for (;; old = true) {
		probe = object_open_probe(old);
		if (!probe)
			return err_errno(err, -errno, "cannot open the BPF probe");
		r = probe_run(probe, &ns);
		if (r == 0 || old)
			break;
		r_first = r;
		probe_bpf__destroy(probe);
	}
	spun = r == 0 && probe->bss->spinning;
	if (spun)
		*ret = (struct preempt){
			.preemptible = probe->bss->preempted,
			.process = probe->bss->process,
			.pid_level = probe->bss->pid_level,
			.old = old,
			.registers = probe->bss->registers,
		};
	probe_bpf__destroy(probe);
	if (r < 0)
		return err_errno(err, r_first, "cannot load the BPF probe");
	if (!spun)
		return err_set(err, -EIO, "the BPF probe was attached and did not run");
	return 0;
}
