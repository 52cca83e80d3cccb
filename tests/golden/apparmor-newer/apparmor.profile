# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

# attach_disconnected: files without a path from the root were used. Not safe: apparmor.d(5).
profile app @{exec_path} flags=(attach_disconnected) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  "/a b" r,
  /jobs rw,
  /log w,

  # no rules for these:
  # io_uring's SQPOLL threads: abi 3.0 does not mediate them; with --abi 5.0 there is a rule
  # io_uring's other credentials: abi 3.0 does not mediate them; with --abi 5.0 there is a rule
  # io_uring: opcode 22, whose doings were not looked at
  # user namespaces: abi 3.0 does not mediate them; with --abi 4.0 there is a rule

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
