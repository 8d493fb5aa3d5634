"""Lifts the description in an older file to today's format, one version at a time.

To change the format: raise `CURRENT`, write the function that turns a description of the version before into the new
one, and enter it under the version it starts from::

    UPGRADES = {1: rates_became_schedules}

A function gets the parsed JSON object and returns a new one; it may trust nothing, and raises `Damage` where it cannot
go on. It never sees the arrays: a new format may add arrays, not change the meaning of old ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from visualnn.files.errors import Damage
from visualnn.files.fields import Fields

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

FORMAT = "visualnn"
CURRENT = 1
UPGRADES: dict[int, Upgrade] = {}


def upgraded(fields: Fields) -> Fields:
    """The same description in today's format. Raises `Damage` for a format that is unknown or newer."""
    if fields.values.get("format") != FORMAT:
        raise Damage("it is not a VisualNN file")
    version = fields.whole("version")
    if version > CURRENT:
        raise Damage(f"its format ({version}) is newer than this program (which knows up to {CURRENT})")
    values = fields.values
    for step in range(version, CURRENT):
        if step not in UPGRADES:
            raise Damage(f"its format ({version}) is not known to this program")
        values = UPGRADES[step](values)
    return Fields({**values, "version": CURRENT})
