# AppArmor profile of make: what it was recorded to use, and no more.
# command:    make check
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# incomplete: some paths were too long
# incomplete: the table of calls was full
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p make, or name it to a container runtime.
profile make {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  /usr/bin/make mr,

  include if exists <local/make>
}
