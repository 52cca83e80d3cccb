# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   2 runs, 2026-11-22T06:30:00Z
# options:    --no-base
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  unix (bind) type=dgram addr=@log-2026-11-22, # holds a date
  unix (bind, listen, accept) type=stream addr=@app-[0-9]*,
  unix (bind, listen, accept) type=stream addr=@once-4711, # one run: may hold a random part
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/.X11-unix/X0),
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/dbus-[a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9][a-zA-Z0-9]),
  unix (connect, send, receive) type=stream peer=(addr=@app-[0-9]*),
  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
  unix (create, shutdown, getattr, getopt, setopt, send, receive) type=stream,
  unix (send, receive) type=dgram peer=(addr="@two \000words-[0-9]*"),
  unix (send, receive) type=dgram peer=(label="@{profile_name}"),

  signal (receive) peer=unconfined, # so that it can be stopped

  # programs and libraries
  @{exec_path} mr,

  include if exists <local/app>
}
