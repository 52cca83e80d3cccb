# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   runs: 1; facts: files 1, sockets 0, capabilities 0, operations 7
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
  # io_uring's override_creds: this abi neither asks for a rule nor has one, --abi 5.0 does
  # io_uring's sqpoll: this abi neither asks for a rule nor has one, --abi 5.0 does
  # io_uring: opcode 22, whose doings were not looked at
  # user namespaces: this abi neither asks for a rule nor has one, --abi 4.0 does

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
