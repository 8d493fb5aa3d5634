"""Widgets that are used again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


class Pool(Generic[W]):
    """One widget for each number in use; those out of use are hidden and wait for another number."""

    def __init__(self, make: Callable[[], W], hide: Callable[[W], None]):
        self._make, self._hide = make, hide
        self._used: dict[int, W] = {}
        self._waiting: list[W] = []

    def __iter__(self) -> Iterator[tuple[int, W]]:
        return iter(self._used.items())

    def get(self, number: int) -> W | None:
        """The widget of a number that is in use."""
        return self._used.get(number)

    def number_of(self, widget: W) -> int:
        """The number that a widget in use has now."""
        return next(number for number, each in self._used.items() if each is widget)

    def keep(self, numbers: Collection[int]) -> None:
        """Uses no more than these numbers, and a widget for each."""
        for number in [number for number in self._used if number not in numbers]:
            widget = self._used.pop(number)
            self._hide(widget)
            self._waiting.append(widget)
        for number in numbers:
            if number not in self._used:
                self._used[number] = self._waiting.pop() if self._waiting else self._make()
