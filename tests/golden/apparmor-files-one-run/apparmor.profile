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
  /lib/modules/[0-9]*/modules.dep  r, # version left open
  /usr/lib/@{multiarch}/libfoo.so* mr, # version left open
  /usr/lib/python3.[0-9]*/os.py    r, # version left open
  @{exec_path}                     mr,

  # configuration
  /etc/app.conf r,
  /etc/p4ssw0   w, # one run: may hold a random part
  /etc/ssh/key1 rw,

  # variable data
  /var/lib/app/objects/0f1e2d3c  w, # one run: may hold a random part
  /var/lib/app/state.json        w,
  /var/lib/app/state.json.Qx81Lm rw, # one run: may hold a random part

  # temporary files, run
  /tmp/build.aB3dE6/      w, # whose it was is not known; one run: may hold a random part
  /tmp/build.aB3dE6/out.o rw, # whose it was is not known; one run: may hold a random part
  owner /tmp/tmpk3x9_a2b  rw, # one run: may hold a random part

  # proc
  @{PROC}/@{pid}/status r, # whose it was is not known

  # devices
  /dev/pts/[0-9]* rw, # any terminal

  # other files
  "/srv/a\{,b\}1234, \042x" w, # one run: may hold a random part
  /srv/users.db             r,

  # hard links
  link /var/lib/app/lock -> /var/lib/app/state.json.Qx81Lm, # one run: may hold a random part

  include if exists <local/app>
}
