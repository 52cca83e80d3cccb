# AppArmor profile of shop/cart-7d9/app: what it was recorded to use, and no more.
# pod:        shop/cart-7d9
# image:      registry.example/app:2
# tool:       leastcall 0.1.0
# kernel:     6.18.44 x86_64
# recorded:   1 run, 2026-11-22T06:30:00Z
# note:       a task moved to the cgroup /other, and stays recorded
# not tried:  loading it, and running anything under it

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p leastcall-shop_cart-7d9_app-ebbd9bf3, or name it to a container runtime.
profile leastcall-shop_cart-7d9_app-ebbd9bf3 flags=(attach_disconnected, mediate_deleted) {
  include <abstractions/base> # covers 0 observed rules, also grants 26 (worst: /dev/{null,zero,full} rw)

  capability net_bind_service,

  network inet stream,

  # the runtime's, to stop the container
  signal (receive) peer={unconfined,runc,crun},

  # configuration
  /etc/cart.conf rw,

  # variable data
  /var/cart/ r,

  include if exists <local/leastcall-shop_cart-7d9_app-ebbd9bf3>
}
