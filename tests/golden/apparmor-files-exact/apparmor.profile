# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   3 runs, 2026-11-22T06:30:00Z
# options:    --exact
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

profile app @{exec_path} {
  include <abstractions/base>

  # programs and libraries
  /lib/modules/6.1.0-13-amd64/modules.dep r,
  /lib/modules/6.18.44/modules.dep        r,
  /usr/lib/@{multiarch}/libfoo.so.1.2.3   mr,
  /usr/lib/@{multiarch}/libfoo.so.1.2.4   mr,
  /usr/lib/python3.11/os.py               r,
  /usr/lib/python3.12/os.py               r,
  @{exec_path}                            mr,

  # configuration
  /etc/app.conf r,
  /etc/gr0up7   w, # one run: may hold a random part
  /etc/p4ssw0   w, # one run: may hold a random part
  /etc/ssh/key1 rw,
  /etc/ssh/key2 rw,

  # variable data
  /var/lib/app/objects/00ff00ff  w, # one run: may hold a random part
  /var/lib/app/objects/0f1e2d3c  w, # one run: may hold a random part
  /var/lib/app/objects/9a8b7c6d  w, # one run: may hold a random part
  /var/lib/app/state.json        w,
  /var/lib/app/state.json.Qx81Lm rw, # one run: may hold a random part
  /var/lib/app/state.json.ab12CD rw, # one run: may hold a random part
  /var/lib/app/state.json.p0Zk2c rw, # one run: may hold a random part

  # temporary files, run
  /tmp/build.1q2W3e/      w, # whose it was is not known; one run: may hold a random part
  /tmp/build.1q2W3e/out.o rw, # whose it was is not known; one run: may hold a random part
  /tmp/build.Zx9Yw8/      w, # whose it was is not known; one run: may hold a random part
  /tmp/build.Zx9Yw8/out.o rw, # whose it was is not known; one run: may hold a random part
  /tmp/build.aB3dE6/      w, # whose it was is not known; one run: may hold a random part
  /tmp/build.aB3dE6/out.o rw, # whose it was is not known; one run: may hold a random part
  owner /tmp/tmp0a9s8d7f  rw, # one run: may hold a random part
  owner /tmp/tmpk3x9_a2b  rw, # one run: may hold a random part
  owner /tmp/tmpzz81qq0w  rw, # one run: may hold a random part

  # proc
  @{PROC}/@{pid}/status           r, # whose it was is not known
  @{PROC}/@{pid}/task/@{tid}/comm r, # whose it was is not known

  # devices
  /dev/pts/1  rw,
  /dev/pts/12 rw,

  # other files
  "/srv/a\{,b\}1234, \042x" w, # one run: may hold a random part
  "/srv/a\{,b\}5678, \042x" w, # one run: may hold a random part
  /srv/posts.db             r,
  /srv/users.db             r,

  # hard links
  link /var/lib/app/lock -> /var/lib/app/state.json.Qx81Lm, # one run: may hold a random part
  link /var/lib/app/lock -> /var/lib/app/state.json.p0Zk2c, # one run: may hold a random part

  include if exists <local/app>
}
