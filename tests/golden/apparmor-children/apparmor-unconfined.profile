# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --children unconfined --complain
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} flags=(complain) {
  include <abstractions/base> # covers 0 observed rules, also grants 25 (worst: /dev/{null,zero,full} rw)

  capability net_bind_service,

  network inet stream,

  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
  unix (send, receive) type=dgram peer=(label="{app,unconfined}"),

  signal (receive) set=(term) peer={app,unconfined}, # which of them received it was not seen
  signal (send) set=(term) peer={app,unconfined},

  # programs and libraries
  /usr/bin/dash     mrUx,
  /usr/lib/app/hook rUx,
  @{exec_path}      mrix,

  # configuration
  /etc/app.conf r,

  # variable data
  /var/lib/unknown r,

  include if exists <local/app>
}
