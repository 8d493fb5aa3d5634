"""What Find offers, and what each command does when it is run by name."""

from __future__ import annotations

import pytest

from visualnn.files import native
from visualnn.files.examples import EXAMPLES, load
from visualnn.gui import commands
from visualnn.gui.commands import finding
from visualnn.gui.player import SPEEDS
from visualnn.gui.widgets.keys_sheet import GROUP_GAP, HEAD, KeysSheet
from visualnn.gui.widgets.search import find
from visualnn.scene.timeline import GRAINS


def offered(window) -> dict[str, str]:
    return {entry.id: entry.text for entry in finding(window)[0]}


def test_all_commands_and_examples_are_offered(window):
    entries = offered(window)
    assert {row.id for row in window.actions_table} <= set(entries)
    assert {f"example:{example.id}" for example in EXAMPLES} <= set(entries)
    assert not any(name.startswith("place:") for name in entries)


def test_files_that_were_saved_are_found_by_name(adder, tmp_path):
    path = tmp_path / "homework.vnn"
    native.write(path, load("xor"))
    adder.window.preferences = adder.window.preferences.opened(str(tmp_path / "gone.vnn")).opened(str(path))
    assert [text for name, text in offered(adder.window).items() if name.startswith("file:")] == ["homework.vnn"]
    adder.press("Ctrl+K")
    adder.window.sheets.find.line().setText("homework")
    adder.press("Return")
    assert adder.window.workspace.path == path


def test_neurons_and_weights_of_the_open_network_are_offered(adder):
    entries = offered(adder.window)
    places = {name.removeprefix("place:") for name in entries if name.startswith("place:")}
    assert places == {*"abcdef", "a→c", "a→d", "a→e", "b→c", "b→d", "b→e", "c→f", "d→f", "e→f"}


def test_every_place_that_is_offered_can_be_chosen(adder):
    for name in [name for name in offered(adder.window) if name.startswith("place:")]:
        adder.page.select(None)
        adder.window.sheets.choose(name)
        assert adder.stage.selected is not None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("rate 0.03", "Set learning rate to 0.03"),
        ("Learning Rate 1e-3", "Set learning rate to 0.001"),
        (" rate 5 ", "Set learning rate to 5"),
    ],
)
def test_a_rate_is_understood(adder, typed, text):
    suggest = finding(adder.window)[1]
    assert [entry.text for entry in suggest(typed)] == [text]


@pytest.mark.parametrize("typed", ["rate", "rate 0", "rate -1", "rate .", "rate 1e9", "crate 1", "rate 1 2"])
def test_what_is_no_rate_is_not(adder, typed):
    assert finding(adder.window)[1](typed) == []


def test_a_rate_without_a_document(window):
    assert finding(window)[1]("rate 0.1") == []


@pytest.mark.parametrize("grain", GRAINS)
def test_grains_by_name(adder, grain):
    adder.window.actions_table.run(f"grain_{grain}")
    assert adder.player.grain == grain


def test_speeds_go_up_and_down_and_end(adder):
    run, player = adder.window.actions_table.run, adder.player
    seen = []
    for _ in SPEEDS:
        run("faster")
        seen.append(player.speed)
    assert seen == [2, 4, 10, float("inf"), float("inf"), float("inf"), float("inf")]
    for _ in SPEEDS:
        run("slower")
    assert player.speed == SPEEDS[0]


def test_a_speed_between_two_of_them(adder):
    adder.player.set_speed(3.0)
    adder.window.actions_table.run("faster")
    assert adder.player.speed == 4.0


def test_in_train_mode_the_speed_is_that_of_the_run(adder):
    adder.press("Ctrl+2")
    adder.window.actions_table.run("faster")
    assert adder.trainer.speed == 2
    assert adder.player.speed == 1


def test_the_guide_by_name(learner):
    learner.window.actions_table.run("guide")
    learner.rest()
    assert learner.player.t == 4


def test_decimals_by_name(adder):
    adder.window.actions_table.run("decimals_4")
    assert adder.page.decimals == 4
    adder.window.actions_table.run("decimals_2")
    assert adder.page.decimals == 2


def test_quitting_closes_the_window(adder):
    adder.window.actions_table.run("quit")
    assert not adder.window.isVisible()


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800)])
def test_all_keys_are_in_sight(window, size):
    window.resize(*size)
    window.open_document("spirals")
    sheet = KeysSheet(window)
    sheet.set_entries(commands.keys(window))
    sheet.open()
    columns, card = sheet.columns(), sheet.card()
    assert len(columns) == 3
    lines = (sheet._tallest(columns) - GROUP_GAP) * sheet._squeeze(columns)
    assert card.top() + HEAD + lines <= card.bottom(), "none is cut off"
    assert card.right() <= size[0]


@pytest.mark.parametrize(
    ("typed", "name"), [("device", "device"), ("gpu", "device"), ("sweep", "sweep"), ("learning rate", "sweep")]
)
def test_a_sweep_and_the_device_are_found_by_their_names(window, typed, name):
    window.open_document("spirals")
    assert [hit.entry.id for hit in find(finding(window)[0], typed)] == [name]
