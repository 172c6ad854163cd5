#!/bin/bash
# One file that works wherever it is unpacked: out/dist/strongroom-VERSION-linux-ARCH.tar.gz. The same out/ gives the same
# bytes.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
name=strongroom-$version-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
dist=$root/out/dist
mkdir -p "$dist"
work=$(mktemp -d "$dist/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
DESTDIR=$work PREFIX=/$name WITH_P11_KIT=no WITH_SERVICE=no "$root/scripts/install/install.sh" install >/dev/null
# The list is for uninstall, which is nobody's business here: the whole folder goes at once.
rm "$work/$name/lib/strongroom/installed"
when=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$when" -cf - "$name" | gzip -n "-${GZIP_LEVEL:-6}" >"$work/$name.tar.gz"
mv -f "$work/$name.tar.gz" "$dist/$name.tar.gz"
echo "${dist#"$root"/}/$name.tar.gz"
