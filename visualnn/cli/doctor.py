"""``visualnn doctor``: whether the program can run here, and what it found."""

from __future__ import annotations

from visualnn.cli.arguments import Parser
from visualnn.cli.output import say, say_json
from visualnn.health.screen import Toolkit

DOCTOR_HELP = """\
Tells whether VisualNN can run here, and what it found: versions, Qt and its screen, fonts, where settings, caches and
the log lie and whether they can be written, which kernels are compiled, the processor, the GPU, or why none can train.
What is missing is named with the package to install. Ends with code 1 if something is missing that the window cannot
do without.

In the window: menu “⋯”, Copy diagnostics."""
DOCTOR_EXAMPLES = """\
examples:
  visualnn doctor
  visualnn doctor --json"""


def doctor(name: str, arguments: list[str]) -> int:
    """``visualnn doctor``: everything worth knowing when something does not work."""
    parser = Parser(name, DOCTOR_HELP, DOCTOR_EXAMPLES)
    parser.add_argument("--json", action="store_true", help="print one object")
    options = parser.parse_args(arguments)
    from visualnn.health import findings, report, text

    health = report.gather(_toolkit())
    problems = findings.problems(health)
    if options.json:
        notes = list(findings.notes(health))
        say_json({**report.plain(health), "notes": notes, "problems": list(problems)})
    else:
        say(text.text(health))
    return 1 if problems else 0


def _toolkit() -> Toolkit:
    """What Qt says of itself, or why it does not."""
    try:
        from visualnn.gui.toolkit import toolkit

        return toolkit()
    except ImportError as error:
        return Toolkit(problem=f"Qt cannot be loaded: {str(error).rstrip('.')}.")
