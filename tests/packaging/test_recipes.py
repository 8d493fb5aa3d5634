"""The recipes of GitHub Actions: what they call is here, nothing in them moves by itself, and they may do little."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPT = re.compile(r"(?:^|[\s\"'(])((?:\.github|\.ci|packaging|source/packaging)/[\w./-]+?\.(?:sh|py|ps1)|\.ci/run)\b")
WRITES = {("release.yml", "publish"): {"attestations", "contents", "id-token"}, ("release.yml", "pypi"): {"id-token"}}


def text(recipe: Path) -> str:
    """Without comments that take whole lines."""
    return re.sub(r"^\s*#.*\n", "", recipe.read_text(encoding="utf-8"), flags=re.MULTILINE)


def jobs() -> list[tuple[str, str, str]]:
    """(recipe, job, its lines). Our recipes are indented by two, so that no reader of YAML is needed."""
    found = []
    for recipe in RECIPES:
        _head, _, body = text(recipe).partition("\njobs:\n")
        parts = re.split(r"^  ([\w-]+):\n", body, flags=re.MULTILINE)[1:]
        found += [(recipe.name, *job) for job in zip(parts[::2], parts[1::2], strict=True)]
    return found


def permissions(lines: str) -> dict[str, str]:
    """What a job may do."""
    block = re.search(r"^    permissions:(?: \{\}\n|\n((?:      \S.*\n)+))", lines, flags=re.MULTILINE)
    assert block, "it does not say what it may do"
    return dict(re.findall(r"^      ([\w-]+): (\w+)", block[1] or "", flags=re.MULTILINE))


JOBS = jobs()
EACH_JOB = pytest.mark.parametrize(("recipe", "name", "lines"), JOBS, ids=[f"{job[0]}-{job[1]}" for job in JOBS])
EACH_RECIPE = pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)


def test_there_are_recipes_and_they_have_jobs():
    assert {recipe.name for recipe in RECIPES} == {"ci.yml", "nightly.yml", "release.yml"}
    assert len(JOBS) > 10


@EACH_RECIPE
def test_every_action_is_one_commit_with_its_version_beside_it(recipe: Path):
    for action in re.findall(r"uses: (.*)", text(recipe)):
        assert re.match(r"\./\.github/workflows/|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action), action


def test_an_action_is_the_same_commit_everywhere():
    used = {line for recipe in RECIPES for line in re.findall(r"uses: ([\w./-]+@.*)", text(recipe))}
    names = [line.split("@")[0] for line in used]
    assert len(names) == len(set(names)), sorted(used)


@EACH_JOB
def test_every_job_ends_some_time(recipe: str, name: str, lines: str):
    assert re.search(r"^    timeout-minutes: \d+", lines, flags=re.MULTILINE) or "    uses: ./" in lines


@EACH_JOB
def test_a_job_may_read_and_only_what_publishes_may_write(recipe: str, name: str, lines: str):
    granted = permissions(lines)
    assert {right for right, level in granted.items() if level != "read"} == WRITES.get((recipe, name), set())


@EACH_RECIPE
def test_nothing_is_granted_to_all_jobs(recipe: Path):
    assert "\npermissions: {}\n" in text(recipe)
    assert "\nconcurrency:\n" in text(recipe)


@EACH_RECIPE
def test_no_copy_of_the_sources_keeps_a_key(recipe: Path):
    assert text(recipe).count("actions/checkout@") == text(recipe).count("persist-credentials: false")


@EACH_RECIPE
def test_scripts_that_are_called_are_here_and_run(recipe: Path):
    called = {name.removeprefix("source/") for name in SCRIPT.findall(text(recipe))}
    assert called
    for name in called:
        assert (ROOT / name).is_file(), name
        if name.endswith((".sh", "run")):
            tracked = subprocess.run(
                ("git", "ls-files", "--stage", name), cwd=ROOT, capture_output=True, text=True, check=True
            ).stdout
            assert not tracked or tracked.startswith("100755"), name


@EACH_RECIPE
def test_targets_that_are_built_are_targets(recipe: Path):
    known = re.search(
        r'^TARGETS="([^"]*)"', (ROOT / "packaging" / "build.sh").read_text(encoding="utf-8"), re.MULTILINE
    )
    for line in re.findall(r"packaging/build\.sh ([a-z ]+)", text(recipe)):
        assert set(line.split()) <= set(known[1].split()), line


def test_secrets_are_asked_for_where_a_person_guards_them():
    for recipe, name, lines in JOBS:
        if "secrets." in lines:
            assert "    environment: signing\n" in lines, f"{recipe}, {name}"


def test_only_wheel_and_sdist_go_to_pypi():
    (lines,) = (lines for _recipe, name, lines in JOBS if name == "pypi")
    assert re.search(r"name: python\n", lines)
    assert "pattern" not in lines
    assert "    environment: pypi" in lines


def test_a_rehearsal_publishes_nothing():
    (lines,) = (lines for _recipe, name, lines in JOBS if name == "publish")
    assert "    if: github.ref_type == 'tag'\n" in lines
    assert "--draft" in lines


def test_a_release_waits_for_every_trial_of_what_was_installed():
    (lines,) = (lines for _recipe, name, lines in JOBS if name == "publish")
    waited = set(re.search(r"needs: \[(.*)\]", lines)[1].split(", "))
    trials = {name for recipe, name, _lines in JOBS if recipe == "release.yml" and name.endswith("-installed")}
    assert trials <= waited


def test_nothing_made_elsewhere_gets_into_a_release():
    assert "cache" not in text(ROOT / ".github" / "workflows" / "release.yml")
