# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   2 runs, 2026-11-22T06:30:00Z
# options:    --exact
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  include <abstractions/base>

  unix (bind) type=dgram addr=@log-2026-11-22, # holds a date
  unix (bind, listen, accept) type=stream addr=@app-31734, # one run: may hold a random part
  unix (bind, listen, accept) type=stream addr=@app-31740, # one run: may hold a random part
  unix (bind, listen, accept) type=stream addr=@once-4711, # one run: may hold a random part
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/.X11-unix/X0),
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/dbus-P0s8aq), # one run: may hold a random part
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/dbus-k3Jd9q), # one run: may hold a random part
  unix (connect, send, receive) type=stream peer=(addr=@app-31734), # one run: may hold a random part
  unix (connect, send, receive) type=stream peer=(addr=@app-31740), # one run: may hold a random part
  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
  unix (create, shutdown, getattr, getopt, setopt, send, receive) type=stream,
  unix (send, receive) type=dgram peer=(addr="@two \000words-31734"), # one run: may hold a random part
  unix (send, receive) type=dgram peer=(addr="@two \000words-31740"), # one run: may hold a random part

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
