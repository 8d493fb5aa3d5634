"""Finds a file of ``resources/``, wherever VisualNN happens to run.

| VisualNN runs from | its resources are in |
|---|---|
| a checkout (also an editable install) | ``resources/`` beside the package |
| an installed wheel | ``visualnn/resources/`` inside the package |
| a frozen app | ``visualnn/resources/`` inside the bundle |

Imports nothing but the standard library.
"""

import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


class AssetError(FileNotFoundError):
    """A resource that belongs to VisualNN is not there: the installation is damaged."""


def path(*parts: str) -> Path:
    """The file or folder ``resources/<parts…>``, for instance ``path("icons", "play.svg")``."""
    found = root().joinpath(*parts)
    if not found.exists():
        raise AssetError(f"{'/'.join(parts)} is missing from {root()}; please install VisualNN again.")
    return found


def read_text(*parts: str) -> str:
    """The text of ``resources/<parts…>``, which is always UTF-8."""
    return path(*parts).read_text(encoding="utf-8")


def read_bytes(*parts: str) -> bytes:
    """The bytes of ``resources/<parts…>``."""
    return path(*parts).read_bytes()


@cache
def root() -> Path:
    """The ``resources`` folder itself."""
    tried = _candidates()
    for folder in tried:
        if folder.is_dir():
            return folder
    places = ", ".join(str(folder) for folder in tried)
    raise AssetError(f"VisualNN's resources are in none of the places where they may be: {places}.")


def _candidates() -> list[Path]:
    """The folders that may hold the resources, the most particular first."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return [Path(bundle, "visualnn", "resources"), Path(bundle, "resources")]
    checkout = PACKAGE.parent
    folders = [PACKAGE / "resources"]
    if (checkout / "pyproject.toml").is_file():  # else "resources" beside us is another package's
        folders.insert(0, checkout / "resources")
    return folders
