# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   3 runs, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

profile app @{exec_path} {
  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  /lib/modules/[0-9]*/modules.dep  r, # 2 paths; version left open
  /usr/lib/@{multiarch}/libfoo.so* mr, # 2 paths; version left open
  /usr/lib/python3.[0-9]*/os.py    r, # 2 paths; version left open
  @{exec_path}                     mr,

  # configuration
  /etc/app.conf r,
  /etc/gr0up7   w, # one run: may hold a random part
  /etc/p4ssw0   w, # one run: may hold a random part
  /etc/ssh/key1 rw,
  /etc/ssh/key2 rw,

  # variable data
  /var/lib/app/objects/[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f] w, # 3 paths
  /var/lib/app/state.json w,
  owner /var/lib/app/state.json.[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9] rw, # 3 paths

  # temporary files, run
  /tmp/build.[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9]/ w, # 3 paths; whose it was is not known
  /tmp/build.[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9]/out.o rw, # 3 paths; whose it was is not known
  owner /tmp/tmp[a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_][a-z0-9_] rw, # 3 paths

  # proc
  @{PROC}/@{pid}/status           r, # whose it was is not known
  @{PROC}/@{pid}/task/@{tid}/comm r, # whose it was is not known

  # devices
  /dev/pts/[0-9]* rw, # 2 paths; any terminal

  # other files
  "/srv/a\{,b\}[0-9]*, \042x" w, # 2 paths
  /srv/posts.db               r,
  /srv/users.db               r,

  # hard links
  link /var/lib/app/lock -> /var/lib/app/state.json.[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9], # 3 paths

  include if exists <local/app>
}
