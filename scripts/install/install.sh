#!/bin/bash
# install.sh install | uninstall, with PREFIX and DESTDIR in the environment: what the build left in out/, put below PREFIX
# in the same layout, since the library and the command line find the engine from where they really lie.
#
# With WITH_SERVICE=yes strongroomd becomes a service of the machine as well (packaging/service-files.sh); without it the files
# for that only lie in PREFIX/share/strongroom/service.
#
# PREFIX/lib/strongroom/installed lists every file and every folder that was made, so that the next install knows what it
# replaces, and uninstall takes away this and nothing else.
set -euo pipefail
umask 022
root=$(cd "$(dirname "$0")/../.." && pwd)
action=${1:-}
PREFIX=${PREFIX:-/usr/local}
DESTDIR=${DESTDIR:-}
[[ $action == install || $action == uninstall ]] || { echo "usage: $0 install | uninstall" >&2 && exit 2; }
[[ $PREFIX == /* ]] || { echo "PREFIX must begin with a slash: programs look there from any folder (it is '$PREFIX')" >&2 && exit 2; }
[[ $PREFIX$DESTDIR != *[[:cntrl:]]* ]] || { echo "PREFIX and DESTDIR can't have control characters in them" >&2 && exit 2; }
prefix=$(realpath -sm -- "$PREFIX")
prefix=${prefix%/}
stage=
[[ -n $DESTDIR ]] && stage=$(realpath -sm -- "$DESTDIR")
stage=${stage%/}
# Everything below is named as it will be found in the end; `stage` stands before it wherever a file is touched.
list=$prefix/lib/strongroom/installed

service=$stage$prefix/share/strongroom/service
# service_files install | uninstall
service_files() {
  DESTDIR=$stage PREFIX=$prefix sh "$service/service-files.sh" "$1"
}

folders=()
files=()
old=()
[[ -f $stage$list ]] && mapfile -t old <"$stage$list"

# The folder and those above it, as far as they are missing; what is made is noted.
folder() {
  [[ -z $1 || -d $stage$1 ]] && return
  folder "${1%/*}"
  mkdir "$stage$1"
  folders+=("$1/")
}

# place SOURCE TARGET MODE: written beside and renamed, so that a running engine and a loaded library keep their own copy.
place() {
  folder "${2%/*}"
  rm -f "$stage$2.new"
  install -m "$3" "$1" "$stage$2.new"
  mv -fT "$stage$2.new" "$stage$2"
  files+=("$2")
}

# Lines of a list that are no longer wanted: files first, then folders from the deepest on, if nobody else has anything there.
take_away() {
  local line
  for line in "$@"; do
    [[ $line == "$prefix"/* && $line != */ && $line != */../* ]] && rm -f "$stage$line"
  done
  while IFS= read -r line; do
    # Not following links: rmdir refuses what is no folder of its own.
    [[ $line == /*/ && $line != */../* ]] && rmdir "$stage${line%/}" 2>/dev/null || true
  done < <(printf '%s\n' "$@" | sort -r)
}

if [[ $action == uninstall ]]; then
  [[ ${#old[@]} -gt 0 ]] || { echo "nothing of Strongroom is installed in $stage$prefix" && exit 0; }
  [[ -f $service/laid-down ]] && service_files uninstall
  take_away "${old[@]}" "$list"
  echo "removed from $stage${prefix:-/}; stores and configurations of users stay where they are"
  exit 0
fi

out=$root/out
[[ -x $out/bin/strongroom && -f $out/lib/strongroom-pkcs11.so ]] || { echo "there is nothing to install yet: make build" >&2 && exit 1; }
# A DESTDIR is a place to gather files in, not one of them.
[[ -n $stage ]] && mkdir -p -- "$stage"
while IFS= read -r file; do
  mode=644
  [[ -x $out/$file && $file != *.so && $file != *.node ]] && mode=755
  place "$out/$file" "$prefix/$file" "$mode"
done < <(cd "$out" && find bin lib -type f ! -name '*.new' | LC_ALL=C sort)

# What we ship of others comes with their terms.
for package in "node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" better-sqlite3 commander smol-toml; do
  terms=$root/node_modules/$package/LICENSE
  [[ -f $terms ]] && place "$terms" "$prefix/share/doc/strongroom/licenses/$package" 644
done

while IFS= read -r file; do
  mode=644
  [[ $file == *.sh ]] && mode=755
  place "$root/packaging/$file" "$prefix/share/strongroom/service/$file" "$mode"
done < <(cd "$root/packaging" && find . -type f ! -name build.mk ! -name strongroomd.sh -printf '%P\n' | LC_ALL=C sort)
for page in operations.md strongroom.toml; do
  [[ -f $root/docs/$page ]] && place "$root/docs/$page" "$prefix/share/doc/strongroom/$page" 644
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A package that unpacks anywhere cannot say where the library will be; everything else can.
if [[ ${WITH_P11_KIT:-yes} == yes ]]; then
  printf '# %s\nmodule: %s\n' 'Strongroom, for every program that asks p11-kit for its tokens' "$prefix/lib/strongroom-pkcs11.so" >"$work/module"
  place "$work/module" "$prefix/share/p11-kit/modules/strongroom.module" 644
fi

declare -A wanted=()
for line in "${files[@]}"; do wanted[$line]=1; done
gone=()
kept=()
for line in "${old[@]}"; do
  if [[ $line == */ ]]; then
    kept+=("$line")
  elif [[ -z ${wanted[$line]:-} && $line != "$list" ]]; then
    gone+=("$line")
  fi
done
[[ ${#gone[@]} -gt 0 ]] && take_away "${gone[@]}"
printf '%s\n' "${files[@]}" "$list" "${kept[@]}" "${folders[@]}" | sed '/^$/d' | LC_ALL=C sort -u >"$work/list"
place "$work/list" "$list" 644
# Laid down before, it is laid down again: its files name others that may have moved.
if [[ ${WITH_SERVICE:-no} == yes || -f $service/laid-down ]]; then
  service_files install
fi
echo "installed in $stage${prefix:-/}"
