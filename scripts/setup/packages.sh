#!/bin/bash
# The Debian packages that the demo and the tests need: installed when we may, else the one line to type is printed.
#
# A package that this Debian does not have is no failure. It is said, and out/unavailable-packages lists it: the tests of
# those programs are passed over with that reason, while programs that merely are not installed fail theirs.
set -u
cd "$(dirname "$0")/../.."
list=test/interop/packages.txt
unavailable=out/unavailable-packages

installed() {
  dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}
# Without apt's lists nobody knows; then the package is taken to be there.
available() {
  ! apt-cache policy | grep -q Packages || apt-cache policy "$1" | grep -q 'Candidate: [^(]'
}

# Fills `wanted` with what is to be installed, and `absent` with what cannot be.
look() {
  wanted=()
  absent=()
  local package choices choice
  while read -r package _; do
    [[ -z "$package" || "$package" == \#* ]] && continue
    # Alternatives stand in one line with a bar between them, as in Debian's own lists: one is enough, the first that is there.
    IFS='|' read -ra choices <<<"$package"
    for choice in "${choices[@]}"; do installed "$choice" && continue 2; done
    for choice in "${choices[@]}"; do
      available "$choice" && wanted+=("$choice") && continue 2
    done
    absent+=("${choices[@]}")
  done <"$list"
}

if ! command -v apt-get >/dev/null; then
  echo "This is not Debian: what corresponds to $list is not looked for, and what is missing will be missed." >&2
  exit 0
fi
look
if [[ ${#wanted[@]} -eq 0 && ${#absent[@]} -eq 0 ]]; then
  rm -f "$unavailable"
  exit 0
fi
if [[ $(id -u) -ne 0 && ${#wanted[@]} -gt 0 ]]; then
  echo "Some Debian packages are missing. Please run:" >&2
  echo "  sudo apt-get install -y ${wanted[*]}" >&2
  exit 1
fi
# Lists may be old: what they lack is looked for once a day in fresh ones. Without a network, or while another program holds apt's
# lock, the old ones do if all that they have is installed.
if [[ $(id -u) -eq 0 && (${#wanted[@]} -gt 0 || -z $(find "$unavailable" -mtime -1 2>/dev/null)) ]]; then
  apt-get update -qq || [[ ${#wanted[@]} -eq 0 ]] || exit 1
  look
fi
mkdir -p out
if [[ ${#absent[@]} -gt 0 ]]; then
  echo "not to be had in this Debian: ${absent[*]}"
  printf '%s\n' "${absent[@]}" >"$unavailable"
else
  rm -f "$unavailable"
fi
[[ ${#wanted[@]} -eq 0 ]] && exit 0
echo "installing: ${wanted[*]}"
export DEBIAN_FRONTEND=noninteractive
scripts/setup/without-services.sh apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
