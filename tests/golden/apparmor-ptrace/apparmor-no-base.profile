# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --no-base
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  signal (receive) peer=unconfined, # so that it can be stopped

  ptrace (read) peer=unconfined, # the peer's profile was not seen
  ptrace (read, readby) peer=@{profile_name},
  ptrace (trace) peer=unconfined, # the peer's profile was not seen
  ptrace (trace, tracedby) peer=@{profile_name},

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
