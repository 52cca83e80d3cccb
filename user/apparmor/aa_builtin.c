/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Facts about AppArmor 2.13 to 4.1: the values of its variables, and rules that the base abstraction of
 * each of them has. A rule that is missing here costs a profile a line, one too many would cost it a
 * file: what is not in all of them is left out.
 */
#include <stddef.h>
#include <string.h>

#include "aa_builtin.h"

static const char tunables[] = "@{PROC}=/proc/\n"
			       "@{sys}=/sys/\n"
			       "@{run}=/run/ /var/run/\n"
			       "@{HOMEDIRS}=/home/\n"
			       "@{HOME}=@{HOMEDIRS}/*/ /root/\n"
			       "@{multiarch}=*-linux-gnu*\n"
			       "@{etc_ro}=/etc/ /usr/etc/\n"
			       "@{etc_rw}=/etc/\n"
			       /* pid_max is at most 2^22: proc(5) */
			       "@{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],"
			       "[1-9][0-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9][0-9],"
			       "[1-4][0-9][0-9][0-9][0-9][0-9][0-9]}\n"
			       "@{tid}=@{pid}\n"
			       "@{pids}=@{pid}\n"
			       "@{uid}={[0-9],[1-9][0-9]*}\n"
			       "@{uids}=@{uid}\n";

static const char base[] = "/dev/log w,\n"
			   "/dev/{random,urandom} r,\n"
			   "/dev/{null,zero,full} rw,\n"
			   "/usr/share/{locale,zoneinfo}/** r,\n"
			   "/etc/{locale.alias,localtime} r,\n"
			   "/etc/ld.so.cache mr,\n"
			   "/etc/{ld.so.conf,ld.so.preload} r,\n"
			   "/etc/ld.so.conf.d/{,*.conf} r,\n"
			   "/{usr/,}lib{,32,64}/** r,\n"
			   "/{usr/,}lib{,32,64}/**.so* mr,\n"
			   "/usr/lib{,32,64}/locale/** mr,\n"
			   "@{PROC}/{meminfo,stat,cpuinfo,filesystems} r,\n"
			   "@{PROC}/@{pid}/{maps,auxv,status} r,\n"
			   "@{PROC}/sys/kernel/{version,ngroups_max,cap_last_cap} r,\n"
			   "@{PROC}/sys/vm/overcommit_memory r,\n"
			   "@{sys}/devices/system/cpu/{,online} r,\n"
			   "ptrace (readby),\n"
			   "ptrace (tracedby),\n"
			   "ptrace (read) peer=@{profile_name},\n"
			   "signal (receive) peer=unconfined,\n"
			   "signal peer=@{profile_name},\n"
			   "signal (receive, send) set=(exists),\n"
			   "unix peer=(label=@{profile_name}),\n"
			   "unix (receive) peer=(label=unconfined),\n"
			   "unix (create),\n"
			   "unix (getattr, getopt, setopt, shutdown),\n";

const char *aa_builtin(const char *path)
{
	if (!strcmp(path, "tunables/global"))
		return tunables;
	return strcmp(path, "abstractions/base") ? NULL : base;
}
