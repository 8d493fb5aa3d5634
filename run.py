#!/usr/bin/env python3
"""Start VisualNN, or check it, from a checkout: needs Python 3.11 or newer, and a network the first time.

    python3 run.py                    open the start page
    python3 run.py FILE.vnn           open a file (and every other command of visualnn: try --help)
    python3 run.py test               run the tests, on every core; what follows goes to pytest instead
    python3 run.py check              format, lint, types, imports, locked versions (or name the ones to check)
    python3 run.py format             repair what the first two of these can repair
    python3 run.py clean              delete .venv and every cache

The first start makes .venv beside this file and installs the versions of requirements.lock there; nothing else on the
machine is changed.  Later starts compare one fingerprint and hand over at once.

Only the standard library, and only syntax that every Python since 2.7 can read: an old one shall say what it lacks.
"""

import contextlib
import hashlib
import os
import re
import subprocess
import sys
import time

OLDEST, NEWEST = (3, 11), (3, 14)
OLDEST_PIP = (22, 3)  # the first that can install into another environment (--python)
WINDOWS = os.name == "nt"

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
UNFINISHED = os.path.join(VENV, ".visualnn-unfinished")
PYPROJECT = os.path.join(HERE, "pyproject.toml")
LOCK = os.path.join(HERE, "requirements.lock")

CHECKS = (
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "mypy", "--no-error-summary"]),
    ("imports", ["-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-logo"]),
    ("lock", None),
)
EXPORT = ["--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate", "--no-header"]
ON_EVERY_CORE = ["-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]  # each of them takes half a gigabyte
CACHES = (".venv", ".coverage", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache")


class Trouble(Exception):
    """Something the user can mend; the message says how."""


def main(arguments):
    """Do what `arguments` ask and return the exit code; where the system allows it, become the program instead."""
    try:
        require_supported_python(sys.version_info[:2])
        command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
        if command in COMMANDS:
            return COMMANDS[command](rest)
        return start(arguments)
    except Trouble as trouble:
        say(str(trouble))
        return 2
    except KeyboardInterrupt:
        return 130


def start(arguments):
    """Become VisualNN; the working directory stays the user's, so that relative file names keep their meaning."""
    prepare()
    return become([PYTHON, "-P", "-m", "visualnn"] + arguments)


def test(arguments):
    """Become pytest, in this folder: on several cores for all tests, on one for those that somebody chooses."""
    prepare("test")
    arguments = from_here(arguments, os.getcwd())
    os.chdir(HERE)
    return become([PYTHON, "-m", "pytest"] + (arguments or ON_EVERY_CORE))


def check(names):
    """Run the named checks, or all; every one runs, even after another failed."""
    known = [name for name, _ in CHECKS]
    for name in names:
        if name not in known:
            raise Trouble("There is no check called {}; there are {}.".format(name, ", ".join(known)))
    prepare("check")
    failed = [name for name, command in CHECKS if name in (names or known) and not passes(name, command)]
    if failed:
        say("Not in order: {}.".format(", ".join(failed)))
    return 1 if failed else 0


def passes(name, command):
    """Whether the check `name` finds nothing; what it finds is printed."""
    begun = time.time()
    good, words = outcome([PYTHON] + command) if command else lock_outcome()
    say("{:8} {:5.1f} s  {}".format(name, time.time() - begun, "ok" if good else "FAILED\n\n" + words))
    return good


def repair(_):
    """Format every file, and mend what the linter can mend."""
    prepare("check")
    formatted = run([PYTHON, "-m", "ruff", "format", "--quiet", "."])
    linted = run([PYTHON, "-m", "ruff", "check", "--quiet", "--fix", "."])
    return 0 if formatted and linted else 1


def clean(_):
    """Delete what this file and the tools it starts have made."""
    import shutil

    for name in CACHES:
        path = os.path.join(HERE, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)
    return 0


COMMANDS = {"test": test, "check": check, "format": repair, "clean": clean}


# --- the environment -------------------------------------------------------------------------------------------------


def prepare(*groups):
    """Make .venv hold VisualNN and the dependency groups named; returns at once when it does already."""
    wanted = ("app",) + groups
    if all(is_fresh(group) for group in wanted):
        return
    with only_one_at_a_time():
        if not is_sound():
            make_environment()
        stale = [group for group in wanted if not is_fresh(group)]
        if stale:  # another run may have installed them while this one waited
            install(stale)


def is_fresh(group):
    """Whether `group` was installed from the very pyproject.toml and requirements.lock that are here now."""
    return os.path.exists(PYTHON) and not os.path.exists(UNFINISHED) and read(stamp(group)) == fingerprint()


def stamp(group):
    """The file that says what `group` was installed from."""
    return os.path.join(VENV, ".visualnn-" + group)


def fingerprint():
    """Changes with everything that an installation depends on: this Python, this folder, the wanted versions."""
    python = "{} {} {}".format(sys.implementation.cache_tag, getattr(sys, "abiflags", ""), HERE)
    return hashlib.sha256("\0".join([python, read(PYPROJECT), read(LOCK)]).encode("utf-8")).hexdigest()


def is_sound():
    """Whether .venv is whole and belongs to the Python that runs now."""
    version = re.escape("{}.{}.".format(*sys.version_info[:2]))
    of_this_python = re.search(r"^version(_info)? *= *" + version, read(os.path.join(VENV, "pyvenv.cfg")), re.MULTILINE)
    return os.path.exists(PYTHON) and not os.path.exists(UNFINISHED) and bool(of_this_python)


def make_environment():
    """Make .venv anew, without pip: Debian's Python cannot put one there."""
    if not run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]):
        raise Trouble("Python could not make an environment in {}.\n{}".format(VENV, advice("python3-venv")))


