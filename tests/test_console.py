"""Answers of a program that has no terminal."""

import sys

import pytest

from visualnn.cli import console, output


def test_what_is_said_without_a_standard_output_is_lost_and_nothing_fails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    output.prepare()
    output.say("3")
    output.tell_line("4")
    assert output.tell("not a number", 2) == 2


def test_a_terminal_that_is_there_stays():
    before = sys.stdout, sys.stderr
    console.take()
    console.leave()
    assert (sys.stdout, sys.stderr) == before
