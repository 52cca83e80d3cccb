[Service]
AppArmorProfile=leastcall-web
