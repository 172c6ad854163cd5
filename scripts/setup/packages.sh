#!/bin/bash
# The Debian packages that the demo and the tests need: installed when we may, else the one line to type is printed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
list="$here/../../test/interop/packages.txt"
missing=()
while read -r package _; do
  [[ -z "$package" || "$package" == \#* ]] && continue
  # Alternatives stand in one line with a bar between them, as in Debian's own lists.
  IFS='|' read -ra choices <<<"$package"
  found=no
  for choice in "${choices[@]}"; do
    dpkg-query -W -f='${Status}' "$choice" 2>/dev/null | grep -q 'ok installed' && found=yes
  done
  [[ $found == no ]] && missing+=("${choices[0]}")
done <"$list"
[[ ${#missing[@]} -eq 0 ]] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "These programs are needed and this is not Debian; install what corresponds to: ${missing[*]}" >&2
  exit 1
fi
if [[ $(id -u) -ne 0 ]]; then
  echo "Some Debian packages are missing. Please run:" >&2
  echo "  sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && "$here/without-services.sh" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
