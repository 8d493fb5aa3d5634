#!/usr/bin/env bash
# deb.sh BUNDLE OUT: the bundle as OUT/visualnn_VERSION_amd64.deb
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT
chmod 755 "$TREE"
python3 "$HERE/stage.py" "$1" "$TREE/usr"
gzip -9n "$TREE/usr/share/doc/visualnn/changelog"
mkdir "$TREE/DEBIAN"
cat >"$TREE/DEBIAN/control" <<CONTROL
Package: visualnn
Version: $VERSION
Architecture: $(dpkg --print-architecture)
Maintainer: The VisualNN authors <visualnn@localhost>
Installed-Size: $(du -sk --apparent-size "$TREE/usr" | cut -f1)
Depends: $(python3 "$HERE/needs.py")
Recommends: desktop-file-utils, hicolor-icon-theme, shared-mime-info, xdg-utils
Suggests: xdg-desktop-portal
Section: education
Priority: optional
Description: see a neural network think and learn
 VisualNN draws a neural network and lets you follow it by hand: each
 multiplication, each sum, each slope, forwards and back. Then it trains the
 same network before your eyes. Every number on screen is true.
CONTROL
(cd "$TREE" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group -Zxz -z6 --build "$TREE" "$2/visualnn_${VERSION}_$(dpkg --print-architecture).deb"
