/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that do nothing, one for each way to attach to the system call tracepoints: what they
 * add is the floor that every tracer of that kind stands on.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sys_enter")
int enter_btf(const void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("tp_btf/sys_exit")
int exit_btf(const void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("tracepoint/raw_syscalls/sys_enter")
int enter_classic(const void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("tracepoint/raw_syscalls/sys_exit")
int exit_classic(const void *ctx __attribute__((unused)))
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
