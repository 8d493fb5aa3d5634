#!/usr/bin/env bash
# packaging/check/linux.sh [SYSTEM…]     installs, starts, uses and removes VisualNN on clean systems without Python
#
#   debian-12 debian-13 ubuntu-22.04 ubuntu-24.04     (default: all)
#
# Needs root, debootstrap, Xvfb, x11-apps, x11-utils, imagemagick, and what build.sh made: DEB=… and TARBALL=… (default: in
# build/out). Each system is built once by debootstrap, below CACHE=… (default: ~/.cache/visualnn-check), and never changed:
# a check works on a layer above it, in a mount namespace of its own. Pictures and logs go to build/check/SYSTEM (LOOK=…).
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
SYSTEMS=(debian-12 debian-13 ubuntu-22.04 ubuntu-24.04)
declare -A SUITES=([debian-12]=bookworm [debian-13]=trixie [ubuntu-22.04]=jammy [ubuntu-24.04]=noble)
DEBIAN=${DEBIAN:-http://deb.debian.org/debian} UBUNTU=${UBUNTU:-http://archive.ubuntu.com/ubuntu}
export CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/visualnn-check} LOOK=${LOOK:-$ROOT/build/check}

stop() {
    echo "linux.sh: $1" >&2
    exit 1
}

built() {  # WHAT GIVEN FILE…: the given file, or the only one that was built
    local what=$1 given=$2
    shift 2
    [ -z "$given" ] || set -- "$given"
    if [ $# != 1 ] || [ ! -f "$1" ]; then
        stop "not one $what at $*: make it with packaging/build.sh, or say $what=…"
    fi
    realpath "$1"
}

keyring() {  # SYSTEM: whose signatures an archive has; that of Ubuntu is a package of Debian 13, too
    case $1 in
        debian-*) echo /usr/share/keyrings/debian-archive-keyring.gpg ;;
        *)
            local found=/usr/share/keyrings/ubuntu-archive-keyring.gpg
            [ -f "$found" ] || found=$CACHE$found
            [ -f "$found" ] || fetch_keyring
            echo "$found"
            ;;
    esac
}

fetch_keyring() {
    tree debian-13 >&2
    local folder
    folder=$(mktemp -d "$CACHE/debian-13/tmp/XXXX")
    chmod 777 "$folder" # apt fetches as a user of its own
    chroot "$CACHE/debian-13" sh -c "cd '${folder#"$CACHE"/debian-13}' && apt-get -qq download ubuntu-keyring" >&2
    dpkg-deb -x "$folder"/ubuntu-keyring_*.deb "$CACHE"
    rm -r "$folder"
}

tree() {  # SYSTEM: builds its smallest form unless it is there
    local system=$1 mirror=$DEBIAN components=main script=sid
    [ -d "$CACHE/$system" ] && return
    [[ $system == ubuntu-* ]] && mirror=$UBUNTU components=main,universe script=gutsy
    echo "$system: debootstrap"
    mkdir -p "$CACHE"
    # The script is named, for an older debootstrap knows the newest systems by no name of their own.
    rm -rf "$CACHE/$system.new"
    debootstrap --variant=minbase --components="$components" --keyring="$(keyring "$system")" \
        "${SUITES[$system]}" "$CACHE/$system.new" "$mirror" "$script" >"$CACHE/$system.log" ||
        { tail -n 3 "$CACHE/$system.log" >&2; stop "$system cannot be built from $mirror"; }
    mv "$CACHE/$system.new" "$CACHE/$system"
}

DEB=$(built DEB "${DEB:-}" "$ROOT"/build/out/visualnn_*.deb)
TARBALL=$(built TARBALL "${TARBALL:-}" "$ROOT"/build/out/visualnn-*-linux-*.tar.xz)
export DEB TARBALL
[ "$(id -u)" = 0 ] || stop "needs root, for chroot"
for tool in debootstrap Xvfb xwd xwininfo convert unshare; do
    command -v "$tool" >/dev/null || stop "$tool is missing: apt-get install debootstrap xvfb x11-apps x11-utils imagemagick"
done
for system in "${@:-${SYSTEMS[@]}}"; do
    [ -n "${SUITES[$system]:-}" ] || stop "there is no system $system here, only ${SYSTEMS[*]}"
    tree "$system"
    mkdir -p "$LOOK/$system" "$CACHE/layer" "$CACHE/archives/$system/partial"
    # Namespaces of its own: what is mounted and what is started ends with them.
    unshare --mount --pid --mount-proc --fork --kill-child "$HERE/system.sh" "$system" ||
        stop "$system: see $LOOK/$system/log"
done
