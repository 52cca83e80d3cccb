# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# left out:   what the container's runtime did before execve
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  capability chown, # inferred
  capability kill,
  capability net_bind_service,
  capability sys_admin,

  # no rules for these:
  # capability net_admin: only asked for where the kernel goes on without

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
