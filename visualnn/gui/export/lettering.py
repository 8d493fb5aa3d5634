"""The letters in an SVG file: the same wherever it is opened, as far as that can be had without our fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

FONTS = (  # other fonts where there is no Inter; digits of one width; Qt would take the list for one font
    "@supports (font-feature-settings: normal) "
    "{ text { font-family: Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif; font-feature-settings: 'tnum'; } }"
)
WRITTEN = r"<text (?=[^>]*>\s*\S)"
GROUP = re.compile(r"<g (?P<group>[^>]*)>\s*<text (?P<text>[^>]*)>(?P<letters>[^<]*)</text>\s*</g>")
SAME_LINE = 0.7  # px between the end of a text and the next that belongs to it


def lettered(svg: str, widths: Sequence[float]) -> str:
    """With fonts that exist everywhere, every text as wide as it is with ours, and those of a line in one element."""
    svg = svg.replace("<defs>", f"<style>{FONTS}</style>\n<defs>", 1)
    if len(re.findall(WRITTEN, svg)) != len(widths):
        return svg
    rest = iter(widths)
    return _joined(
        re.sub(WRITTEN, lambda _: f'<text textLength="{next(rest):.2f}" lengthAdjust="spacingAndGlyphs" ', svg)
    )


def _joined(svg: str) -> str:
    """Texts that follow each other on a line become one: where a font is wider, they move along."""
    pieces, end = [], 0
    for run in _runs(svg):
        if len(run) > 1:
            pieces += [svg[end : run[0].start()], _line(run)]
            end = run[-1].end()
    return "".join([*pieces, svg[end:]])


def _runs(svg: str) -> Iterator[list[re.Match[str]]]:
    """The texts that belong together."""
    run: list[re.Match[str]] = []
    for found in (each for each in GROUP.finditer(svg) if "textLength" in each["text"]):
        if run and not _follows(svg, run[-1], found):
            yield run
            run = []
        run.append(found)
    if run:
        yield run


def _follows(svg: str, first: re.Match[str], second: re.Match[str]) -> bool:
    if svg[first.end() : second.start()].strip() or _said(first, "y") != _said(second, "y"):
        return False
    ends = float(_said(first, "x")) + float(_said(first, "textLength"))
    placed = _transform(first) == _transform(second)
    return placed and abs(float(_said(second, "x")) - ends) < SAME_LINE


def _line(run: list[re.Match[str]]) -> str:
    first, last = run[0], run[-1]
    width = float(_said(last, "x")) + float(_said(last, "textLength")) - float(_said(first, "x"))
    head = re.sub(r'textLength="[^"]*"', f'textLength="{width:.2f}"', first["text"])
    spans = "".join(
        f'<tspan fill="{_said(each, "fill")}" font-weight="{_said(each, "font-weight")}">{each["letters"]}</tspan>'
        for each in run
    )
    return f"<g {first['group']}>\n<text {head}>{spans}</text>\n</g>"


def _said(found: re.Match[str], name: str) -> str:
    """An attribute of a text."""
    value = re.search(rf'(?<![\w-]){name}="([^"]*)"', found["text"])
    return value[1] if value else ""


def _transform(found: re.Match[str]) -> str:
    value = re.search(r'transform="([^"]*)"', found["group"])
    return value[1] if value else ""
