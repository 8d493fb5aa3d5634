"""What the encoders of films are given: pictures of one size, each for a time."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtGui import QImage


class Shown(Protocol):
    """A moment of a film."""

    @property
    def ticks(self) -> int:
        """For how many frames it stands."""
        ...


class Reel(Protocol):
    """A `film.Film`, or a `flight.LandscapeFilm`."""

    @property
    def title(self) -> str:
        """What the file says that it is."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    @property
    def fps(self) -> float:
        """Frames a second."""
        ...

    @property
    def moments(self) -> tuple[Any, ...]:
        """All different pictures in order, each a `Shown`. Raises `VisualNNError` for what nobody would watch."""
        ...

    @property
    def ticks(self) -> int:
        """Frames of equal length."""
        ...

    @property
    def is_shaded(self) -> bool:
        """Whether its pictures have more colours than a drawing: one that keeps few of them must mix the others."""
        ...

    def image(self, moment: Any) -> QImage:
        """The picture of a moment, as large as `size` or nearly so; made in any thread."""
        ...
