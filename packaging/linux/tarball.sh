#!/usr/bin/env bash
# tarball.sh BUNDLE OUT: the bundle as OUT/visualnn-VERSION-linux-ARCHITECTURE.tar.xz, laid out to be unpacked into ~/.local
#
# PACKER="gzip -1" packs in a moment what is only tried.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NAME=visualnn-$VERSION-linux-$(uname -m)
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT
read -ra PACKER <<<"${PACKER:-xz -6}"
python3 "$HERE/stage.py" "$1" "$TREE/$NAME"
cp "$HERE/tarball.txt" "$TREE/$NAME/share/doc/visualnn/README"
# What removes it: every file, and after them the folders, of which only empty ones go. Those of the desktop's databases
# stay, for these could not forget us without.
(
    cd "$TREE/$NAME"
    touch share/doc/visualnn/files
    find . -mindepth 1 ! -path ./share/applications ! -path ./share/mime ! -path ./share/mime/packages | LC_ALL=C sort -r
) >"$TREE/files"
mv "$TREE/files" "$TREE/$NAME/share/doc/visualnn/files"
chmod 644 "$TREE/$NAME/share/doc/visualnn/"*
tar -C "$TREE" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -c "$NAME" |
    "${PACKER[@]}" >"$2/$NAME.tar.xz"
