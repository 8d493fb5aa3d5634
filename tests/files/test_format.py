"""What is written about the format holds for every document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings

from tests.files.drawn import works
from visualnn import assets
from visualnn.files import native
from visualnn.files.document import told
from visualnn.files.examples import EXAMPLES
from visualnn.files.upgrades import CURRENT
from visualnn.nn.dataset import RULES
from visualnn.nn.functions import ACTIVATIONS, LOSSES
from visualnn.nn.initializers import INITIALIZERS
from visualnn.nn.optimizers import OPTIMIZERS
from visualnn.nn.options import PRECISIONS
from visualnn.nn.schedule import SCHEDULES
from visualnn.nn.training import Stop
from visualnn.work import MODES, Work

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.vnn"))
PAGE = assets.path("format", "vnn.md").read_text("utf-8")
SCHEMA = json.loads(assets.path("format", "vnn.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
BUILT_IN = [example.id for example in EXAMPLES if (assets.path("examples") / f"{example.id}.vnn").exists()]


def written(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("project.json"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"] == {"const": CURRENT}


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_examples_are_as_the_schema_says(name: str) -> None:
    VALIDATOR.validate(written(assets.path("examples", name + ".vnn")))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_older_documents_are_as_the_schema_says_once_they_are_saved(sample: Path, tmp_path: Path) -> None:
    native.write(tmp_path / "a.vnn", native.read_work(sample))
    VALIDATOR.validate(written(tmp_path / "a.vnn"))


@given(works())
@settings(max_examples=15)
def test_random_documents_are_as_the_schema_says(work: Work) -> None:
    VALIDATOR.validate(json.loads(json.dumps(told(work)[0])))


def test_the_schema_knows_every_name() -> None:
    kinds, options = SCHEMA["$defs"], SCHEMA["$defs"]["options"]["properties"]
    assert kinds["network"]["properties"]["layers"]["items"]["properties"]["activation"]["enum"] == list(ACTIVATIONS)
    assert options["loss"]["enum"] == list(LOSSES)
    assert options["initializer"]["enum"] == list(INITIALIZERS)
    assert options["precision"]["enum"] == list(PRECISIONS)
    assert options["optimizer"]["properties"]["name"]["enum"] == list(OPTIMIZERS)
    assert options["schedule"]["properties"]["name"]["enum"] == list(SCHEDULES)
    assert kinds["rows"]["properties"]["rule"]["enum"] == [*RULES, None]
    assert kinds["run"]["properties"]["stop"]["enum"] == [*map(str, Stop), None]
    assert SCHEMA["properties"]["view"]["properties"]["mode"]["enum"] == list(MODES)


def places(schema: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a document of version 6 there are values, as keys one after the other."""
    if isinstance(schema, dict):
        return [place, *(each for key in schema for each in places(schema[key], (*place, key)))]
    return [place, *places(schema[0], (*place, 0))] if isinstance(schema, list) and schema else [place]


VERSION_6 = written(SAMPLES[5])


@pytest.mark.parametrize("place", [each for each in places(VERSION_6) if each and "same" not in each], ids=str)
def test_the_schema_allows_no_key_to_be_of_another_kind(place: tuple[Any, ...]) -> None:
    odd = json.loads(json.dumps(VERSION_6))
    VALIDATOR.validate(odd)
    *path, key = place
    parent = odd
    for each in path:
        parent = parent[each]
    parent[key] = ["neither this"] if not isinstance(parent[key], list) else "nor that"
    assert not VALIDATOR.is_valid(odd)


def snippets() -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL))


def test_the_program_on_the_page_reads_a_document(tmp_path: Path) -> None:
    shutil.copy(SAMPLES[5], tmp_path / "network.vnn")
    tell = "print(json.dumps([[w.tolist(), b.tolist()] for w, b in layers] + [sorted(arrays)]))"
    command = [sys.executable, "-c", snippets() + tell]
    *layers, names = json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout)
    project = native.read(SAMPLES[5])
    for ours, (w, b) in zip(project.network.views(project.parameters), layers, strict=True):
        np.testing.assert_array_equal(ours.w, w)
        np.testing.assert_array_equal(ours.b, b)
    assert {"run_start", "runs.0.moments.2.memory", "runs.1.project.parameters", "inputs"} <= set(names)


def test_the_reading_part_of_that_program_has_at_most_ten_lines() -> None:
    first = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[0]
    assert len(first.splitlines()) <= 10


def keys(schema: dict[str, Any]) -> set[str]:
    """Every key that an object of the schema has."""
    own = set(schema.get("properties", {}))
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", [])]
    inner += [each for each in (schema.get("items"),) if isinstance(each, dict)]
    return own.union(*(keys(each) for each in inner))


def test_the_page_names_every_key() -> None:
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
    assert keys(SCHEMA) <= named


def test_the_page_is_of_today() -> None:
    assert f"version {CURRENT}" in PAGE.splitlines()[0]
