"""What the built program says of itself, for its manual page and the completions: nothing of these is written by hand.

Standard library only.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

WIDTH = "100"  # at which argparse breaks lines, wherever it is asked
COMMAND = re.compile(r"  (?P<name>[a-z]+).*?  +(?P<what>\S.*)")
OPTION = re.compile(r"  (?:-\w, )?(?P<option>--[a-z0-9-]+)(?:.*?  +(?P<what>\S.*)|.*)")


class Help(NamedTuple):
    """What one command answers to --help: its usage in one line, and the lines that follow."""

    usage: str
    lines: tuple[str, ...]

    def options(self) -> dict[str, str]:
        """Option → what is said about it."""
        found: dict[str, str] = {}
        option = ""
        for line in self.lines:
            if match := OPTION.fullmatch(line):
                option = match["option"]
                found[option] = match["what"] or ""
            elif option and line.startswith("    "):
                found[option] = f"{found[option]} {line.strip()}".strip()
            else:
                option = ""
        return found


class Manual(NamedTuple):
    """The help of the command alone, of each command behind it, and what the list of these says of each."""

    main: Help
    commands: dict[str, Help]
    purposes: dict[str, str]


def manual(ask: Callable[..., str]) -> Manual:
    """Everything that `ask`, given the words to type, can tell."""
    main = answer(ask("--help"))
    purposes = listed(main)
    return Manual(main, {name: answer(ask(name, "--help")) for name in purposes}, purposes)


def asked(program: Path) -> Callable[..., str]:
    """Asks a built program, the same way on every machine."""

    def ask(*words: str) -> str:
        environment = {"COLUMNS": WIDTH, "LC_ALL": "C.UTF-8", "PATH": os.defpath}
        return subprocess.run(
            (program, *words), env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        ).stdout

    return ask


def answer(text: str) -> Help:
    """The parts of what argparse prints."""
    usage, _, rest = text.partition("\n\n")
    return Help(" ".join(usage.removeprefix("usage: ").split()), tuple(rest.rstrip().splitlines()))


def listed(main: Help) -> dict[str, str]:
    """Command → what it does, from the list below the line that begins with “commands”."""
    start = next(number for number, line in enumerate(main.lines) if line.startswith("commands "))
    found = {}
    for line in main.lines[start + 1 :]:
        match = COMMAND.fullmatch(line)
        if match is None:
            break
        found[match["name"]] = match["what"]
    return found
