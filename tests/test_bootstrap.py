"""run.py without a network: what it decides, with an installer and an interpreter of our making."""

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).resolve().parent.parent / "run.py"
UNKNOWN_TO_OLD_PYTHONS = (
    ast.AnnAssign,
    ast.AsyncFunctionDef,
    ast.Await,
    ast.JoinedStr,
    ast.Match,
    ast.NamedExpr,
    ast.Nonlocal,
    ast.TryStar,
    ast.YieldFrom,
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """run.py as a module, in a checkout of its own: nothing is installed, and nothing can be."""
    spec = importlib.util.spec_from_file_location("run", RUN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.HERE = str(tmp_path)
    module.VENV = str(tmp_path / ".venv")
    module.PYTHON = str(tmp_path / ".venv" / "python")
    module.UNFINISHED = str(tmp_path / ".venv" / "unfinished")
    module.PYPROJECT = str(tmp_path / "pyproject.toml")
    module.LOCK = str(tmp_path / "requirements.lock")
    (tmp_path / "pyproject.toml").write_text(
        '[dependency-groups]\ntest = ["pytest"]\ncheck = ["ruff"]\n', encoding="utf-8"
    )
    (tmp_path / "requirements.lock").write_text("pytest==9\n", encoding="utf-8")
    monkeypatch.setattr(module.subprocess, "call", unexpected)
    monkeypatch.setattr(module.subprocess, "Popen", unexpected)
    return module


def unexpected(command: list[str], **_: object) -> None:
    raise AssertionError(f"no test starts {command}")


class Machine:
    """Answers the commands that run.py would run, and remembers them."""

    def __init__(self, run: ModuleType, answers: dict[str, str]):
        self.run, self.answers = run, answers
        self.commands: list[list[str]] = []
        self.succeeds = True
        run.answer = lambda command: next((text for part, text in answers.items() if part in " ".join(command)), None)
        run.run = self.carry_out

    def carry_out(self, command: list[str]) -> bool:
        self.commands.append(command)
        if "venv" in command and self.succeeds:
            make_environment(self.run)
        return self.succeeds


def make_environment(run: ModuleType, version: tuple[int, int] = sys.version_info[:2]) -> None:
    Path(run.VENV).mkdir(exist_ok=True)
    Path(run.PYTHON).touch()
    Path(run.VENV, "pyvenv.cfg").write_text(
        f"home = /usr/bin\nversion = {version[0]}.{version[1]}.7\n", encoding="utf-8"
    )


def installed(machine: Machine) -> list[list[str]]:
    """What was handed to the installer, without the installer itself."""
    return [command[command.index("--constraint") + 2 :] for command in machine.commands if "--constraint" in command]


@pytest.fixture
def machine(run: ModuleType) -> Machine:
    return Machine(run, {"-m pip": "pip 25.0 from somewhere"})


def test_every_python_since_2_7_can_read_it():
    source = RUN.read_bytes()
    assert source.isascii()
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, UNKNOWN_TO_OLD_PYTHONS), ast.unparse(node)
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not node.args.kwonlyargs + node.args.posonlyargs
            assert not any(argument.annotation for argument in node.args.args)
        if isinstance(node, ast.Raise):
            assert node.cause is None
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            assert not any(isinstance(element, ast.Starred) for element in node.elts)
        if isinstance(node, ast.Dict):
            assert None not in node.keys


def test_its_first_imports_exist_in_every_python_since_2_7():
    top = [node for node in ast.parse(RUN.read_bytes()).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [alias.name for node in top for alias in node.names] == [
        "contextlib",
        "hashlib",
        "os",
        "re",
        "subprocess",
        "sys",
        "time",
    ]


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10), (3, 15)])
def test_other_pythons_are_told_which_one_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: tuple[int, int]
):
    monkeypatch.setattr(run.sys, "version_info", version)
    Machine(run, {})
    assert run.main([]) == 2
    sentence = f"VisualNN needs Python 3.11 to 3.14; this is Python {version[0]}.{version[1]}."
    assert capsys.readouterr().err.startswith(sentence)


def test_a_fitting_python_that_runs_is_named(run: ModuleType):
    Machine(run, {"python3.12 --version": "Python 3.12.1"})
    with pytest.raises(run.Trouble, match=r"Try:  python3\.12 run\.py"):
        run.require_supported_python((3, 10))


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_pythons_are_welcome(run: ModuleType, version: tuple[int, int]):
    run.require_supported_python(version)


