"""Keeps PySide from reading the source of every module that is imported after it.

It does so to find the modules that may ask for other names of Qt's functions (``from __feature__ import snake_case``).
None of ours does, and reading takes a quarter of the time of all imports: NumPy's, Numba's, our own.
"""

from __future__ import annotations

import contextlib


def ask_for_none() -> None:
    """No module imported from now on is looked into. Where another PySide has no such search, nothing is changed."""
    import PySide6.QtCore  # noqa: F401  which begins the search

    with contextlib.suppress(ImportError):
        from shibokensupport import feature

        feature._mod_uses_pyside = _uses_none


def _uses_none(_module: object) -> bool:
    return False
