#!/bin/sh
# strongroomd: the engine as a service in the foreground, for the programs of many users. Everything is found from where
# this file really lies. What steers it further stands in the configuration; docs/operations.md has the operator's side.
PATH=/usr/bin:/bin
usage='usage: strongroomd [--store DIR] [--config FILE] [--no-door] | --door [--config FILE] [--user USER] | --help | --version'

refuse() {
  printf 'strongroomd: %s\n%s\n' "$1" "$usage" >&2
  exit 2
}

help() {
  cat <<EOF
$usage

Serves keys to the programs of many users, in the foreground, until it is told to end.

  --store DIR    where tokens and keys are: \$STRONGROOM_HOME, else /var/lib/strongroom
  --config FILE  the configuration: \$STRONGROOM_CONFIG, else /etc/strongroom/strongroom.toml if it can be read

  --no-door      does not start the network door, whatever the configuration says: something else does

With --door it is the network door alone, which lets programs of other machines in where network.listen says, and brings
them to the service that runs here.

  --user USER    whom the door runs as, where root starts it: a name, a number, or NUMBER:GROUP

Paths are absolute. SIGHUP reads configuration and policy anew; SIGTERM ends it when the calls under way are answered, a
second one at once. The log goes to the standard error. A socket that listens already (LISTEN_FDS), NOTIFY_SOCKET and
WATCHDOG_USEC are used as systemd describes them.
EOF
}

self=$(readlink -f -- "$0") || exit 1
bin=${self%/*}
lib=${bin%/*}/lib/strongroom
store=${STRONGROOM_HOME:-/var/lib/strongroom}
config=${STRONGROOM_CONFIG:-}
door=
user=

while [ $# -gt 0 ]; do
  case $1 in
    --store | --config)
      [ $# -ge 2 ] || refuse "$1 needs a path"
      if [ "$1" = --store ]; then store=$2; else config=$2; fi
      shift 2
      ;;
    --user)
      [ $# -ge 2 ] || refuse "$1 needs a name or a number"
      user=$2
      shift 2
      ;;
    --door) door=yes && shift ;;
    --no-door) door=no && shift ;;
    --help | -h) help && exit 0 ;;
    --version | -v)
      printf 'strongroomd @version@\n'
      exit 0
      ;;
    *) refuse "there is no option $1" ;;
  esac
done
[ -n "$config" ] || [ ! -r /etc/strongroom/strongroom.toml ] || config=/etc/strongroom/strongroom.toml
case $store in /*) ;; *) refuse "the store must be an absolute path, not $store" ;; esac
case $config in /* | '') ;; *) refuse "the configuration must be an absolute path, not $config" ;; esac
if [ ! -x "$lib/strongroom-launch" ]; then
  echo "strongroomd: $lib/strongroom-launch is not there or can't be run; the folders bin and lib belong together (make build)" >&2
  exit 1
fi
if [ "$door" = yes ]; then
  [ -n "$config" ] || refuse "the network door needs a configuration: --config, or /etc/strongroom/strongroom.toml"
  set -- --door --apart "$store"
  [ -z "$user" ] || set -- "$@" --user "$user"
else
  [ -z "$user" ] || refuse "--user is for --door"
  set -- --foreground --service --store "$store"
  [ "$door" != no ] || set -- "$@" --no-door
fi
[ -z "$config" ] || set -- "$@" --config "$config"
# In place of this process: whoever started it counts on its number.
exec "$lib/strongroom-launch" "$@"
