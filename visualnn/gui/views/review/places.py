"""Where the parts of the review's section stand."""

from __future__ import annotations

from dataclasses import dataclass

PADDING = 24


@dataclass(frozen=True, slots=True)
class Places:
    """Tops of boxes and middles of texts, in px from the top."""

    title: int
    field: tuple[int, int]  # top and height
    legend: int | None  # what the colours mean
    verdict: int
    rule: int | None
    heading: int | None
    note: int | None
    rows: int  # the top of the first
    pitch: int
    most: int  # words in rows of their own, besides the bias and the others

    @property
    def total(self) -> int:
        """The sum below that many words, the bias and the others."""
        return self.rows + (self.most + 2) * self.pitch + 18

    @property
    def turned(self) -> int:
        """What becomes of the sum."""
        return self.total + 28

    @property
    def right(self) -> int:
        """How many are right."""
        return (self.turned if self.rule is not None else self.total) + 34

    @property
    def button(self) -> int:
        """The top of the button for a test row."""
        return self.right + 16 if self.rule is not None else self.right - 16

    @property
    def height(self) -> int:
        """Of all of it."""
        return self.button + 32 + (10 if self.rule is not None else 4)


ROOMY = Places(34, (64, 112), 196, 230, 254, 282, 304, 318, 24, 6)
LOW = Places(34, (58, 76), 152, 180, 202, 226, 246, 258, 22, 4)
COMPACT = Places(24, (44, 58), None, 122, None, None, None, 136, 20, 2)
