"""The user's preferences: one frozen value, kept as JSON, and unable to stop the start.

A file that is missing or damaged gives the defaults, a value that makes no sense gives that value's default, a key of
another version is left out. Nothing here raises.

Imports platformdirs when it looks for the user's folder.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

THEMES = ("system", "dark", "light")
MOTIONS = ("system", "on", "off")
SLOWEST, FASTEST = 0.05, 1000.0
DECIMALS = (2, 4)
DEVICES = ("cpu", "cuda", "tf32")
MAX_RECENT = 10
MAX_FILE = 2**20  # bytes; a larger file is not ours
UNREADABLE = (OSError, ValueError, RuntimeError, KeyError)  # the last two: no home folder, JSON nested too deep


@dataclass(frozen=True)
class Settings:
    """What the program remembers from one start to the next."""

    theme: str = "system"  # one of THEMES
    geometry: str = ""  # where the window was: Qt's own bytes in hexadecimal, empty before the first start
    maximized: bool = False
    panel_width: int = 0  # of the right panel in pixels, 0: as designed
    last_folder: str = ""
    recent: tuple[str, ...] = ()  # paths, the newest first, at most MAX_RECENT
    decimals: int = 2  # on the canvas, one of DECIMALS
    reduced_motion: str = "system"  # one of MOTIONS
    speed: float = 1.0  # of the playback, 1: as designed; SLOWEST to FASTEST
    step_list: bool = False  # whether the steps stand in a row over the transport
    device: str = "cpu"  # where to train, one of DEVICES: processor, GPU, or GPU with short factors

    def opened(self, path: str) -> Settings:
        """The same after a file was opened or saved: it is now the newest, its folder the last."""
        others = [other for other in self.recent if other != path]
        return replace(self, recent=(path, *others)[:MAX_RECENT], last_folder=str(Path(path).parent))

    def forgotten(self, path: str) -> Settings:
        """The same without a file that is gone."""
        return replace(self, recent=tuple(other for other in self.recent if other != path))


def default_path() -> Path:
    """The file in the user's configuration folder."""
    import platformdirs

    return platformdirs.user_config_path("visualnn", appauthor=False) / "settings.json"


def load(path: Path | None = None) -> Settings:
    """The settings in a file (the user's if None), with defaults for all that is missing or makes no sense."""
    try:
        values = _values(path or default_path())
    except FileNotFoundError:
        return Settings()
    except UNREADABLE as error:
        log.warning("The settings cannot be read and start afresh: %s", error)
        return Settings()
    return Settings(**{key: value for key, value in values.items() if _is_good(key, value)})


def save(settings: Settings, path: Path | None = None) -> bool:
    """Write the settings; whether that worked. The old file stays until the new one is complete."""
    try:
        target = path or default_path()
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}-{os.urandom(8).hex()}.tmp")
        try:
            temporary.write_text(json.dumps(asdict(settings), indent=1) + "\n", encoding="utf-8")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except UNREADABLE as error:
        log.warning("The settings cannot be saved: %s", error)
        return False
    return True


def _values(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_FILE:
        raise ValueError("the file is too large")
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError("the file holds no settings")
    if isinstance(values.get("recent"), list):
        values["recent"] = tuple(values["recent"])
    if isinstance(values.get("reduced_motion", ""), bool | None):  # as earlier versions wrote it
        values["reduced_motion"] = {True: "on", False: "off", None: "system"}[values["reduced_motion"]]
    return values


def _is_good(key: str, value: object) -> bool:
    if key not in CHECKS:
        log.info("The setting %s is not known", key)
        return False
    if not CHECKS[key](value):
        log.warning("The setting %s cannot be %.100r", key, value)
        return False
    return True


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and len(value) % 2 == 0 and all(digit in "0123456789abcdef" for digit in value)


def _is_width(value: object) -> bool:
    return type(value) is int and 0 <= value <= 10_000


def _are_paths(value: object) -> bool:
    return isinstance(value, tuple) and len(value) <= MAX_RECENT and all(isinstance(path, str) for path in value)


def _is_speed(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and SLOWEST <= value <= FASTEST


CHECKS: dict[str, Callable[[object], bool]] = {
    "theme": lambda value: isinstance(value, str) and value in THEMES,
    "geometry": _is_hex,
    "maximized": lambda value: isinstance(value, bool),
    "panel_width": _is_width,
    "last_folder": lambda value: isinstance(value, str),
    "recent": _are_paths,
    "decimals": lambda value: type(value) is int and value in DECIMALS,
    "reduced_motion": lambda value: isinstance(value, str) and value in MOTIONS,
    "speed": _is_speed,
    "step_list": lambda value: isinstance(value, bool),
    "device": lambda value: isinstance(value, str) and value in DEVICES,
}
