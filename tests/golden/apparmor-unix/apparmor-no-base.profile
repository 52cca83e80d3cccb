# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --no-base
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

profile app @{exec_path} {
  @{run}/app/socket w,
  unix (bind) type=dgram addr=auto,
  unix (bind, listen, accept) type=stream addr=@0a1b2,
  unix (bind, listen, accept) type=stream addr=@app/control,
  unix (connect, send, receive) type=stream peer=(addr="@nul\000\000within\134000"),
  unix (connect, send, receive) type=stream peer=(addr="@two words, \042quoted\042"),
  unix (connect, send, receive) type=stream peer=(addr=@/tmp/.X11-unix/X0),
  unix (create, bind, listen, accept, connect, shutdown, getattr, getopt, setopt, send, receive) type=stream,
  unix (create, connect, shutdown, getattr, getopt, setopt, send, receive) type=seqpacket,
  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
  unix (send, receive) type=dgram peer=(addr=@logger),
  unix (send, receive) type=dgram peer=(addr=auto),

  signal (receive) peer=unconfined, # so that it can be stopped

  # no rules for these:
  # D-Bus: the system bus was connected to, and no recording holds the messages: see abstractions/dbus-strict

  # programs and libraries
  @{exec_path} mr,

  # temporary files, run
  @{run}/dbus/system_bus_socket rw,

  include if exists <local/app>
}
