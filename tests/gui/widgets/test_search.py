"""What is typed finds what a person would expect, and nothing else."""

import pytest

from visualnn.gui.widgets.search import Entry, find

TEXTS = ("Step by operation", "Train", "Same start", "Copy Python code", "Reset this weight", "Fit on the stage")
ENTRIES = [Entry(text.lower(), text) for text in TEXTS]


def found(typed: str) -> list[str]:
    return [hit.entry.text for hit in find(ENTRIES, typed)]


def marked(typed: str) -> str:
    """The letters of the first hit that the typed ones stand for."""
    hit = find(ENTRIES, typed)[0]
    return "".join(letter for place, letter in enumerate(hit.entry.text) if place in hit.places)


def test_nothing_typed_finds_everything_in_its_order():
    assert found(" ") == list(TEXTS)


def test_a_word_is_found_but_not_by_letters_from_here_and_there():
    assert found("train") == ["Train"]


@pytest.mark.parametrize(
    ("typed", "text", "letters"),
    [
        ("ss", "Same start", "Ss"),
        ("cpc", "Copy Python code", "CPc"),
        ("copyc", "Copy Python code", "Copyc"),
        ("rtw", "Reset this weight", "Rtw"),
        ("sbo", "Step by operation", "Sbo"),
    ],
)
def test_letters_that_begin_words_or_follow_each_other_are_found(typed, text, letters):
    assert found(typed) == [text]
    assert marked(typed) == letters


@pytest.mark.parametrize("typed", ["cpn", "amestart", "cdoe", "stt"])
def test_others_are_not(typed):
    assert found(typed) == []


def test_a_wrong_turn_is_taken_back():
    entries = [Entry("x", "Copy code online")]  # "co" of Copy leads nowhere, "c" and "co" of code do
    assert [hit.places for hit in find(entries, "ccoo")] == [frozenset({0, 5, 6, 10})]


def test_the_word_itself_comes_before_a_word_that_holds_it():
    entries = [Entry("1", "Training"), Entry("2", "Train"), Entry("3", "Restrain")]
    assert [hit.entry.text for hit in find(entries, "train")] == ["Train", "Training", "Restrain"]
