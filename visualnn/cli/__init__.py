"""The command line. Everything but the window works without a screen.

`opening` opens the window, `arguments` reads what was typed, `output` writes the answers, and each other module holds
one or two commands. Exit codes: 0 success, 1 a file or its content is bad or training went astray, 2 wrong use, 3 no
window can open, 130 stopped with Ctrl+C.

May import: everything below `app`, and `app` itself when a command needs it. Nothing is imported before it is needed:
Qt for ``render`` and the window, Numba for long training, NumPy never for ``--version`` and ``--help``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from visualnn.cli.arguments import WrongUseError, protected
from visualnn.cli.opening import is_usual, open_window
from visualnn.cli.output import close, flush, prepare, tell
from visualnn.nn.errors import VisualNNError

COMMANDS = (
    *("predict", "steps", "train", "examples", "render"),
    *("export", "import", "info", "landscape", "sweep", "bench", "doctor"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    prepare()
    given = sys.argv[1:] if argv is None else argv
    arguments = [protected(argument) for argument in given]
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    name = f"visualnn {command}".strip()
    try:
        if is_usual(given):
            code = open_window(*given)
        else:
            code = function_of(command)(name, arguments[1:] if command else arguments)
        flush()
    except SystemExit as end:  # --help and --version
        flush()
        return end.code if isinstance(end.code, int) else 0
    except WrongUseError as error:
        return tell(f"{name}: {error} See {name} --help.", 2)
    except VisualNNError as error:
        return tell(f"{name}: {error}{_advice(error, command)}", 1)
    except KeyboardInterrupt:
        return tell("Stopped.", 130)
    except BrokenPipeError:
        close()
        return 141  # what a shell reports for a program that SIGPIPE ended
    return code


def function_of(command: str) -> Callable[[str, list[str]], int]:
    """What a command does; "" opens the window. Imports its module, and none of the others."""
    match command:
        case "predict":
            from visualnn.cli.answers import predict as function
        case "examples":
            from visualnn.cli.answers import examples as function
        case "steps":
            from visualnn.cli.stepping import steps as function
        case "train":
            from visualnn.cli.training import train as function
        case "render":
            from visualnn.cli.screen import render as function
        case "export":
            from visualnn.cli.exchange import export as function
        case "import":
            from visualnn.cli.exchange import import_ as function
        case "info":
            from visualnn.cli.info import info as function
        case "landscape":
            from visualnn.cli.landscape import landscape as function
        case "sweep":
            from visualnn.cli.sweep import sweep as function
        case "bench":
            from visualnn.cli.bench import bench as function
        case "doctor":
            from visualnn.cli.doctor import doctor as function
        case _:
            from visualnn.cli.screen import window as function
    return function


def _advice(error: VisualNNError, command: str) -> str:
    """What to type in place of it, where a file holds weights alone."""
    from visualnn.files.foreign.adoption import NeedsActivations

    if not isinstance(error, NeedsActivations):
        return ""
    first = "Say" if command in ("import", "info") else "Import it with"
    return f" {first} --hidden relu --output linear, or whichever they are."
