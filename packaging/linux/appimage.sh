#!/usr/bin/env bash
# appimage.sh APPDIR OUT: the folder as OUT/VisualNN-VERSION-ARCHITECTURE.AppImage
#
# An AppImage is a small program, the runtime, with a squashfs behind it. The runtime is no package of any registry:
# RUNTIME=FILE is one from https://github.com/AppImage/type2-runtime, and RUNTIME_SHA256 what it must be.
set -euo pipefail
: "${RUNTIME:?appimage.sh: RUNTIME must name the file of an AppImage runtime}"
: "${RUNTIME_SHA256:?appimage.sh: RUNTIME_SHA256 must say the checksum of the runtime}"
IMAGE=$2/VisualNN-$VERSION-$(uname -m).AppImage
BODY=$(mktemp)
trap 'rm -f "$BODY"' EXIT
echo "$RUNTIME_SHA256  $RUNTIME" | sha256sum --check --quiet
: "${SOURCE_DATE_EPOCH:?appimage.sh: SOURCE_DATE_EPOCH must say the time that mksquashfs writes; build.sh does it}"
mksquashfs "$1" "$BODY" -noappend -no-progress -quiet -root-owned -comp zstd -Xcompression-level 19 -b 1M
cat "$RUNTIME" "$BODY" >"$IMAGE"
chmod 755 "$IMAGE"
