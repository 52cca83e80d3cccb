# AppArmor profile of shop/cart-7d9/app: what it was recorded to use, and no more.
# pod:        shop/cart-7d9
# image:      registry.example/app:2
# kernel:     6.18.44 x86_64
# recorded:   runs: 1; facts: files 3, sockets 2, capabilities 2
# Used, paths not recorded: mkdir

abi <abi/3.0>,
include <tunables/global>

# Attached to no executable: start with aa-exec -p leastcall-shop_cart-7d9_app-ebbd9bf3, or name it to a container runtime.
profile leastcall-shop_cart-7d9_app-ebbd9bf3 {
  include <abstractions/base>

  capability net_bind_service,

  network inet stream,

  # configuration
  /etc/cart.conf rw,

  # variable data
  /var/cart/ r,

  include if exists <local/leastcall-shop_cart-7d9_app-ebbd9bf3>
}
