#!/usr/bin/env bash
# tarball.sh BUNDLE OUT: the bundle as OUT/visualnn-VERSION-linux-ARCHITECTURE.tar.xz, laid out to be unpacked into ~/.local
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NAME=visualnn-$VERSION-linux-$(uname -m)
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT
python3 "$HERE/stage.py" "$1" "$TREE/$NAME"
tar -C "$TREE" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c "$NAME" |
    xz -6 >"$2/$NAME.tar.xz"
