# AppArmor profile of backup.sh: what it was recorded to use, and no more.
# command:    ./backup.sh
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p backup.sh, or name it to a container runtime.
profile backup.sh {
  include <abstractions/base> # covers 1 observed rule, also grants 25 (worst: ptrace (readby))

  capability dac_override, # inferred
  capability dac_read_search,

  unix (create, shutdown, getattr, getopt, setopt, send, receive) type=stream,

  # programs and libraries
  /home/ann/backup.sh mrix,
  /usr/bin/dash       mr,
  /usr/bin/tar        mrix,

  # variable data
  /var/backups/home.tar ra,

  # temporary files, run
  /dev/shm/x rwlk, # whose it was is not known

  # sysfs
  @{sys}/kernel/mm/transparent_hugepage/enabled r,

  # other files
  /srv/data/ r,

  include if exists <local/backup.sh>
}
