# AppArmor profile of backup.sh: what it was recorded to use, and no more.
# command:    ./backup.sh
# kernel:     6.18.44 x86_64
# recorded:   runs: 1; facts: files 9, sockets 1, capabilities 2
# Used, paths not recorded: mkdir, rename
# Used, paths of locks (k) and of later mappings (m) not recorded: fcntl, flock
# Used, no rule made: umount2
# Used, paths of unix sockets not recorded: connect

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p backup.sh, or name it to a container runtime.
profile backup.sh {
  include <abstractions/base>

  capability dac_override, # inferred
  capability dac_read_search,

  network unix stream,

  # programs and libraries
  /home/ann/backup.sh mrix,
  /usr/bin/dash       mr,
  /usr/bin/tar        mrix,

  # variable data
  /var/backups/home.tar ra,

  # temporary files, run
  /dev/shm/x rwlk,

  # sysfs
  @{sys}/kernel/mm/transparent_hugepage/enabled r,

  # devices
  /dev/null rw,

  # other files
  /srv/data/ r,

  include if exists <local/backup.sh>
}
