#!/usr/bin/env bash
# system.sh SYSTEM: what linux.sh does on one system; it calls this in namespaces of its own, with CACHE, LOOK, DEB, TARBALL
#
# The package comes twice: beside nothing but what it says that it needs, and then as on a desktop. The tarball comes last,
# with the very lines that stand in it. The screen lies outside, so that no server brings libraries along that the program
# needs; its abstract socket reaches inside.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SYSTEM=$1
LOOK=$LOOK/$SYSTEM
R=$CACHE/layer/root
LEARNER=/home/learner
APT=(apt-get -q -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io)
PATIENCE_S=300

say() { printf '%-13s %s\n' "$SYSTEM" "$*"; }

stop() {
    say "FAILED: $*" >&2
    exit 1
}

logged() {  # COMMAND…: what it prints goes to the log
    "$@" >>"$LOOK/log" 2>&1 || { tail -n 20 "$LOOK/log" >&2; stop "$*"; }
}

as_root() {
    logged timeout $PATIENCE_S chroot "$R" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DISPLAY="${DISPLAY:-}" DEBIAN_FRONTEND=noninteractive "$@"
}

learner() {  # COMMAND…: somebody without rights, at home
    timeout $PATIENCE_S chroot --userspec=learner "$R" env -i --chdir=$LEARNER HOME=$LEARNER USER=learner LANG=C.UTF-8 \
        DISPLAY="$DISPLAY" PATH=$LEARNER/.local/bin:/usr/local/bin:/usr/bin:/bin "$@"
}

enter() {
    mount -t tmpfs tmpfs "$CACHE/layer"
    mkdir "$CACHE/layer/upper" "$CACHE/layer/work" "$R"
    mount -t overlay overlay "$R" \
        -o "lowerdir=$CACHE/$SYSTEM,upperdir=$CACHE/layer/upper,workdir=$CACHE/layer/work"
    mount -t proc proc "$R/proc"
    mount -t sysfs sys "$R/sys"
    mount --rbind /dev "$R/dev"
    mount --bind "$CACHE/archives/$SYSTEM" "$R/var/cache/apt/archives"
    cp /etc/resolv.conf "$R/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$R/usr/sbin/policy-rc.d" # no service is started in here
    chmod 755 "$R/usr/sbin/policy-rc.d"
    cp "$DEB" "$R/opt/visualnn.deb"
    cp "$TARBALL" "$R/opt"
    as_root useradd --create-home learner
    as_root "${APT[@]}" update
    [ ! -e "$R/usr/bin/python3" ] || stop "Python is here, which the program must do without"
}

screen() {
    Xvfb -displayfd 3 -screen 0 1440x900x24 -ac -nolisten tcp >>"$LOOK/log" 2>&1 3>"$CACHE/layer/display" &
    # shellcheck disable=SC2064  # this server, whatever is started later
    trap "kill $!" EXIT
    for _ in {1..300}; do
        [ ! -s "$CACHE/layer/display" ] || break
        sleep 0.1
    done
    DISPLAY=:$(cat "$CACHE/layer/display")
    export DISPLAY
    xwininfo -root >>"$LOOK/log" 2>&1 || stop "Xvfb does not answer at $DISPLAY"
}

# What an installation may change: every file with its content, rights and owner, every folder, every link. The databases of
# apt and dpkg keep books about what was; home is looked at apart.
listing() {  # NAME
    local elsewhere=(./proc ./sys ./dev ./run ./home ./root ./var/log ./var/cache ./var/lib/apt ./var/lib/dpkg)
    local but=()
    for folder in "${elsewhere[@]}"; do but+=(-path "$folder" -prune -o); done
    (
        cd "$R"
        find . "${but[@]}" -printf '%p %y %m %U %G %l\n'
        find . "${but[@]}" -type f -print0 | xargs -0 sha256sum
    ) | sort >"$LOOK/$1.list"
}

belongings() { (cd "$R$LEARNER" && find . -path ./.cache -prune -o -type f -print0 | sort -z | xargs -0 sha256sum); }

install() {  # OPTION…: brings the package alone, for all that it needs is here
    as_root "${APT[@]}" install "$@" /opt/visualnn.deb
    tail -n 60 "$LOOK/log" | grep -q '^0 upgraded, 1 newly installed' || stop "its Depends does not name all that it needs"
}

purge() {  # NAME: nothing is left
    as_root "${APT[@]}" purge visualnn
    listing "$1-after"
    diff "$LOOK/$1-before.list" "$LOOK/$1-after.list" >"$LOOK/$1-left" || { cat "$LOOK/$1-left" >&2; stop "purge left this"; }
    ! compgen -G "$R/var/lib/dpkg/info/visualnn*" >/dev/null || stop "dpkg still knows it"
    rm "$LOOK/$1"-*
    say "$1: purged, nothing left among $(find "$R/usr" "$R/etc" -type f | wc -l) files"
}

