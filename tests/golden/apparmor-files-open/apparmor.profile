# AppArmor profile of app: what it was recorded to use, and no more.
# command:    app --all
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

@{exec_path} = /opt/app/bin/app

# attach_disconnected: files without a path from the root were used. Not safe: apparmor.d(5).
profile app @{exec_path} flags=(attach_disconnected) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  # programs and libraries
  /opt/data/script         rix,
  /opt/data/script.spelled rix, # not resolved
  @{exec_path}             mr,

  # other files
  "/opt/data/#[0-9]*"            rw, # 2 paths; any file without a name
  /opt/data/appended             a,
  /opt/data/created-and-appended w,
  /opt/data/directory/           r,
  /opt/data/link/spelled         w, # not resolved
  /opt/data/read                 r,
  /opt/data/read                 w, # not resolved
  /opt/data/read-and-written     rw,
  /opt/data/written              w,
  /queue                         r,

  # no rules for these: nobody can know the name they go by next time
  # deleted: /opt/data/gone r
  # detached: /detached r
  # forbidden: /opt/data/link/spelled r
  # forbidden: /opt/data/written k
  # foreign: /elsewhere rw
  # truncated: /deep/below r
  # unresolved: /proc/@{pid}/fd/[0-9]* rx

  include if exists <local/app>
}
