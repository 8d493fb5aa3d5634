"""Where the parts of the pad's section stand, at every width of the panel."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF

PADDING = 24
TITLE = 34  # the middle of the title
TOP, TOP_COMPACT = 64, 58  # of the pad
LARGEST, LOW = 372, 236  # px of the pad's side: in a wide panel, in a low window
SMALL, NARROW = 156, 136  # beside the guesses, and there in a narrow panel
WIDE = 345  # px of a panel
SEEN = 32  # px of the picture that the network sees
PITCH, PITCH_COMPACT = 28, 26


@dataclass(frozen=True, slots=True)
class Places:
    """Middles of texts, boxes of everything else."""

    height: int
    title: float
    pad: QRect
    caption: QPointF
    caption_end: float
    small: QRectF
    rule: float | None
    heading: float | None
    guesses: QRectF
    pitch: float
    right: QPointF  # how many are right
    right_room: float
    button: QPoint

    @classmethod
    def of(cls, width: int, *, compact: bool, low: bool, classes: int) -> Places:
        """In a panel of this width; `classes`: how many guesses there are."""
        return _beside(width, classes) if compact else _below(width, classes, low=low)


def _below(width: int, classes: int, *, low: bool) -> Places:
    """The guesses below the pad."""
    end = width - PADDING
    side = min(end - PADDING, LOW if low else LARGEST)
    pad = QRect((width - side) // 2 if low else PADDING, TOP, side, side)
    caption = TOP + side + 28
    rule = caption + 24
    first = rule + 42
    last = first + classes * PITCH
    small = QRectF(end - SEEN, caption - SEEN / 2, SEEN, SEEN)
    return Places(
        height=last + 76,
        title=TITLE,
        pad=pad,
        caption=QPointF(PADDING, caption),
        caption_end=end,
        small=small,
        rule=rule,
        heading=rule + 28,
        guesses=QRectF(PADDING, first, end - PADDING, classes * PITCH),
        pitch=PITCH,
        right=QPointF(PADDING, last + 22),
        right_room=end - PADDING,
        button=QPoint(PADDING - 12, last + 40),
    )


def _beside(width: int, classes: int) -> Places:
    """A small pad, and the guesses to the right of it."""
    side = SMALL if width >= WIDE else NARROW
    end, left = width - PADDING, PADDING + side + 18
    bottom = TOP_COMPACT + side
    seen = bottom - SEEN - 1
    return Places(
        height=bottom + 50,
        title=TITLE - 4,
        pad=QRect(PADDING, TOP_COMPACT, side, side),
        caption=QPointF(left, seen + SEEN / 2),
        caption_end=end,
        small=QRectF(end - SEEN, seen, SEEN, SEEN),
        rule=None,
        heading=TOP_COMPACT + 8,
        guesses=QRectF(left, TOP_COMPACT + 22, end - left, classes * PITCH_COMPACT),
        pitch=PITCH_COMPACT,
        right=QPointF(PADDING, bottom + 25),
        right_room=end - PADDING - 44,
        button=QPoint(end - 28, bottom + 9),
    )