def test_supported_versions_are_those_of_the_project(run: ModuleType):
    import tomllib

    project = tomllib.loads((RUN.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">=3.{run.OLDEST[1]},<3.{run.NEWEST[1] + 1}"


def test_the_first_start_makes_an_environment_and_installs_the_locked_versions(run: ModuleType, machine: Machine):
    run.prepare("test")
    assert machine.commands[0][1:] == ["-m", "venv", "--clear", "--without-pip", run.VENV]
    assert installed(machine) == [["--editable", run.HERE, "pytest"]]
    assert run.LOCK in machine.commands[1]


def test_the_second_start_does_nothing(run: ModuleType, machine: Machine):
    run.prepare("test")
    machine.commands.clear()
    run.prepare("test")
    run.prepare()
    assert machine.commands == []


def test_another_group_is_added_to_what_is_there(run: ModuleType, machine: Machine):
    run.prepare()
    machine.commands.clear()
    run.prepare("check")
    assert len(machine.commands) == 1
    assert installed(machine) == [["ruff"]]


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_a_change_of_the_wanted_versions_installs_again(run: ModuleType, machine: Machine, tmp_path: Path, name: str):
    run.prepare()
    machine.commands.clear()
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    run.prepare()
    assert installed(machine) == [["--editable", run.HERE]]


def test_a_moved_checkout_installs_again(run: ModuleType, machine: Machine):
    before = run.fingerprint()
    run.HERE += "-moved"
    assert run.fingerprint() != before


def test_the_environment_of_another_python_is_made_anew(run: ModuleType, machine: Machine):
    make_environment(run, version=(3, 2))
    run.prepare()
    assert "venv" in machine.commands[0]


def test_an_environment_made_by_uv_is_kept(run: ModuleType, machine: Machine):
    make_environment(run)
    version = "{}.{}".format(*sys.version_info[:2])
    Path(run.VENV, "pyvenv.cfg").write_text(f"uv = 0.9.0\nversion_info = {version}.7\n", encoding="utf-8")
    run.prepare()
    assert len(machine.commands) == 1


def test_an_interrupted_installation_is_made_anew(run: ModuleType, machine: Machine):
    run.prepare()
    machine.commands.clear()
    Path(run.UNFINISHED).touch()
    Path(run.stamp("app")).unlink()
    run.make_environment = lambda: Path(run.UNFINISHED).unlink()
    run.prepare()
    assert installed(machine) == [["--editable", run.HERE]]
    assert not Path(run.UNFINISHED).exists()


def test_an_interruption_leaves_its_mark(run: ModuleType, machine: Machine):
    make_environment(run)

    def interrupt(command: list[str]) -> bool:
        raise KeyboardInterrupt

    run.run = interrupt
    assert run.main([]) == 130
    assert Path(run.UNFINISHED).exists()
    assert not run.is_sound()


def test_a_failed_installation_says_so_and_is_tried_again(
    run: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]
):
    make_environment(run)
    machine.succeeds = False
    assert run.main([]) == 2
    assert "needs the network (pypi.org) this once" in capsys.readouterr().err
    assert run.is_sound()
    assert not run.is_fresh("app")


def test_a_python_that_cannot_make_environments_says_what_to_install(
    run: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(run, "WINDOWS", False)
    machine.succeeds = False
    (tmp_path / "apt-get").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(run.Trouble, match="sudo apt install python3-venv"):
        run.prepare()


@pytest.mark.parametrize(
    ("answers", "beginning"),
    [
        ({"PYTHON -m pip": "pip 22.3 from x", "uv": "uv 0.9"}, ["PYTHON", "-m", "pip", "--python", "VENV", "install"]),
        ({"BASE -m pip": "pip 23.0.1 from x"}, ["BASE", "-m", "pip", "--python", "VENV", "install"]),
        ({"PYTHON -m pip": "pip 20.3.4 from x", "ensurepip": "made"}, ["VENV", "-m", "pip", "install"]),
        ({"uv": "uv 0.9"}, ["uv", "pip", "install", "--python", "VENV", "--compile-bytecode"]),
    ],
    ids=["pip", "pip of the Python behind an environment", "ensurepip, as pip is too old", "uv"],
)
def test_the_best_installer_at_hand_is_taken(run: ModuleType, answers: dict[str, str], beginning: list[str]):
    Machine(run, answers)
    run.PYTHON = "VENV"
    run.pythons = lambda: ["PYTHON", "BASE"]
    assert run.installer()[: len(beginning)] == beginning


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt-get", "sudo apt install python3-pip"),
        ("dnf", "sudo dnf install python3-pip"),
        ("other", r"www\.python\.org"),
    ],
)
def test_without_any_installer_the_line_to_type_is_given(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manager: str, line: str
):
    monkeypatch.setattr(run, "WINDOWS", False)
    Machine(run, {})
    (tmp_path / manager).touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(run.Trouble, match=line):
        run.installer()