tried() {  # NAME COMMAND…: the self-test of what is installed, and its time
    local name=$1 start=$SECONDS
    shift
    "$@" >"$LOOK/$name.txt" 2>&1 || { cat "$LOOK/$name.txt" >&2; stop "the self-test ($name)"; }
    say "self-test, $name: $(tail -n 1 "$LOOK/$name.txt") $((SECONDS - start)) s"
}

bare() {
    local needs
    needs=$(dpkg-deb -f "$DEB" Depends)
    as_root "${APT[@]}" satisfy --no-install-recommends "$needs"
    listing bare-before
    install --no-install-recommends
    [ ! -e "$R/usr/bin/python3" ] || stop "Python came along"
    tried learner learner visualnn --self-test window
    tried homeless learner HOME=/nonexistent visualnn --self-test
    as_root visualnn doctor
    purge bare
}

window() {  # NAME: waits for a window with a file's name in its title, looks at it, ends it
    local title pid
    for _ in {1..600}; do
        title=$(xwininfo -root -tree | sed -n 's/^ *0x[0-9a-f]* "\([^"]*'"$1"'[^"]*\)".*"visualnn".*/\1/p' | head -n 1)
        [ -z "$title" ] || break
        sleep 0.1
    done
    [ -n "$title" ] || stop "no window shows $1"
    sleep 3 # what is loaded behind the first paint, and the message of what could not be
    [ "$(xwininfo -root -tree | grep -c '("visualnn" .* [0-9][0-9][0-9]*x[0-9][0-9][0-9]*+')" = 1 ] || message "$2"
    xwd -root -silent | convert xwd:- "$LOOK/$2.png"
    pid=$(pgrep -o -x visualnn)
    say "$2: window with the title $title, $(awk '/^VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$pid/status") resident; see $2.png"
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
}

message() { # NAME
    xwd -root -silent | convert xwd:- "$LOOK/$1.png"
    stop "there is more than one window, see $LOOK/$1.png"
}

double_click() {  # NAME: what a file manager does with a file
    local type
    type=$(learner gio info -a standard::content-type mine.vnn | sed -n 's/.*content-type: //p')
    [ "$type" = application/x-visualnn+zip ] || stop "mine.vnn is taken for $type"
    learner gio open mine.vnn >>"$LOOK/log" 2>&1 &
    window mine "$1"
}

settle() {  # a learner who has used it before: a file, and settings
    learner visualnn train xor --epochs 200 --seed 1 --out mine.vnn >>"$LOOK/log" 2>&1 || stop "visualnn train"
    learner mkdir -p .config/visualnn
    learner sh -c 'echo kept >.config/visualnn/note'
}

first_paint() {
    timeout $PATIENCE_S python3 "$HERE/../linux/start.py" 3 \
        "chroot --userspec=learner $R env --chdir=$LEARNER HOME=$LEARNER LC_ALL=C.UTF-8 visualnn" >"$LOOK/start.txt" ||
        stop "start.py saw no window"
    say "first paint:$(head -n 1 "$LOOK/start.txt")"
}

desktop() {
    local kept
    as_root "${APT[@]}" install --no-install-recommends desktop-file-utils hicolor-icon-theme shared-mime-info xdg-utils xz-utils \
        libglib2.0-bin
    listing desktop-before
    install
    settle
    double_click package
    first_paint
    kept=$(belongings)
    purge desktop
    [ "$kept" = "$(belongings)" ] || stop "what the learner saved is not what it was"
}

lines() {  # of the tarball's own page, the N-th pair
    tar -xOf "$TARBALL" --wildcards '*/share/doc/visualnn/README' | sed -n 's/^    //p' | sed -n "$(($1 * 2 - 1)),$(($1 * 2))p"
}

tarball() {
    local before
    before=$(cd "$R$LEARNER" && find . -path ./.local -prune -o -path ./.cache -prune -o -type f -print | sort)
    learner sh -ec "cd /opt && $(lines 1)" >>"$LOOK/log" 2>&1
    tried tarball learner visualnn --self-test window
    double_click tarball
    learner sh -c "$(lines 2)" >>"$LOOK/log" 2>&1
    [ "$before" = "$(cd "$R$LEARNER" && find . -path ./.local -prune -o -path ./.cache -prune -o -type f -print | sort)" ] ||
        stop "what the learner saved is not what it was"
    forgotten
}

# The desktop's own databases stay, and know nothing of us; so does what the program writes, its log for one. All else is
# gone.
forgotten() {
    (
        cd "$R$LEARNER/.local"
        grep -rl visualnn --exclude-dir=state . || true
        find . -mindepth 1 -path ./state -prune -o ! -path ./share ! -path './share/applications*' ! -path './share/mime*' -print
    ) >"$LOOK/left"
    [ ! -s "$LOOK/left" ] || { cat "$LOOK/left" >&2; stop "the lines that remove the tarball left this"; }
    rm "$LOOK/left"
    say "tarball: removed, nothing left"
}

rm -rf "${LOOK:?}"/*
enter
screen
bare
desktop
tarball
