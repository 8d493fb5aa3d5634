#!/usr/bin/env bash
# keychain.sh open | close: a keychain with the certificate that signs, for the time of one build on a hired machine.
#
# CERTIFICATE is a .p12 in base64, CERTIFICATE_PASSWORD opens it, and FOLDER is where the keychain lies, which nobody
# else reads.
set -euo pipefail
KEYCHAIN=${FOLDER:?}/signing.keychain-db

open() {
    local secret certificate others
    secret=$(openssl rand -hex 16)
    certificate=$FOLDER/certificate.p12
    trap 'rm -f "$FOLDER/certificate.p12"' EXIT
    (umask 077 && base64 --decode <<<"${CERTIFICATE:?}" >"$certificate")
    security create-keychain -p "$secret" "$KEYCHAIN"
    security set-keychain-settings -lut 7200 "$KEYCHAIN"
    security unlock-keychain -p "$secret" "$KEYCHAIN"
    security import "$certificate" -k "$KEYCHAIN" -f pkcs12 -P "${CERTIFICATE_PASSWORD:?}" -T /usr/bin/codesign
    security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$KEYCHAIN" >/dev/null
    others=$(security list-keychains -d user | tr -d '" ')
    # shellcheck disable=SC2086  # one word for each; none of a hired machine has a space in its name
    security list-keychains -d user -s "$KEYCHAIN" $others
}

close() {
    security delete-keychain "$KEYCHAIN"
}

case ${1:-} in
open | close) "$1" ;;
*)
    sed -n '2,6p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2
    exit 2
    ;;
esac
