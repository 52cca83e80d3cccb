# AppArmor profile of app: what it was recorded to use, and no more.
# command:    /usr/bin/app
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# options:    --children profile
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /usr/bin/app

# attach_disconnected: files without a path from the root were used. Not safe: apparmor.d(5).
profile app @{exec_path} flags=(attach_disconnected) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" rw,
  unix (bind, listen, accept) type=stream addr="@@\{HOME\}\[x\]\*\?\^",
  unix (bind, listen, accept) type=stream addr="@\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012", # one run: may hold a random part
  unix (bind, listen, accept) type=stream addr=@,
  unix (connect, send, receive) type=stream peer=(addr="@\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012"), # one run: may hold a random part
  unix (create, bind, listen, accept, shutdown, getattr, getopt, setopt, send, receive) type=stream,
  unix (create, shutdown, getattr, getopt, setopt, send, receive) type=dgram,

  mount fstype="\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" options=(rw) "\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" -> "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",
  mount options=(rw, bind) "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" -> "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",
  mount options=(rw, move) "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" -> "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",
  pivot_root oldroot="/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",
  umount "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",

  "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012" rw,

  change_profile -> "\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012",

  # no rules for these:
  # change_profile: the name is not known, or too long
  # unix-bind: not a path: "\012}\012profile x { capability, /** rwlkmix, }\012\134012

  # programs and libraries
  @{exec_path} mr,

  profile ___rwlkmix_____012-7e431775 flags=(attach_disconnected) {
    include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

    capability setuid,

    # programs and libraries
    "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\134012"  mr,
    "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\1340123" rPx -> app//___rwlkmix_____0122-0a9da4c5,
  }

  profile ___rwlkmix_____0122-0a9da4c5 flags=(attach_disconnected) {
    include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

    # programs and libraries
    "/\042\012\}\012profile x \{ capability, /\*\* rwlkmix, \}\012\1340122" mr,
  }

  include if exists <local/app>
}
