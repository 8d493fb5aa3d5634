"""Keeps PySide from reading the source of every module that is imported after it.

It does so to find the modules that may ask for other names of Qt's functions (``from __feature__ import snake_case``).
None of ours does, and reading takes a quarter of the time of all imports: NumPy's, Numba's, our own.
"""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401  begins the search

SEARCH = "_mod_uses_pyside"  # a function of PySide's own


def ask_for_none() -> None:
    """No module imported from now on is looked into. Where another PySide has no such search, nothing is changed."""
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, SEARCH):
        vars(feature)[SEARCH] = _uses_none


def _uses_none(_module: object) -> bool:
    return False
