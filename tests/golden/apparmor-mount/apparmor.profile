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
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  capability sys_admin,

  mount fstype="fuse.my \042fs\042" options=(rw) "a b" -> "/mnt/a,b/",
  mount fstype=ext4 options=(ro, noatime, relatime) /dev/sdb1 -> /mnt/disk/,
  mount fstype=proc options=(rw) proc -> /mnt/proc/,
  mount fstype=sysfs options=(ro) -> /mnt/none/,
  mount fstype=tmpfs options=(rw, nosuid) x -> /mnt/old/,
  mount fstype=tmpfs options=(rw, nosuid, nodev, noexec) tmpfs -> /mnt/tmp/,
  mount options=(rw, bind) /oldroot/dev/null -> /newroot/dev/null, # not resolved
  mount options=(rw, bind) /srv/data/ -> /mnt/data/,
  mount options=(rw, move) -> /mnt/z/, # from nowhere: fsmount(2), open_tree(2)
  mount options=(rw, move) /mnt/a/ -> /mnt/b/,
  mount options=(rw, move) /mnt/doubt/ -> /mnt/moved/, # not resolved
  mount options=(rw, move) /mnt/x/ -> /mnt/y/,
  mount options=(rw, rbind) /srv/ -> /mnt/all/,
  mount options=(rw, rprivate) -> /,
  pivot_root oldroot=/mnt/doubt/old/ /mnt/doubt/, # not resolved
  pivot_root oldroot=/mnt/old/ /mnt/,
  remount options=(ro, bind) /mnt/data/,
  umount "/mnt/\[a\]\*/",
  umount /mnt/data/,
  umount /mnt/doubt/, # not resolved

  # no rules for these:
  # mount: deleted: /mnt/c/
  # mount: forbidden: /mnt/never
  # mount: on /mnt/lazy/: no word with this abi for one of the flags 0x2000000
  # mount: on /mnt/odd/: no word with this abi for one of the flags 0x4000
  # mount: on /mnt/typeless/: the type is not known
  # umount: not a path: relative

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
