"""The manual page, visualnn(1), of what the program says of itself. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from help import Help, Manual

ITEM = re.compile(r"  (?P<term>\S.*?)(?:  +(?P<what>\S.*))?")
HEADING = re.compile(r"[a-z].*:")
UNCHANGED = str.maketrans({"\\": "\\e", "-": "\\-", "'": "\\(aq", "^": "\\(ha", "~": "\\(ti", "`": "\\(ga"})


def page(manual: Manual, version: str, moment: int) -> str:
    """The page in roff; `moment` in seconds since 1970."""
    when = datetime.fromtimestamp(moment, UTC).date()
    head = f'.TH VISUALNN 1 {when} "VisualNN {escaped(version)}"\n.SH NAME\nvisualnn \\- {escaped(purpose(manual))}\n'
    sections = [*section("DESCRIPTION", manual.main)]
    for name, said in manual.commands.items():
        sections.extend(section(name.upper(), said))
    return head + "".join(sections)


def purpose(manual: Manual) -> str:
    """The first sentence up to its colon, small as in every such line."""
    line = manual.main.lines[0].split(":")[0]
    return line[0].lower() + line[1:]


def section(title: str, said: Help) -> Iterator[str]:
    """The help of one command."""
    yield f".SH {title}\n.B {escaped(said.usage)}\n"
    yield from roff(said.lines)


def roff(lines: Iterable[str]) -> Iterator[str]:
    """Paragraphs that flow, headings that end in a colon, and items whose words stand apart from their meaning."""
    before = ""
    for line in lines:
        if line.startswith("   "):
            yield f"{escaped(line.strip())}\n"
        elif match := ITEM.fullmatch(line):
            yield f".TP\n.B {escaped(match['term'])}\n{escaped(match['what'] or '')}\n"
        elif not before and HEADING.fullmatch(line):
            yield f".SS {escaped(line[0].upper() + line[1:-1])}\n"
        elif line:
            yield f"{escaped(line)}\n" if before and not before.startswith(" ") else f".PP\n{escaped(line)}\n"
        before = line


def escaped(text: str) -> str:
    """Text that roff prints unchanged: minus signs that can be copied, and nothing that it takes for a request."""
    return f"\\&{text.translate(UNCHANGED)}"
