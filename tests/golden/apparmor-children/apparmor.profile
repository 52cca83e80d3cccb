# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 25 (worst: /dev/{null,zero,full} rw)

  capability dac_read_search,
  capability net_bind_service,

  network inet stream,

  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,

  signal (send) set=(kill) peer=unconfined, # the peer's profile was not seen

  # programs and libraries
  /opt/tools/ls     mrix,
  /usr/bin/dash     mrix,
  /usr/bin/ls       mrix,
  /usr/lib/app/hook rix,
  @{exec_path}      mrix,

  # configuration
  /etc/app.conf r,
  /etc/profile  r,

  # variable data
  /var/lib/unknown r,

  # other files
  /srv/ r,

  include if exists <local/app>
}
