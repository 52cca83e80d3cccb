# AppArmor profile of ls: what it was recorded to use, and no more.
# command:    /bin/ls -l
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/ls

profile ls @{exec_path} {
  include <abstractions/base> # covers 3 observed rules, also grants 22 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  @{exec_path} mr,

  # homes
  /home/ann/src/ r, # whose it was is not known

  # proc
  @{PROC}/@{pid}/task/@{tid}/attr/current r, # whose it was is not known

  include if exists <local/ls>
}
