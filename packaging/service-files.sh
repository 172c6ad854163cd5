#!/bin/sh
# service-files.sh install | uninstall: makes strongroomd a service of this machine, with the files that lie beside this one.
# It runs from where it was installed or unpacked (PREFIX/share/strongroom/service), and needs the right to write to /etc.
#
# DESTDIR gathers the files elsewhere, SYSCONFDIR is /etc unless said otherwise, WITH_OPENRC=yes adds the script for OpenRC
# also where that is not found. What is there already in SYSCONFDIR/strongroom stays as it is. laid-down, beside this file,
# lists what was laid down; uninstall takes away this, but no configuration that was changed.
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
self=$(readlink -f -- "$0")
here=${self%/*}
DESTDIR=${DESTDIR:-}
SYSCONFDIR=${SYSCONFDIR:-/etc}
PREFIX=${PREFIX:-${here%/share/strongroom/service}}
list=$here/laid-down

say() {
  printf 'strongroomd: %s\n' "$1" >&2
}

case ${1:-} in
  install | uninstall) ;;
  *) echo "usage: ${0##*/} install | uninstall" >&2 && exit 2 ;;
esac
for name in "$PREFIX" "$SYSCONFDIR"; do
  case $name in
    /*) ;;
    *) say "the path must begin with a slash: $name" && exit 2 ;;
  esac
  # Unit files, shells and configurations would each want another way to write others.
  case $name in
    *[!A-Za-z0-9/._+-]*) say "a service's path can have letters, digits and / . _ + - only: $name" && exit 2 ;;
  esac
done

sum() {
  sha256sum <"$1" | cut -d ' ' -f 1
}

# Lines are: SUM PATH, as it is found in the end. A configuration has its sum, what is ours alone has a dash.
take_away() {
  while read -r known path; do
    file=$DESTDIR$path
    case $path in /*/../* | '') continue ;; esac
    [ -f "$file" ] || [ -L "$file" ] || continue
    if [ "$known" = - ] || [ "$known" = "$(sum "$file")" ]; then
      rm -f -- "$file"
    else
      say "$path was changed, and stays"
    fi
  done <"$1"
  # Folders that were made for these files, the deepest first, if nobody else has anything there.
  sed -n 's/^+ //p' "$1" | sort -r | while read -r path; do
    rmdir -- "$DESTDIR$path" 2>/dev/null || :
  done
}

if [ "$1" = uninstall ]; then
  [ -f "$list" ] || { say 'no service was laid down from here' && exit 0; }
  take_away "$list"
  rm -f -- "$list"
  say "removed; /var/lib/strongroom, with the keys, stays where it is"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

folder() {
  if [ -z "$1" ] || [ -d "$DESTDIR$1" ]; then return; fi
  folder "${1%/*}"
  mkdir -- "$DESTDIR$1"
  echo "+ $1" >>"$work/list"
}

# put SOURCE TARGET MODE
put() {
  folder "${2%/*}"
  sed "s#@prefix@#$PREFIX#g" "$here/$1" >"$work/file"
  rm -f -- "$DESTDIR$2.new"
  install -m "$3" "$work/file" "$DESTDIR$2.new"
  mv -f -- "$DESTDIR$2.new" "$DESTDIR$2"
  echo "- $2" >>"$work/list"
}

# configure SOURCE TARGET: only where there is none.
configure() {
  if [ -e "$DESTDIR$2" ]; then
    # Ours from before, as the list still says.
    [ ! -f "$list" ] || sed -n "s#^[0-9a-f]\{64\} $2\$#&#p" "$list" >>"$work/list"
    return
  fi
  folder "${2%/*}"
  install -m 644 "$here/$1" "$DESTDIR$2"
  echo "$(sum "$DESTDIR$2") $2" >>"$work/list"
}

: >"$work/list"
# Systems look into /etc for what is neither theirs nor the machine's own.
case $PREFIX in
  /usr | /usr/local) units=$PREFIX/lib ;;
  *) units=$SYSCONFDIR ;;
esac
put systemd/strongroomd.service "$units/systemd/system/strongroomd.service" 644
put systemd/strongroom-door.service "$units/systemd/system/strongroom-door.service" 644
put systemd/strongroomd.socket "$units/systemd/system/strongroomd.socket" 644
put systemd/sysusers.conf "$units/sysusers.d/strongroom.conf" 644
put systemd/tmpfiles.conf "$units/tmpfiles.d/strongroom.conf" 644
if [ -e "$DESTDIR/sbin/openrc-run" ] || [ "${WITH_OPENRC:-no}" = yes ]; then
  put openrc/strongroomd "$SYSCONFDIR/init.d/strongroomd" 755
  put openrc/strongroom-door "$SYSCONFDIR/init.d/strongroom-door" 755
fi
put strongroomd-ctl.sh "$PREFIX/sbin/strongroomd-ctl" 755
configure etc/strongroom.toml "$SYSCONFDIR/strongroom/strongroom.toml"
configure etc/policy.toml "$SYSCONFDIR/strongroom/policy.toml"

# What an earlier release laid down and this one does not; folders are asked again at the very end.
if [ -f "$list" ]; then
  grep '^+ ' "$list" >>"$work/list" || :
  cut -d ' ' -f 2 "$work/list" >"$work/now"
  { grep '^- ' "$list" || :; } | while read -r mark path; do
    grep -qxF -- "$path" "$work/now" || echo "$mark $path"
  done >"$work/gone"
  take_away "$work/gone"
fi
LC_ALL=C sort -u "$work/list" >"$list.new"
mv -f -- "$list.new" "$list"
say "laid down in $DESTDIR${units%/lib} and $DESTDIR$SYSCONFDIR; docs/operations.md tells how to start it"
