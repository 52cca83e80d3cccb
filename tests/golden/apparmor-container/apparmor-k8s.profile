securityContext:
  appArmorProfile:
    type: Localhost
    localhostProfile: leastcall-web
