# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   2 runs, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /srv/app

profile app @{exec_path} {
  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  /usr/bin/a1  rw, # varies between runs: a pattern would allow too much
  /usr/bin/b2  rw, # varies between runs: a pattern would allow too much
  @{exec_path} mr,

  # configuration
  /etc/a.preload0 rw, # varies between runs: a pattern would allow too much
  /etc/a0aaaa     rw, # varies between runs: a pattern would allow too much
  /etc/b.preload1 rw, # varies between runs: a pattern would allow too much
  /etc/b1bbbb     rw, # varies between runs: a pattern would allow too much

  # variable data
  owner /var/lib/app/temp-[0-9]*.rdb rw, # 2 paths
  /var/spool/cron/a0ot               rw, # varies between runs: a pattern would allow too much
  /var/spool/cron/b1ot               rw, # varies between runs: a pattern would allow too much

  # temporary files, run
  owner /tmp/[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9] rw, # 2 paths
  owner @{run}/[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/docker.sock rw, # 2 paths
  @{run}/a0cker.sock                rw, # one run: may hold a random part
  @{run}/b1cker.sock                rw, # one run: may hold a random part
  @{run}/x0zzzzzzzz/containerd.sock rw, # varies between runs: a pattern would allow too much
  @{run}/y1wwwwwwww/containerd.sock rw, # varies between runs: a pattern would allow too much

  # other files
  /srv/a1 rw, # varies between runs: a pattern would allow too much
  /srv/b2 rw, # varies between runs: a pattern would allow too much
  owner /srv/data/[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f] rw, # 2 paths
  owner /srv/repo/objects/pack/tmp_pack_[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9] w, # 2 paths

  include if exists <local/app>
}
