# AppArmor profile of ls: what it was recorded to use, and no more.
# command:    /bin/ls -l
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   runs: 1; facts: files 6, sockets 0, capabilities 0, operations 0
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/ls

profile ls @{exec_path} {
  include <abstractions/base> # covers 3 observed rules, also grants 22 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  @{exec_path} mr,

  # homes
  /home/ann/src/ r,

  # proc
  @{PROC}/@{pid}/task/@{tid}/attr/current r,

  include if exists <local/ls>
}
