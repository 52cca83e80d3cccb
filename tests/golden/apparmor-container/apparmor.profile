# AppArmor profile of web: what it was recorded to use, and no more.
# container:  web
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# left out:   what the container's runtime did before execve
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p leastcall-web, or name it to a container runtime.
profile leastcall-web flags=(attach_disconnected, mediate_deleted) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  capability net_bind_service,

  signal (send) set=(hup) peer=unconfined, # the peer's profile was not seen

  # the runtime's, to stop the container
  signal (receive) peer={unconfined,runc,crun},
  signal (receive) peer={/usr/bin/,/usr/sbin/,}podman,

  # programs and libraries
  /usr/sbin/nginx mrix,

  # configuration
  /etc/nginx/nginx.conf r,

  include if exists <local/leastcall-web>
}