def test_the_program_gets_its_arguments_and_the_users_folder(
    run: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run.os, "chdir", unexpected)
    run.become = lambda command: command
    assert run.main(["predict", "adder", "2", "2"])[1:] == ["-P", "-m", "visualnn", "predict", "adder", "2", "2"]


def test_pytest_runs_in_the_checkout_with_files_named_from_elsewhere(
    run: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "test_a.py").touch()
    monkeypatch.chdir(elsewhere)
    run.become = lambda command: command
    command = run.main(["test", "-x", "test_a.py::test_b", "tests/test_c.py"])
    assert command[1:] == ["-m", "pytest", "-x", str(elsewhere / "test_a.py::test_b"), "tests/test_c.py"]
    assert Path.cwd() == tmp_path


def test_all_tests_run_on_every_core_and_chosen_ones_at_once(run: ModuleType, machine: Machine):
    run.become = lambda command: command[3:]
    assert run.main(["test"])[:2] == ["-n", "auto"]
    assert run.main(["test", "-k", "adder", "-x"]) == ["-k", "adder", "-x"]


@pytest.mark.parametrize("code", [0, 7])
def test_exit_codes_pass_through_on_windows_too(run: ModuleType, monkeypatch: pytest.MonkeyPatch, code: int):
    monkeypatch.undo()
    run.WINDOWS = True
    assert run.become([sys.executable, "-c", f"raise SystemExit({code})"]) == code


def outcomes(run: ModuleType, failing: str) -> Callable[..., tuple[bool, str]]:
    return lambda command, *_: (failing not in command, "the words of " + command[2])


def test_every_check_runs_even_after_one_has_failed(
    run: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]
):
    run.outcome = outcomes(run, failing="mypy")
    assert run.main(["check"]) == 1
    printed = capsys.readouterr().err
    assert re.search(r"^format +\d+\.\d s  ok$", printed, re.MULTILINE)
    assert re.search(r"^types +\d+\.\d s  FAILED\n\nthe words of mypy$", printed, re.MULTILINE)
    assert re.search(r"^imports +\d+\.\d s  ok$", printed, re.MULTILINE)
    assert printed.endswith("Not in order: types.\n")


def test_named_checks_run_alone(run: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]):
    run.outcome = outcomes(run, failing="mypy")
    assert run.main(["check", "lint"]) == 0
    assert re.findall(r"^(\w+) +\d+\.\d s  ", capsys.readouterr().err, re.MULTILINE) == ["lint"]


def test_an_unknown_check_is_answered_with_the_known_ones(
    run: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]
):
    assert run.main(["check", "spelling"]) == 2
    assert "there are format, lint, types, imports, lock" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lock", "exported", "current"), [(True, "pytest==9\n", True), (True, "pytest==8\n", False), (False, "", False)]
)
def test_locked_versions_are_compared_where_uv_is_at_hand(run: ModuleType, lock: bool, exported: str, current: bool):
    Machine(run, {"uv --version": "uv 0.9", "export": exported})
    run.outcome = lambda command, *_: (lock, "uv's words")
    assert run.lock_outcome()[0] is current


def test_clean_deletes_what_was_made_and_nothing_else(run: ModuleType, machine: Machine, tmp_path: Path):
    make_environment(run)
    (tmp_path / ".coverage").touch()
    assert run.main(["clean"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pyproject.toml", "requirements.lock"]


def test_what_a_command_says_is_told_from_whether_it_succeeds(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    run.HERE = str(RUN.parent)
    assert run.answer([sys.executable, "-c", "print('hello')"]).strip() == "hello"
    assert run.answer([sys.executable, "-c", "raise SystemExit('no')"]) is None
    assert run.answer(["no-such-program"]) is None
    assert run.outcome([sys.executable, "-c", "raise SystemExit('no')"]) == (False, f"no{subprocess.os.linesep}")
