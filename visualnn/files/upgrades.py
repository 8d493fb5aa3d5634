"""Lifts the description in an older file to today's format, one version at a time.

To change the format: raise `CURRENT`, write the function that turns a description of the version before into the new
one, and enter it under the version it starts from::

    UPGRADES = {1: training_became_richer}

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
CURRENT = 6


def training_became_richer(old: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew no shortcuts, schedules, decay, penalties, dropout, clipping, and one precision."""
    network, options = Fields(old).object("network"), Fields(old).object("options")
    optimizer = {**options.object("optimizer").values, "rho": 0.99, "weight_decay": 0.0}
    return {
        **old,
        "network": {**network.values, "shortcut": 0},
        "options": {**options.values, **NEW_OPTIONS, "optimizer": optimizer},
    }


NEW_OPTIONS: dict[str, Any] = {  # of version 2, as version 1 trained without them
    "initializer_scale": 0.05,
    "schedule": {"name": "constant", "period": 100, "gamma": 0.5, "warmup": 0, "patience": 10, "floor": 0.0},
    "l1": 0.0,
    "l2": 0.0,
    "dropout": 0.0,
    "clip_value": None,
    "clip_norm": None,
    "precision": "float64",
}


def parts_can_be_switched_off(old: dict[str, Any]) -> dict[str, Any]:
    """Version 2 knew no silent neurons, no cut connections, no pictures and no names of classes."""
    data = {**Fields(old).object("data").values, "image": None, "classes": []}  # a recipe has its own
    return {**old, "silent": [], "cut": [], "data": data}


def updates_can_be_stepped(old: dict[str, Any]) -> dict[str, Any]:
    """Version 3 knew no target but that of the data, and no updates made step by step."""
    return {**old, "target": None, "updates": 0}


def rows_can_be_held_back(old: dict[str, Any]) -> dict[str, Any]:
    """Version 4 knew one set of rows for each recipe, no rows to test on, no scaled columns, and one way to stop."""
    data = Fields(old).object("data")
    digits = data.values.get("recipe") == "digits"  # of its file the rows to test on were not read
    known = RECIPE_OF_VERSION_4 if data.get("source") == "recipe" else ROWS_OF_VERSION_4
    values = {**data.values, **known} | ({"test_share": 0.2} if digits else {})
    options = {**Fields(old).object("options").values, "epochs": None, "patience": None}
    return {**old, "data": values, "options": options}


RECIPE_OF_VERSION_4: dict[str, Any] = {"rows": None, "noise": None, "seed": 0, "test_share": 0.0, "scaled": False}
ROWS_OF_VERSION_4: dict[str, Any] = {"tests": 0, "output_names": [], "texts": [], "scaling": None}


def runs_are_kept(old: dict[str, Any]) -> dict[str, Any]:
    """Version 5 knew no runs but the one that led to the project, no rows followed together, and no view."""
    return {"progress": None, **old, **NEW_IN_VERSION_6}


NEW_IN_VERSION_6: dict[str, Any] = {
    "batch": 0,
    "row": 0,
    "diverged": False,
    "runs": [],
    "number": 0,
    "view": {"mode": "step", "step": 0, "selected": ""},
    "same": {},
}


UPGRADES: dict[int, Upgrade] = {
    1: training_became_richer,
    2: parts_can_be_switched_off,
    3: updates_can_be_stepped,
    4: rows_can_be_held_back,
    5: runs_are_kept,
}


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
