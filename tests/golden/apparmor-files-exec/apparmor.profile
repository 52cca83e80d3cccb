# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

profile app @{exec_path} flags=(mediate_deleted) {
  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  /opt/app/jit                              mrw,
  /opt/app/protected-later                  mr,
  /opt/app/run.pl                           rix,
  /opt/app/run.sh                           rix,
  /usr/bin/dash                             mr,
  /usr/bin/perl                             mrix,
  /usr/bin/true                             mrix,
  /usr/lib/@{multiarch}/ld-linux-x86-64.so* mr, # version left open
  /usr/lib/@{multiarch}/libc.so*            mr, # version left open
  @{exec_path}                              mr,

  # no rules for these: nobody can know the name they go by next time
  # deleted: /memfd:code rmx

  include if exists <local/app>
}
