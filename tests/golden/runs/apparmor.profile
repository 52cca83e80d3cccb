# AppArmor profile of nginx: what it was recorded to use, and no more.
# command:    nginx -g 'daemon off;'
# tool:       leastcall 0.1.0
# kernel:     6.12.9 x86_64
# kernel:     6.18.44 x86_64
# recorded:   2 runs, 2026-11-22T06:30:00Z to 2026-11-22T07:00:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/sbin/nginx

profile nginx @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  capability net_bind_service,
  capability setuid, # inferred

  network inet stream,

  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,

  # programs and libraries
  /usr/bin/dash mrix,
  @{exec_path}  mrix,

  # configuration
  /etc/nginx/nginx.conf r,

  # variable data
  /var/log/nginx/access.log w,

  # temporary files, run
  @{run}/nginx.pid rwk,

  include if exists <local/nginx>
}
