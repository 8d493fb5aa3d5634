#!/usr/bin/env bash
# machos.sh APP: every program and library inside an app, the deepest first, but for the program that the app starts,
# which is signed as the app. One path a line.
set -euo pipefail
MAIN=$1/Contents/MacOS/visualnn

is_macho() {  # of one architecture (64 bits, either order of bytes) or of several
    case $(head -c 4 "$1" | od -An -tx1 | tr -d ' \n') in cffaedfe | feedfacf | cafebabe) return 0 ;; *) return 1 ;; esac
}

find "$1" -type f ! -path "$MAIN" | awk -F/ '{ print NF "\t" $0 }' | sort -k1,1nr -k2 | cut -f2- |
    while IFS= read -r file; do
        if is_macho "$file"; then printf '%s\n' "$file"; fi
    done
