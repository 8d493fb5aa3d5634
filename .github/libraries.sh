#!/usr/bin/env bash
# libraries.sh [PACKAGE…]: installs on a hired Ubuntu what Qt needs of it, and the packages named
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sudo apt-get update -q
python3 "$HERE/../packaging/linux/needs.py" | sed 's/ ([^)]*)//g; s/,//g' |
    xargs sudo DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
