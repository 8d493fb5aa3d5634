#!/usr/bin/env bash
# notarize.sh IMAGE: has Apple look at a signed .dmg, and staples the answer to it, so that it opens without a network.
#
# NOTARY_KEY is the file of an App Store Connect key (.p8), NOTARY_KEY_ID and NOTARY_ISSUER say which. Does nothing
# without them.
set -euo pipefail
if [ -z "${NOTARY_KEY:-}" ]; then
    echo "No NOTARY_KEY is set: $1 is not notarised."
    exit 0
fi
key=(--key "$NOTARY_KEY" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER")
told() { plutil -extract "$1" raw -o - - <<<"$answer"; }

answer=$(xcrun notarytool submit "$1" "${key[@]}" --wait --timeout 40m --output-format plist)
status=$(told status)
if [ "$status" != Accepted ]; then
    xcrun notarytool log "$(told id)" "${key[@]}" >&2
    echo "Apple did not accept $1: $status." >&2
    exit 1
fi
xcrun stapler staple "$1"
spctl --assess --type open --context context:primary-signature --verbose "$1"
