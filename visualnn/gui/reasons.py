"""Why something cannot be done now, in a sentence; "" if it can. Asked for every row of Find: nothing is computed."""

from __future__ import annotations

from visualnn.gui import intake
from visualnn.gui.actions import Window
from visualnn.gui.document import LANDSCAPE, NO_CODE
from visualnn.scene import code


def no_document(window: Window) -> str:
    """Only with a network on the page."""
    return "" if window.showing_document else "Open a network first."


def no_listing(window: Window) -> str:
    """Only of what can be listed number by number."""
    project = window.workspace.project
    large = project is not None and project.network.parameter_count > code.MAX_LISTED
    return no_document(window) or (NO_CODE if large else "")


def no_landscape(window: Window) -> str:
    """Only in Landscape mode."""
    return no_document(window) or ("" if window.page.mode == LANDSCAPE else "This belongs to Landscape mode.")


def no_panel(window: Window) -> str:
    """Only where there is a panel."""
    return no_document(window) or ("There is no panel in a presentation." if window.presentation.active else "")


def all_is_seen(window: Window) -> str:
    """Only while something lies outside the stage."""
    return no_document(window) or ("All of it is seen." if window.page.stage.camera.is_home else "")


def nothing_behind(window: Window) -> str:
    """Only on the start page, with a document open."""
    if window.workspace.project is None:
        return "No network is open."
    return "The document is in front." if window.showing_document else ""


def no_update(window: Window) -> str:
    """Only where there is an answer to learn from."""
    project = window.workspace.project
    return no_document(window) or ("There is no target." if project is None or project.answer is None else "")


def no_neuron(window: Window) -> str:
    """Only with a neuron chosen."""
    place = window.page.stage.selected
    chosen = place is not None and place.column > 0
    return no_document(window) or ("" if chosen else "Choose a hidden neuron or an output first.")


def not_inside(window: Window) -> str:
    """Only while a neuron is stepped through."""
    return no_document(window) or ("" if window.page.player.inside else "No neuron is being stepped through.")


def no_export(window: Window) -> str:
    """Only while nothing else is being written."""
    return no_document(window) or window.exports.reason()


def no_kind(window: Window, kind: str) -> str:
    """Only what can hold this network, with what it takes to write it."""
    return no_document(window) or window.exports.kind_reason(kind)


def no_film(window: Window, kind: str = "") -> str:
    """Only in Step mode, and with what it takes to write this kind."""
    return no_document(window) or window.exports.film_reason(kind)


def no_surface(window: Window) -> str:
    """Only of a landscape that is known."""
    return no_document(window) or window.exports.surface_reason()


def no_run(window: Window) -> str:
    """Only in Train mode."""
    return no_document(window) or ("" if window.page.mode == 1 else "This belongs to Train mode.")


def nothing_to_undo(window: Window) -> str:
    """Only where there is something to take back."""
    undoable = window.workspace.stack.canUndo() or window.page.trainer.running  # which becomes an undo step
    return no_document(window) or ("" if undoable else "There is nothing to undo.")


def nothing_to_redo(window: Window) -> str:
    """Only where something was taken back."""
    return no_document(window) or ("" if window.workspace.stack.canRedo() else "There is nothing to redo.")


def nothing_to_paste() -> str:
    """Only a link or a file."""
    return "" if intake.on_clipboard() else "Copy a link to the Playground, or a file, first."
