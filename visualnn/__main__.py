"""``python -m visualnn`` and the installed command."""

from __future__ import annotations

import sys

from visualnn.cli import main

if __name__ == "__main__":
    sys.exit(main())
