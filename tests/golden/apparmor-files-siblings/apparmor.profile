# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --glob-dirs 4
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

profile app @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  @{exec_path} mr,

  # other files
  /srv/cache/*.bin w, # 4 paths
  /srv/cache/index w,
  /srv/data/a.bin  r,
  /srv/data/b.bin  r,
  /srv/data/c.bin  r,
  /srv/data/d.bin  r,

  include if exists <local/app>
}
