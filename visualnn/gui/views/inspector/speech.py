"""An inspection for those who hear it."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.scene.findings import Bars, Inspection, Link
from visualnn.scene.formula import plain
from visualnn.scene.passing import Line

EMPTY = "Click a neuron or a connection to see its sum."


def spoken(shown: Inspection | None) -> str:
    """All that is shown, in the order in which it stands there."""
    return EMPTY if shown is None else ". ".join(_pieces(shown))


def _pieces(shown: Inspection) -> Iterator[str]:
    yield f"{shown.title}, {shown.subtitle}"
    if shown.heading:
        yield shown.heading
    yield from map(_link, shown.links)
    if shown.bars:
        yield from _bars(shown.bars[0])
    yield from map(_line, shown.rows)
    if shown.total is not None:
        about = "about " if shown.total.equal != "=" else ""
        yield f"{shown.total.label} {about}{shown.total.result.text}"
    if shown.activation is not None:
        yield f"{shown.activation.title} gives {shown.activation.result.text}"
    if shown.shortcut is not None:
        yield _line(shown.shortcut)
    yield from map(_line, shown.after)
    if shown.outlook is not None:
        aside = f", {shown.outlook.aside}" if shown.outlook.aside else ""
        yield f"{shown.outlook.title}{aside}: {plain(shown.outlook.formula)}"


def _line(row: Line) -> str:
    formula = plain((*row.factors, *row.below))
    return " ".join(piece for piece in (row.label, formula, row.equal, row.result.text) if piece)


def _link(link: Link) -> str:
    return " ".join(piece for piece in (f"{link.title},", *link.details, link.symbol, "=", link.value.text) if piece)


def _bars(bars: Bars) -> Iterator[str]:
    yield from (f"{bar.label} {bar.text}" for bar in bars.bars if bar.known)
    if bars.note:
        yield bars.note.removesuffix(".")
