#!/bin/sh
# Starts the command line with the runtime that was built beside it. Everything is found from where this file really
# lies; nothing that steers Node or its OpenSSL is taken over from the environment.
self=$(PATH=/usr/bin:/bin readlink -f -- "$0") || exit 1
bin=${self%/*}
lib=${bin%/*}/lib/strongroom
if [ ! -x "$lib/node" ]; then
  echo "strongroom: $lib/node is not there or can't be run; the folders bin and lib belong together (make build)" >&2
  exit 1
fi
unset NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_DEBUG NODE_V8_COVERAGE OPENSSL_CONF OPENSSL_MODULES
exec "$lib/node" "$lib/cli.cjs" "$@"
