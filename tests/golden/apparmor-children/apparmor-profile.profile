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

profile app @{exec_path} {
  include <abstractions/base> # covers 0 observed rules, also grants 25 (worst: /dev/{null,zero,full} rw)

  capability net_bind_service,

  network inet stream,

  unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
  unix (send, receive) type=dgram peer=(label="app{,//*}"),

  signal (receive) set=(term) peer=app{,//*}, # which of them received it was not seen
  signal (send) set=(term) peer=app{,//*},

  # programs and libraries
  /usr/bin/dash     mrCx -> dash,
  /usr/lib/app/hook rCx -> dash,
  @{exec_path}      mrix,

  # configuration
  /etc/app.conf r,

  # variable data
  /var/lib/unknown r,

  profile ls {
    include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

    signal (receive) set=(term) peer=app{,//*}, # which of them received it was not seen

    # programs and libraries
    /opt/tools/ls mr,
  }

  profile dash {
    include <abstractions/base> # covers 1 observed rule, also grants 25 (worst: /dev/{null,zero,full} rw)

    unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram,
    unix (send, receive) type=dgram peer=(label="app{,//*}"),

    signal (receive) set=(term) peer=app{,//*}, # which of them received it was not seen
    signal (send) set=(kill) peer=unconfined, # the peer's profile was not seen

    # programs and libraries
    /usr/bin/app  mrPx -> app,
    /usr/bin/dash mrix,
    /usr/bin/ls   mrPx -> app//_usr_bin_ls-828bf086,

    # configuration
    /etc/profile r,
  }

  profile _usr_bin_ls-828bf086 {
    include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

    capability dac_read_search,

    signal (receive) set=(term) peer=app{,//*}, # which of them received it was not seen

    ptrace (read) peer=app{,//*},

    # programs and libraries
    /opt/tools/ls mrPx -> app//ls,
    /usr/bin/ls   mr,

    # other files
    /srv/ r,
  }

  include if exists <local/app>
}
