# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --abi 5.0
# not tried:  loading it, and running anything under it

abi <abi/5.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

# attach_disconnected: files without a path from the root were used. Not safe: apparmor.d(5).
profile app @{exec_path} flags=(attach_disconnected) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  userns create,

  "/a b" r,
  /jobs rw,
  /log w,
  mqueue (create, open, read, write, getattr, setattr) type=posix /jobs,
  mqueue (open, read, getattr, setattr) type=posix "/a b",
  mqueue (open, write, getattr, setattr) type=posix /log,

  io_uring override_creds,
  io_uring sqpoll,

  # no rules for these:
  # io_uring: opcode 22, whose doings were not looked at

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
