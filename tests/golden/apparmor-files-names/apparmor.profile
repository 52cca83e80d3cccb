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
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  @{exec_path} mr,

  # other files
  /opt/data/chmod                    w,
  /opt/data/directory-from/          rw,
  /opt/data/directory-to/            w,
  /opt/data/exchanged-1              rw,
  /opt/data/exchanged-2              rw,
  /opt/data/linked-to-who-knows-what l,
  /opt/data/locked                   rwk,
  /opt/data/locked-shared            rk,
  /opt/data/made/                    w,
  /opt/data/new                      w,
  /opt/data/node                     w,
  /opt/data/removed/                 w,
  /opt/data/renamed-from             rw,
  /opt/data/renamed-to               w,
  /opt/data/symlink                  w,
  /opt/data/truncated                w,
  /opt/data/unlinked                 w,

  # hard links
  link "/opt/data/a new one" -> "/opt/data/an old, \042one\042",
  link /opt/data/new -> /opt/data/old,

  include if exists <local/app>
}
