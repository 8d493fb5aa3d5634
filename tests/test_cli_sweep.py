"""``visualnn sweep``."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from visualnn.cli import main

Run = Callable[..., tuple[int, str, str]]
SHORT = ("--rates", "0.01", "0.1", "3", "--seeds", "2", "--updates", "60")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return (code, *capsys.readouterr())

    return call


def test_it_prints_a_line_for_each_rate_and_what_is_to_be_learned(run: Run) -> None:
    code, out, err = run("sweep", "xor", *SHORT)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "6 networks, 60 updates"
    assert lines[2].split() == ["rate", "learned", "loss", "updates"]
    assert [line.split()[0] for line in lines[3:6]] == ["0.01", "0.1", "3"]
    assert "goal" in lines[-1]


def test_as_json_every_network_is_the_training_of_its_rate_and_seed(run: Run) -> None:
    found = json.loads(run("sweep", "xor", *SHORT, "--json")[1])
    assert len(found["networks"]) == 6
    assert [each["rate"] for each in found["rates"]] == [0.01, 0.1, 3.0]
    network = found["networks"][3]
    assert (network["rate"], network["seed"]) == (0.01, 1)
    alone = ("train", "xor", "--rate", "0.01", "--seed", "1", "--epochs", "60", "--json")
    losses = json.loads(run(*alone)[1])["loss"]
    assert network["updates"] == 60
    assert network["loss"] == losses[-1]
    assert found["best"] in found["networks"]


def test_twice_it_says_the_same(run: Run) -> None:
    assert run("sweep", "xor", *SHORT, "--json") == run("sweep", "xor", *SHORT, "--json")


def test_seeds_begin_where_they_are_told_to(run: Run) -> None:
    found = json.loads(run("sweep", "xor", *SHORT, "--seed", "40", "--json")[1])
    assert {each["seed"] for each in found["networks"]} == {40, 41}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("xor", "--rates", "0"), 2, "must be a number above 0"),
        (("xor", "--seeds", "1024"), 2, "11,264 networks"),
        (("nothing",), 2, "nothing"),
        (("million",), 1, "Even 5 of these networks need"),
        (("xor", "--tf32"), 2, "--device cuda"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    given, out, err = run("sweep", *arguments)
    assert (given, out) == (code, "")
    assert said in err
    assert err.startswith("visualnn sweep: ")
