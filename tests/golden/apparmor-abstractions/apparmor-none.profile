# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /opt/app/app.py
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

# Started as app.py: what counts is the executable, whatever name leads to it.
@{exec_path} = /opt/app/app

profile app @{exec_path} {
  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  /usr/lib/@{multiarch}/libc.so*                   mr, # version left open
  /usr/lib/python3.[0-9]*/os.py                    r, # version left open
  /usr/local/lib/python3.[0-9]*/                   r, # version left open
  /usr/local/lib/python3.[0-9]*/dist-packages/a.py r, # version left open
  /usr/local/lib/python3.[0-9]*/dist-packages/b.py r, # version left open
  /usr/local/lib/python3.[0-9]*/dist-packages/c.so mr, # version left open
  @{exec_path}                                     mr,

  # shared data
  /usr/share/python3/debian_defaults r,
  /usr/share/python3/written         rw,

  # configuration
  /etc/app.conf        r,
  /etc/group           r,
  /etc/hosts           r,
  /etc/ld.so.cache     r,
  /etc/passwd          r,
  /etc/resolv.conf     r,
  /etc/ssl/openssl.cnf r,

  # temporary files, run
  owner /tmp/mine rw,

  # proc
  @{PROC}/@{pid}/maps r, # whose it was is not known
  @{PROC}/@{pid}/mem  r, # whose it was is not known

  # devices
  /dev/null rw,

  include if exists <local/app>
}
