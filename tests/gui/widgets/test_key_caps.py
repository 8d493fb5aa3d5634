import sys

import pytest

from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.key_caps import caps, written


@pytest.mark.parametrize("key", ["Ctrl+Z", "Ctrl++", "Ctrl", "←", "Esc"])
def test_keys_are_written_as_qt_calls_them_where_keyboards_have_these_names(key: str, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert written(key) == key


@pytest.mark.parametrize("key", ["Ctrl+Z", "←", "a word"])
def test_every_key_has_a_name_on_a_mac(key: str, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert written(key)
    assert written("Ctrl") == "⌘"


def test_a_tooltip_has_the_key_as_it_is_written(place):
    button = place(IconButton("undo-2", "Undo", key="Ctrl+Z"))
    assert button.toolTip() == f"Undo  ({written('Ctrl+Z')})"
    assert button.accessibleDescription() == written("Ctrl+Z")


def test_a_plus_at_the_end_is_a_key():
    assert caps("Ctrl++") == ["Ctrl", "+"]
    assert caps("Ctrl K") == ["Ctrl", "K"]
