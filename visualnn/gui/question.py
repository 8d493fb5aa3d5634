"""Asks before something would be lost: a sentence or two, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QMessageBox, QWidget

Answer = QMessageBox.StandardButton


def ask(window: QWidget, text: str, answers: Mapping[Answer, str], default: Answer) -> Answer:
    """What the user chose of the answers, each under a word of its own, "": its usual one. Esc is Cancel."""
    box = QMessageBox(window)
    box.setWindowTitle("VisualNN")
    box.setText(text)
    for answer, word in answers.items():
        button = box.addButton(answer)
        if word:
            button.setText(word)
    box.setDefaultButton(default)
    box.setEscapeButton(Answer.Cancel)
    chosen = box.exec()
    box.deleteLater()
    return Answer(chosen)
