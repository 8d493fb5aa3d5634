"""Exports of random projects, run with the real libraries in fresh interpreters, and how far they are from ours.

    python tests/bench/exchange.py torch [--python PYTHON] [--projects 48]

PYTHON is an interpreter that has the library. Not a test: the libraries are large.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

MODULES = {
    "torch": "exchange_torch",
    "keras": "exchange_keras",
    "numpy": "exchange_numpy",
    "python": "exchange_python",
    "weights": "exchange_weights",
}  # each with a `main(python, projects)`


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=MODULES)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--projects", type=int, default=48)
    chosen = parser.parse_args()
    sys.path.append(str(Path(__file__).parents[2]))
    import_module(MODULES[chosen.target]).main(chosen.python, chosen.projects)


if __name__ == "__main__":
    main()
