"""How a document was looked at, as plain JSON values, and back: ``{"mode": "step", "step": 3, "selected": "a→d"}``.

Which landscape was looked at is only told where one was.
"""

from __future__ import annotations

from typing import Any

from visualnn.files.fields import Fields
from visualnn.work import MODES, View

MOST_STEPS = 2**53


def view_values(view: View) -> dict[str, Any]:
    """The JSON values."""
    values: dict[str, Any] = {"mode": view.mode, "step": int(view.step), "selected": view.selected}
    return {**values, "surface": view.surface} if view.surface else values


def view_of(fields: Fields) -> View:
    """The view of the values. Raises `Damage`."""
    mode = fields.text("mode")
    if mode not in MODES:
        raise fields.wrong("mode", f"one of {', '.join(MODES)}")
    surface = fields.text("surface") if "surface" in fields else ""
    return View(mode, fields.whole("step", 0, MOST_STEPS), fields.text("selected"), surface)
