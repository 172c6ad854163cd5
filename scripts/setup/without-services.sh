#!/bin/bash
# Runs a command, such as apt-get, while no package may start its service: the tests start what they need by themselves,
# and nobody wants a web server on port 80 from them.
set -u
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
fi
"$@"