def install(groups):
    """Install `groups` with the locked versions.

    A marker stands in .venv meanwhile: where it is found later, the installation was interrupted and is made anew.
    """
    command = installer()
    say("Installing what VisualNN needs into .venv ({}); the first time about 200 MB.".format(", ".join(groups)))
    write(UNFINISHED, "")
    succeeded = run(command + requirements(groups))
    os.remove(UNFINISHED)
    if not succeeded:
        raise Trouble(
            "The installation failed; the lines above say why.  It needs the network (pypi.org) this once:\n"
            "if there was none, connect and run the same command again."
        )
    for group in groups:
        write(stamp(group), fingerprint())


def requirements(groups):
    """The installer's arguments for `groups`; "app" is VisualNN itself, editable, with its dependencies."""
    import tomllib

    with open(PYPROJECT, "rb") as file:
        declared = tomllib.load(file)["dependency-groups"]
    arguments = ["--constraint", LOCK] if os.path.exists(LOCK) else []
    for group in groups:
        arguments += ["--editable", HERE] if group == "app" else declared[group]
    return arguments


def installer():
    """The command that installs into .venv: a pip outside of it, or one that Python can put there, or uv."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    for python in pythons():
        if pip_version(python) >= OLDEST_PIP:
            return [python, "-m", "pip", "--python", PYTHON, "install"] + quiet
    if answer([PYTHON, "-m", "ensurepip"]) is not None:
        return [PYTHON, "-m", "pip", "install"] + quiet
    if answer(["uv", "--version"]) is not None:
        return ["uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"] + quiet
    raise Trouble("{} has no pip, and cannot make one.\n{}".format(sys.executable, advice("python3-pip")))


def pythons():
    """The Python that runs this file, and the one behind it if that is an environment."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return [sys.executable] if base == sys.executable else [sys.executable, base]


def pip_version(python):
    """For instance (23, 0), or () where `python` has no pip."""
    found = re.match(r"pip (\d+)\.(\d+)", answer([python, "-m", "pip", "--version"]) or "")
    return tuple(int(number) for number in found.groups()) if found else ()


@contextlib.contextmanager
def only_one_at_a_time():
    """Let a second run wait for the installation of the first (not on Windows)."""
    with open(PYPROJECT, "rb") as file:
        if not WINDOWS:
            import fcntl

            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- what the machine offers -----------------------------------------------------------------------------------------


def require_supported_python(version):
    """Raise Trouble where `version` is not one that VisualNN runs on."""
    if OLDEST <= tuple(version) <= NEWEST:
        return
    names = ["python3.{}".format(minor) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = [name for name in names if answer([name, "--version"])]
    other = "Try:  {} run.py".format(found[0]) if found else "Get one from https://www.python.org/downloads/."
    raise Trouble(
        "VisualNN needs Python {}.{} to {}.{}; this is Python {}.{}.  {}".format(
            OLDEST[0], OLDEST[1], NEWEST[0], NEWEST[1], version[0], version[1], other
        )
    )


def on_path(name):
    """Whether the shell would find the program `name`."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.path.exists(os.path.join(folder, name + (".exe" if WINDOWS else ""))) for folder in folders)


def advice(package):
    """The line that installs a Debian `package`, or what it is called elsewhere."""
    if on_path("apt-get"):
        return "Install it:  sudo apt install {}".format(package)
    if on_path("dnf"):
        return "Install it:  sudo dnf install python3-pip"
    return "Install Python from https://www.python.org/downloads/, which brings both venv and pip."


def lock_outcome():
    """Whether uv.lock and requirements.lock follow from pyproject.toml, and what to do if not; only uv can tell."""
    if answer(["uv", "--version"]) is None:
        return True, ""
    export = ["uv", "export", "--frozen"] + EXPORT
    current, words = outcome(["uv", "lock", "--check"])
    if current and answer(export + ["--quiet"]) == read(LOCK):
        return True, ""
    return False, "{}\nRun:  uv lock && {} --output-file requirements.lock\n".format(words, " ".join(export))


# --- small things ----------------------------------------------------------------------------------------------------


def from_here(arguments, folder):
    """`arguments` with those that name a file as seen from `folder` made absolute, for a run in another folder."""
    return [absolute(argument, folder) for argument in arguments]


def absolute(argument, folder):
    """`argument` with an absolute path if it names a file (or a file's test, after ::) as seen from `folder`."""
    path = os.path.join(folder, argument.split("::")[0])
    names_a_file = not argument.startswith("-") and os.path.exists(path)
    return os.path.join(folder, argument) if names_a_file else argument


def become(command):
    """Replace this process by `command`, or on Windows run it and return its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    return subprocess.call(command)


def run(command):
    """Whether `command`, run in this folder with its words on stderr, succeeds."""
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    try:
        return subprocess.call(command, cwd=HERE, env=environment, stdout=sys.stderr) == 0
    except OSError as error:
        say("{}: {}".format(command[0], error))
        return False


def answer(command):
    """What `command` prints, or None where it fails or does not exist."""
    good, words = outcome(command, subprocess.PIPE)
    return words if good else None


def outcome(command, errors=subprocess.STDOUT):
    """Whether `command`, run in this folder, succeeds, and what it prints."""
    try:
        process = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, stderr=errors)
        words = process.communicate()[0].decode("utf-8", "replace")
    except OSError as error:
        return False, "{}: {}".format(command[0], error)
    return process.returncode == 0, words


def say(sentence):
    """Tell the user, without mixing into what the program prints."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def read(path):
    """The text of a file, or nothing where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8")
    except (IOError, OSError):
        return ""


def write(path, text):
    """Make the file `path` say `text`."""
    with open(path, "wb") as file:
        file.write(text.encode("utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
