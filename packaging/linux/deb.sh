#!/usr/bin/env bash
# deb.sh BUNDLE OUT: the bundle as OUT/visualnn_VERSION-1_ARCHITECTURE.deb
#
# PACKER="-Zgzip -z1" packs what is only tried, in a tenth of the time.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT
chmod 755 "$TREE"
SHARE=$TREE/usr/share
read -ra PACKER <<<"${PACKER:--Zxz -z6}"
python3 "$HERE/stage.py" "$1" "$TREE/usr"
python3 "$HERE/facts.py" changelog "$TREE" >"$SHARE/doc/visualnn/changelog.Debian"
gzip -9n "$SHARE/doc/visualnn/changelog" "$SHARE/doc/visualnn/changelog.Debian"
mv "$SHARE/zsh/site-functions" "$SHARE/zsh/vendor-completions" # where Debian's zsh looks
install -Dm644 "$HERE/lintian-overrides" "$SHARE/lintian/overrides/visualnn"
mkdir "$TREE/DEBIAN"
python3 "$HERE/facts.py" control "$TREE" >"$TREE/DEBIAN/control"
(cd "$TREE" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group "${PACKER[@]}" --build "$TREE" "$2"
