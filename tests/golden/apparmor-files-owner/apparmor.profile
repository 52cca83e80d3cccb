# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

profile app @{exec_path} {
  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  @{exec_path} mr,

  # configuration
  /etc/app.conf r,

  # homes
  owner /home/ann/.ssh/config r,
  /home/bob/x                 r,
  owner @{HOME}/.cache/app/x  rw,

  # temporary files, run
  owner "/tmp/#[0-9]*"       rw, # any file without a name
  owner /dev/shm/own         rw,
  owner /tmp/own             rw,
  /tmp/unknown               rw, # whose it was is not known
  owner /var/tmp/own         rw,
  @{run}/app.pid             r,
  owner @{run}/user/1000/own rw,

  # proc
  owner @{PROC}/@{pid}/status r,

  include if exists <local/app>
}
