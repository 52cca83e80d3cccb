# AppArmor profile of game32: what it was recorded to use, and no more.
# command:    game32
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/game/game32

profile game32 @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/game32>
}
