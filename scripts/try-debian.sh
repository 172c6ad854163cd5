#!/bin/bash
# try-debian.sh SUITE [FOLDER [root | tester]]: does `make demo` and `make test` on a bare Debian, by root and by an ordinary user (or
# by one of them; the ordinary one needs the packages that root's run installs).
#
# In FOLDER (a temporary one unless said otherwise; one that holds a Debian already is used as it is) debootstrap lays out
# SUITE with Node, npm and a compiler of its own, and a clean clone of what is committed here goes in. How this machine
# reaches packages (apt, npm, certificates, the variables about them) holds inside as well; nothing of that is kept.
# Logs stay in FOLDER.log. Needs root, debootstrap and some 6 GB.
set -euo pipefail
[[ $# -ge 1 && $# -le 3 && $1 != -* ]] || { echo "usage: $0 SUITE [FOLDER [root | tester]]" >&2 && exit 2; }
[[ $(id -u) -eq 0 ]] || { echo "this needs root: it mounts and changes the root folder" >&2 && exit 2; }
command -v debootstrap >/dev/null || { echo "apt-get install -y debootstrap" >&2 && exit 2; }
# Mounts of our own namespace: whatever becomes of us, the machine does not see them.
if [[ ${TRY_DEBIAN_INSIDE:-} != yes ]]; then
  TRY_DEBIAN_INSIDE=yes exec unshare --mount --propagation private -- "$0" "$@"
fi
suite=$1
read -ra users <<<"${3:-root tester}"
home=$(cd "$(dirname "$0")/.." && pwd)
temporary=
if [[ -z ${2:-} ]]; then
  temporary=$(mktemp -d /var/tmp/strongroom-debian.XXXXXX)
  mkdir -m 755 "$temporary/root"
fi
root=$(realpath -m "${2:-$temporary/root}")
log=$root.log
mkdir -p "$root" "$log"

# Ends whoever still runs inside, by number, and takes the mounts away.
leave() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/root" 2>/dev/null) == "$root" ]] && kill -KILL "${process#/proc/}" 2>/dev/null || true
  done
  umount -R -l "$root" 2>/dev/null || true
  if [[ -n $temporary ]]; then rm -rf --one-file-system "$temporary/root"; fi
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

# Where this machine has Debian from, be it in one format or the other.
mirror() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null || true; } |
    sed -nE 's/^(URIs: *|deb +(\[[^]]*\] +)?)([^ ]+\/'"$1"')\/?( .*)?$/\3/p' | sed -n 1p
}

echo "== $suite in $root"
archive=$(mirror debian)
if [[ ! -f $root/etc/debian_version ]]; then
  debootstrap --variant=minbase "$suite" "$root" ${archive:+"$archive"} >"$log/debootstrap" 2>&1 ||
    { tail -n 5 "$log/debootstrap" && exit 1; }
fi
# A mount point, as the root of every real machine is.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"

# ---- how this machine reaches packages -------------------------------------------------------------------------------
security=$(mirror debian-security)
{
  [[ -n $archive ]] && printf 'deb %s %s main\n' "$archive" "$suite"
  [[ -n $security ]] && printf 'deb %s %s-security main\n' "$security" "$suite"
} >"$root/etc/apt/sources.list.new"
[[ -s $root/etc/apt/sources.list.new ]] && mv "$root/etc/apt/sources.list.new" "$root/etc/apt/sources.list"
for file in apt.conf apt.conf.d auth.conf auth.conf.d; do
  [[ -e /etc/apt/$file ]] && cp -aT "/etc/apt/$file" "$root/etc/apt/$file"
done
for file in resolv.conf hosts; do
  [[ -f /etc/$file ]] && cp -L "/etc/$file" "$root/etc/$file"
done
inside=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
while IFS= read -r -d '' variable; do
  name=${variable%%=*}
  [[ $name =~ ^(npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|GOPROXY|GONOSUMDB|GOFLAGS|[a-z]+_proxy)$ ||
    ${name,,} =~ ^(npm_config_.*|[a-z]+_proxy)$ ]] && inside+=("$variable")
done < <(env -0)
enter() { # WHO COMMAND...
  local where=/root
  [[ $1 != root ]] && where=/home/$1
  # A session of its own: what tests do to their terminal and process group is theirs.
  setsid -w chroot --userspec="$1" "$root" env -i "${inside[@]}" HOME="$where" USER="$1" "${@:2}"
}
enter root sh -ec 'export DEBIAN_FRONTEND=noninteractive; apt-get update -qq
  apt-get install -y -qq --no-install-recommends nodejs npm gcc make libc6-dev ca-certificates' >"$log/apt" 2>&1 ||
  { tail -n 5 "$log/apt" && exit 1; }
# Certificates that this machine trusts: packages that come later write the list anew, and get it back.
for file in "${NODE_EXTRA_CA_CERTS:-}" "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt; do
  [[ -f $file ]] && install -D -m 644 "$file" "$root$file"
done
cp "$root/etc/ssl/certs/ca-certificates.crt" "$root/etc/ssl/machine.crt"
echo 'DPkg::Post-Invoke { "cp /etc/ssl/machine.crt /etc/ssl/certs/ca-certificates.crt"; };' >"$root/etc/apt/apt.conf.d/99machine"
if ! enter root id tester >/dev/null 2>&1; then enter root useradd -m -s /bin/bash tester; fi
machine_npmrc=$(npm config get globalconfig 2>/dev/null || true)
[[ -f $machine_npmrc ]] && cp "$machine_npmrc" "$root/etc/npmrc"
for who in "${users[@]}"; do
  where=$root$([[ $who == root ]] && echo /root || echo "/home/$who")
  [[ -f ~/.npmrc ]] && cp ~/.npmrc "$where/.npmrc"
  rm -rf "$root/srv/$who"
  # In /srv: a folder that everybody can look into, since some tests turn into another user.
  git clone -q --no-hardlinks "$home" "$root/srv/$who"
  enter root chown -R "$who:" "/srv/$who" "${where#"$root"}"
done
[[ -z $(git -C "$home" status --porcelain) ]] || echo "   (what is not committed is left out)"
echo "   Node $(enter root node --version), npm $(enter root npm --version), $(enter root gcc --version | head -n 1)"

# ---- the runs --------------------------------------------------------------------------------------------------------
result=0
for who in "${users[@]}"; do
  for target in demo test; do
    file=$log/$who-$target
    SECONDS=0
    code=0
    enter "$who" nice -n 10 make -C "/srv/$who" "$target" >"$file" 2>&1 || code=$?
    echo "== $who: make $target ended with $code after $SECONDS s ($file)"
    if [[ $target == test ]]; then
      sed 's,\x1b\[[0-9;]*m,,g' "$file" | grep -aE '^ FAIL ' | sort -u | sed 's/^/   /' || true
      grep -aE '^[0-9]+ passed, ' "$file" | sed 's/^/   /' || true
    fi
    if [[ $code -ne 0 ]]; then
      result=1
      [[ $target == test ]] || tail -n 15 "$file" | sed 's/^/   | /'
    fi
  done
done
exit "$result"
