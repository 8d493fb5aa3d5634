#!/usr/bin/env bash
# packaging/check/twice.sh [TARGET…]     whether two builds of this commit give the same bytes
#
# TARGETs are those of build.sh (default: bundle deb rpm tarball). Both builds start from a clone of their own, in folders
# of different names, in different time zones. PYTHON=… and KERNELS=… are handed on; where the latter is a folder, kernels
# are not built. Everything lies in ROOM=… (default: a folder that goes away). Files that differ are named.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
COMMIT=$(git -C "$ROOT" rev-parse HEAD)
[ $# != 0 ] || set -- bundle deb rpm tarball
if [ -z "${ROOM:-}" ]; then
    ROOM=$(mktemp -d)
    trap 'rm -rf "$ROOM"' EXIT
fi

build() { # NAME TARGET…
    local name=$1
    shift
    rm -rf "${ROOM:?}/$name"
    git clone --quiet --no-checkout "$ROOT" "$ROOM/$name/source"
    git -C "$ROOM/$name/source" checkout --quiet --detach "$COMMIT" # whatever is committed meanwhile
    FOLDER=$ROOM/$name/built "$ROOM/$name/source/packaging/build.sh" "$@" >"$ROOM/$name.log" 2>&1 || {
        tail -n 20 "$ROOM/$name.log" >&2
        echo "twice.sh: the build in $ROOM/$name failed." >&2
        exit 1
    }
}

prints() { # NAME: every file and link of what was made, with its bytes and its rights
    (
        cd "$ROOM/$1/built"
        rm -rf environment work
        find . -type f -print0 | sort -z | xargs -0 sha256sum
        find . -printf '%y %m %p %l\n' | sort
    ) >"$ROOM/$1.prints"
}

TZ=UTC LANG=C.UTF-8 build first "$@"
TZ=Asia/Kolkata LANG=C build another-time-elsewhere "$@"
prints first
prints another-time-elsewhere
if diff "$ROOM/first.prints" "$ROOM/another-time-elsewhere.prints"; then
    echo "$(grep -c '^f ' "$ROOM/first.prints") files of $* are the same, twice."
else
    echo "twice.sh: the files above differ." >&2
    exit 1
fi
