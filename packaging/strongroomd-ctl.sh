#!/bin/sh
# Starts and ends strongroomd where nobody else does: strongroomd-ctl start | stop | reload | status; and its network
# door, which runs as network.user: strongroomd-ctl ... door.
# It needs start-stop-daemon (Debian: dpkg; Alpine: openrc, busybox), and root.
# STRONGROOMD_USER, STRONGROOMD_PIDFILE, STRONGROOMD_LOG, STRONGROOM_HOME and STRONGROOM_CONFIG say it otherwise.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
daemon=@prefix@/bin/strongroomd
name=strongroomd
user=${STRONGROOMD_USER:-strongroom}
case ${2:-} in
  '') ;;
  door) name=strongroom-door && user=${STRONGROOMD_USER:-strongroom-door} ;;
  *) set -- usage ;;
esac
pidfile=${STRONGROOMD_PIDFILE:-/run/$name.pid}
log=${STRONGROOMD_LOG:-/var/log/$name.log}
store=${STRONGROOM_HOME:-/var/lib/strongroom}
launcher=@prefix@/lib/strongroom/node

# By the pid that was noted, and only if it is still ours.
tell() {
  start-stop-daemon --quiet --pidfile "$pidfile" --exec "$launcher" "$@"
}

case ${1:-} in
  start)
    if tell --status 2>/dev/null; then
      echo "$name runs already"
      exit 0
    fi
    umask 077
    # shellcheck disable=SC3045 # every shell that is /bin/sh somewhere has them
    ulimit -c 0
    # shellcheck disable=SC3045
    ulimit -l unlimited 2>/dev/null || :
    group=$(id -g "$user") || exit 1
    if [ "$name" = strongroom-door ]; then
      start-stop-daemon --start --quiet --background --no-close --make-pidfile --pidfile "$pidfile" \
        --chuid "$user" --startas "$daemon" -- --door >>"$log" 2>&1 </dev/null
      exit
    fi
    [ -n "${STRONGROOMD_PIDFILE:-}" ] || install -d -m 755 -o "$user" -g "$group" /run/strongroom || exit 1
    install -d -m 700 -o "$user" -g "$group" "$store" || exit 1
    # The shell opens the log, since the service's user may not.
    start-stop-daemon --start --quiet --background --no-close --make-pidfile --pidfile "$pidfile" \
      --chuid "$user:$group" --startas "$daemon" -- --store "$store" >>"$log" 2>&1 </dev/null
    ;;
  # More than service.drain_seconds.
  stop) tell --stop --oknodo --remove-pidfile --retry TERM/30/KILL/5 ;;
  reload) tell --stop --signal HUP ;;
  status) tell --status ;;
  *)
    echo 'usage: strongroomd-ctl start | stop | reload | status [door]' >&2
    exit 2
    ;;
esac
