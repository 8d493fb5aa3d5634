"""The rows of the action table, and what the Find sheet offers beyond them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from visualnn.exchange.kinds import KINDS
from visualnn.files.examples import EXAMPLES
from visualnn.gui import fresh, intake, reasons
from visualnn.gui.actions import Action, Window
from visualnn.gui.player import SPEEDS
from visualnn.gui.views.start.recent import short_folder
from visualnn.gui.widgets.key_caps import written
from visualnn.gui.widgets.search import Entry
from visualnn.scene.timeline import GRAINS

MAX_NEURONS_FOUND = 200
SUBPAGES = (
    ("runs", "All runs, to compare", "history"),
    ("race", "A race between ways to train", "activity"),
    ("sweep", "A sweep: every learning rate with every seed, at once", "table-2"),
    ("insides", "Inside the layers, over time", "eye"),
    ("library", "The same in PyTorch and Keras", "file-code-2"),
)
KIND_ICONS = {"Code": "file-code-2", "Model": "box", "Numbers": "table-2"}
BATCHES = (0, 2, 4, 8, 16, 32)  # rows followed together in Step mode


def rows(window: Window) -> list[Action]:
    """Everything that can be done, in the order of the list of keys."""
    return [
        *_playing(window), *_training(window), *_landscape(window), *_editing(window), *_looking(window),
        *_files(window),
        *_exporting(window), *_window(window),
    ]  # fmt: skip


def _playing(window: Window) -> list[Action]:
    page, closed = window.page, partial(reasons.no_document, window)
    group = "Play"
    plain = [
        Action("toggle", "Play or pause", page.toggle, ("Space",), "play", group, closed),
        Action("step", "Step", page.step, ("Right", "PgDown"), "step-forward", group, closed),
        Action("back", "Step back", page.step_back, ("Left", "PgUp"), "step-back", group, closed),
        Action("step_larger", "A larger step", partial(page.step, 1), ("Shift+Right",), "step-forward", group, closed),
        Action("back_larger", "A larger step back", partial(page.step_back, 1), ("Shift+Left",), "", group, closed),
        Action("start", "To the start", page.to_start, ("Home",), "skip-back", group, closed),
        Action("end", "To the end", page.to_end, ("End",), "", group, closed),
        Action("faster", "Faster", partial(_change_speed, window, 1), (".",), "", group, closed),
        Action("slower", "Slower", partial(_change_speed, window, -1), (",",), "", group, closed),
    ]
    grains = [
        Action(f"grain_{grain}", f"Step by {grain}", partial(page.set_grain, grain), (str(i),), "", group, closed)
        for i, grain in enumerate(GRAINS, start=1)
    ]
    inside = [
        Action(
            "inside", "Step inside this neuron", page.step_inside, (), "", group, partial(reasons.no_neuron, window)
        ),
        Action("outside", "Leave this neuron", page.step_outside, (), "", group, partial(reasons.not_inside, window)),
    ]
    following = partial(reasons.no_update, window)
    update = Action("next_update", "Next update, from the new weights", page.next_update, ("N",), "", group, following)
    return [*plain, *grains, *inside, update, *_batches(window)]


def _batches(window: Window) -> list[Action]:
    """How many rows make an update in Step mode."""
    page, group, closed = window.page, "Rows", partial(reasons.no_document, window)
    sizes = [
        Action(
            f"batch_{rows}", f"Follow {rows} rows together" if rows else "Follow one row alone",
            partial(page.set_batch, rows), (), "", group, closed, partial(_is_batch, window, rows),
        )
        for rows in BATCHES
    ]  # fmt: skip
    others = (("next_row", "Next row", 1), ("row_before", "Row before", -1))
    return sizes + [Action(name, text, partial(page.next_row, by), (), "", group, closed) for name, text, by in others]


def _training(window: Window) -> list[Action]:
    page, trainer = window.page, window.page.trainer
    closed, no_run = partial(reasons.no_document, window), partial(reasons.no_run, window)
    return [
        Action("mode_step", "Step mode", partial(page.set_mode, 0), ("Ctrl+1",), "footprints", "Modes", closed),
        Action("mode_train", "Train mode", partial(page.set_mode, 1), ("Ctrl+2",), "activity", "Modes", closed),
        Action("mode_landscape", "Landscape mode", partial(page.set_mode, 2), ("Ctrl+3",), "mountain", "Modes", closed),
        Action("same_start", "Same start", page.same_start, ("R",), "rotate-ccw", "Modes", no_run),
        Action("new_weights", "New weights", trainer.new_weights, ("Shift+R",), "dices", "Modes", no_run),
        Action("data", "Show or hide the data", page.desk.toggle, ("D",), "table-2", "Modes", closed),
        Action("device", "Device: processor or GPU?", page.show_device, (), "monitor", "Modes", closed),
        Action("test_row", "Show a row held back", page.desk.show_test_row, (), "shuffle", "Rows", closed),
        *(
            Action(name, text, partial(page.open_subpage, name), (), icon, "Modes", closed)
            for name, text, icon in SUBPAGES
        ),
    ]


def _editing(window: Window) -> list[Action]:
    needs = (reasons.no_document, reasons.nothing_to_undo, reasons.nothing_to_redo, reasons.no_listing)
    closed, undone, redone, unlisted = (partial(need, window) for need in needs)
    return [
        Action("undo", "Undo", window.undo, ("Ctrl+Z",), "undo-2", "Edit", undone, quiet=True),
        Action("redo", "Redo", window.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Edit", redone, quiet=True),
        Action("reset", "Reset this weight", window.page.reset_number, (), "rotate-ccw", "Edit", closed),
        Action("copy_code", "Copy Python code", window.page.copy_code, ("Ctrl+Shift+C",), "copy", "Edit", unlisted),
    ]


def _looking(window: Window) -> list[Action]:
    stage, group = window.page.stage, "Look"
    closed, whole = partial(reasons.no_document, window), partial(reasons.all_is_seen, window)
    return [
        Action("zoom_in", "Zoom in", stage.zoom_in, ("Ctrl+=",), "zoom-in", group, closed),
        Action("zoom_out", "Zoom out", stage.zoom_out, ("Ctrl+-",), "", group, whole),
        Action("fit", "Show all of the network", stage.fit, ("Ctrl+0",), "maximize", group, whole),
        Action("unfold", "Unfold all layers that fit", stage.unfold_all, (), "", group, closed),
    ]


def _landscape(window: Window) -> list[Action]:
    """What only Landscape mode has."""
    lookout, group, elsewhere = window.page.lookout, "Landscape", partial(reasons.no_landscape, window)
    return [
        Action("map", "Map or 3-D", lookout.toggle_map, ("M",), "mountain", group, elsewhere),
        Action("best_rate", "Find the best rate of a runner", lookout.find_best_rate, (), "target", group, elsewhere),
        Action("axes", "Choose the two weights…", lookout.ask_axes, (), "move-horizontal", group, elsewhere),
        Action("pick_start", "Pick a new start", lookout.pick_start, (), "map-pin", group, elsewhere),
        Action("whole_surface", "Show all of the surface", lookout.fit, (), "maximize", group, elsewhere),
    ]


def _files(window: Window) -> list[Action]:
    documents = window.documents
    closed, at_home = partial(reasons.no_document, window), partial(reasons.nothing_behind, window)
    no_paste = reasons.nothing_to_paste
    return [
        Action("new", "New network", window.sheets.open_new, ("Ctrl+N",), "plus", "File"),
        Action("open", "Open…", documents.ask_open, ("Ctrl+O",), "folder-open", "File"),
        Action("paste", "Open what is on the clipboard", window.intake.paste, ("Ctrl+V",), "", "File", no_paste),
        Action("save", "Save", documents.save, ("Ctrl+S",), "save", "File", closed),
        Action("save_as", "Save as…", documents.ask_save, ("Ctrl+Shift+S",), "", "File", closed),
        Action("notes", "Notes…", window.sheets.open_notes, (), "pencil", "File", closed),
        Action("home", "Start page", window.go_home, ("Alt+Home",), "house", "File"),
        Action("document", "Back to the document", window.go_to_document, ("Esc",), "arrow-left", "File", at_home),
        Action("quit", "Quit", window.close, ("Ctrl+Q",), "", "File"),
    ]


def _exporting(window: Window) -> list[Action]:
    exports, group, closed = window.exports, "Export", partial(reasons.no_document, window)
    found = [Action("export", "Export…", window.sheets.open_export, ("Ctrl+E",), "download", group, closed)]
    for kind in KINDS.values():
        text = "Save the weights as CSV…" if kind.group == "Numbers" else f"Export to {kind.title}…"
        save, why = partial(exports.save_kind, kind.id), partial(reasons.no_kind, window, kind.id)
        found.append(Action(f"export_to_{kind.id}", text, save, (), KIND_ICONS[kind.group], group, why))
    for kind in ("PNG", "SVG", "PDF"):
        name, save = f"export_{kind.lower()}", partial(exports.save_picture, f".{kind.lower()}")
        found.append(
            Action(name, f"Save picture as {kind}…", save, (), "image", group, partial(reasons.no_export, window))
        )
    for kind in ("GIF", "MP4"):
        name, why = f"export_{kind.lower()}", partial(reasons.no_film, window, kind)
        found.append(Action(name, f"Save film as {kind}…", partial(exports.ask_film, kind), (), "film", group, why))
    table, stepless = "Save the numbers of all steps as CSV…", partial(reasons.no_film, window)
    found.append(Action("export_csv", table, exports.save_table, (), "table-2", group, stepless))
    why = partial(reasons.no_surface, window)
    return [
        *found,
        *(
            Action(
                f"export_surface_{kind.lower()}", f"Save the surface of the loss as {kind}…",
                partial(exports.save_surface, f".{kind.lower()}"), (), "mountain", group, why,
            )
            for kind in ("CSV", "NPZ")
        ),
    ]  # fmt: skip


def _window(window: Window) -> list[Action]:
    group, closed, unpanelled = "Window", partial(reasons.no_document, window), partial(reasons.no_panel, window)
    return [
        Action("find", "Find", window.sheets.open_find, ("Ctrl+K", "/"), "search", group),
        Action("panel", "Show or hide the panel", window.toggle_panel, ("F2",), "", group, unpanelled),
        Action(
            "presentation", "Presentation", window.presentation.toggle, ("F11", "F5"), "presentation", group, closed
        ),
        Action("keys", "All keys", window.sheets.open_keys, ("?",), "keyboard", group),
        Action("theme", "Switch between dark and light", window.toggle_theme, (), "sun", group),
        Action(
            "step_list", "Step list", window.toggle_step_list, ("L",), "", group, closed, partial(_is_listing, window)
        ),
        *_choices(window),
        Action("guide", "Start here: the adder, sum by sum", window.guide, (), "play", group),
        Action("diagnostics", "Copy diagnostics", window.diagnostics.copy, (), "copy", group),
        Action("about", "About VisualNN", window.about, (), "info", group),
    ]


def _choices(window: Window) -> list[Action]:
    """Preferences of which one is ticked in a menu."""
    themes = (
        ("dark", "Dark theme", "moon"),
        ("light", "Light theme", "sun"),
        ("system", "Theme of the system", "monitor"),
    )
    rows = [
        Action(
            f"theme_{m}", text, partial(window.set_theme, m), (), icon, "Window", None, partial(_is_theme, window, m)
        )
        for m, text, icon in themes
    ]
    for n in (2, 4):
        text, run = f"{n} decimals on the canvas", partial(window.set_decimals, n)
        rows.append(Action(f"decimals_{n}", text, run, (), "", "Window", None, partial(_has_decimals, window, n)))
    for choice, text in (("system", "as the system"), ("on", "on"), ("off", "off")):
        motion = Action(f"motion_{choice}", f"Reduced motion: {text}", partial(window.set_reduced_motion, choice))
        rows.append(replace(motion, group="Window", chosen=partial(_is_motion, window, choice)))
    return rows


def _is_theme(window: Window, mode: str) -> bool:
    return window.preferences.theme == mode


def _has_decimals(window: Window, decimals: int) -> bool:
    return window.page.decimals == decimals


def _is_listing(window: Window) -> bool:
    return window.page.listing


def _is_motion(window: Window, choice: str) -> bool:
    return window.preferences.reduced_motion == choice


def finding(window: Window) -> tuple[list[Entry], Callable[[str], list[Entry]]]:
    """All entries of the Find sheet, and a function that adds what a typed text may mean."""
    table = window.actions_table
    entries = [
        Entry(row.id, row.text, row.key_text, row.icon, not table.reason(row.id), table.reason(row.id), row.group)
        for row in table
    ]
    entries += [Entry(f"example:{e.id}", e.title, "", "book-open", True, e.subtitle, "Examples") for e in EXAMPLES]
    entries += fresh.entries()
    entries += _recent(window) + _neurons(window) + _landscapes(window)
    return entries, partial(_suggest, window)


STAGE_KEYS = (
    ("Walk up and down a column", "Up"),
    ("Walk to the next column", "Alt+Right"),
    ("Next connection of the neuron", "C"),
    ("Type the chosen number", "Return"),
    ("The chosen number + 0.01", "Up"),
    ("Step inside the chosen neuron", "Return"),
    ("Switch a neuron off, cut a connection", "X"),
    ("Remove the neuron", "Del"),
    ("A neuron more in this layer", "+"),
    ("A neuron fewer", "-"),
    ("A layer behind this one", "Ctrl++"),
    ("Activation of this layer", "A"),
    ("Matrix of the weights into this layer", "W"),
    ("Finer, also while dragging", "Shift"),
    ("Coarser, also while dragging", "Ctrl"),
    ("Choose nothing", "Esc"),
)
SWEEP_KEYS = (("To the next network", "Right"), ("Use the chosen network", "Return"), ("Back to Train mode", "Esc"))


def keys(window: Window) -> list[Entry]:
    """What the list of keys shows: all actions that have one, and what the keys mean on the stage and in a sweep."""
    places = (("stage", "On the stage", STAGE_KEYS), ("sweep", "In a sweep", SWEEP_KEYS))
    more = [
        Entry(f"{name}:{i}", text, written(key), "", True, "", group)
        for name, group, known in places
        for i, (text, key) in enumerate(known)
    ]
    return [*finding(window)[0], *more]


def _is_batch(window: Window, rows: int) -> bool:
    project = window.workspace.project
    return project is not None and project.batch == rows


def _recent(window: Window) -> list[Entry]:
    """The files that were opened or saved last."""
    paths = [path for path in map(Path, window.preferences.recent) if path.exists()]
    return [Entry(f"file:{p}", p.name, "", "folder-open", True, short_folder(p.parent), "Files") for p in paths]


def _neurons(window: Window) -> list[Entry]:
    project = window.workspace.project
    if project is None or not window.showing_document:
        return []
    found = [Entry(f"place:{n}", f"Neuron {n}", "", "target", True, "", "Neurons") for c in project.names for n in c]
    if project.network.connection_count <= MAX_NEURONS_FOUND:
        for left, right in zip(project.names, project.names[1:], strict=False):
            found += [
                Entry(f"place:{a}→{b}", f"Weight {a}→{b}", "", "target", True, "", "Weights")
                for a in left
                for b in right
            ]
    return found[:MAX_NEURONS_FOUND]


def _landscapes(window: Window) -> list[Entry]:
    """What shows one thing about the landscape of a loss."""
    if not window.showing_document:
        return []
    from visualnn.scene.landscape.examples import EXAMPLES as SIGHTS

    return [Entry(f"landscape:{e.id}", e.title, "", "mountain", True, e.group, "Landscapes") for e in SIGHTS]


def _suggest(window: Window, typed: str) -> list[Entry]:
    found = fresh.suggest(window, typed) or _links(typed)
    if found:
        return found
    match = re.fullmatch(r"\s*(?:learning\s+)?rate\s+([0-9.]+(?:e-?\d+)?)\s*", typed, re.IGNORECASE)
    if not match or not window.showing_document:
        return []
    try:
        rate = float(match[1])
    except ValueError:
        return []
    if not 0 < rate < 1e6:
        return []
    return [Entry(f"rate:{rate!r}", f"Set learning rate to {rate:g}", "", "activity")]


def _links(typed: str) -> list[Entry]:
    if "=" not in typed:
        return []
    address = intake.link(typed)
    return [Entry(f"link:{address}", "Open this network of the Playground", "", "folder-open")] if address else []


def _change_speed(window: Window, direction: int) -> None:
    page = window.page
    now = page.front.speed
    index = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - now) if SPEEDS[i] != now else -1)
    page.set_speed(SPEEDS[max(0, min(index + direction, len(SPEEDS) - 1))])
