#!/usr/bin/env bash
# sign.sh FILE…: signs programs, libraries and installers for Windows, or says that they stay unsigned.
#
#   SIGN_WITH=…               a command that signs one file in its place; the file follows. A certificate that an authority
#                             gives today lies in hardware or at a service (Azure, SignPath), whose command goes here.
#   SIGN_CERTIFICATE=…        else a certificate with its key (.pfx) in base64, as a secret of CI holds it,
#   SIGN_PASSWORD=…           and its password, for osslsigncode
#   SIGN_TIME=…               who certifies the time, so that a signature outlives its certificate; empty: nobody
set -euo pipefail

with_certificate() {
    local signed=$1.signed time=${SIGN_TIME-http://timestamp.digicert.com}
    osslsigncode sign -pkcs12 <(base64 --decode <<<"$SIGN_CERTIFICATE") -readpass <(printf %s "$SIGN_PASSWORD") -h sha256 \
        -n VisualNN ${time:+-ts "$time"} -in "$1" -out "$signed" >/dev/null
    chmod --reference="$1" "$signed"
    mv "$signed" "$1"
}

is_signed() {
    local folder status=0
    folder=$(mktemp -d)
    osslsigncode extract-signature -in "$1" -out "$folder/signature" >/dev/null 2>&1 || status=$?
    rm -r "$folder"
    return $status
}

for file in "$@"; do
    if is_signed "$file"; then
        continue # by those who made it, such as Python and Qt
    elif [ -n "${SIGN_WITH:-}" ]; then
        $SIGN_WITH "$file"
    elif [ -n "${SIGN_CERTIFICATE:-}" ]; then
        with_certificate "$file"
    else
        echo "$(basename "$file") is not signed: neither SIGN_WITH nor SIGN_CERTIFICATE is set."
    fi
done
