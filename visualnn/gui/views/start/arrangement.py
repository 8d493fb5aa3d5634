"""Where the parts of the start page go, for a window of a given size."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

WIDEST = 1136
GAP = 16
CARD_HEIGHT, NARROWEST_CARD, WIDEST_CARD = 204, 188, 272
HERO_HEIGHT, LOWEST_HERO, SHRUNK_HERO = 344, 252, 200
MAX_FILES = 4
OFFER_GAP = 20  # under what is offered back
ROOMY, TIGHT = 800, 700  # from here on as drawn; from here down everything as close as it may be


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rectangles on a page of this height; headings as rectangles of no width, their text in the middle."""

    height: int
    header: QRect
    offer: QRect | None
    hero: QRect
    files_heading: QRect | None
    files: tuple[QRect, ...]
    examples_heading: QRect
    examples: tuple[QRect, ...]
    footer: QRect


def arrange(width: int, height: int, examples: int, files: int, *, offer: int = 0) -> Arrangement:
    """The page for a window of `width` × `height`, taller than the window where it must be; `offer`: px of its card."""
    margin = 72 if width >= 1000 else 48
    column = min(WIDEST, width - 2 * margin)
    left = (width - column) // 2
    squeeze = min(max((ROOMY - height) / (ROOMY - TIGHT), 0.0), 1.0)
    top, gap, bottom = round(84 - 16 * squeeze), round(72 - 16 * squeeze), round(96 - 48 * squeeze)
    file_height = round(72 - 4 * squeeze)
    per_row = max(1, min(examples, (column + GAP) // (NARROWEST_CARD + GAP)))
    rows = -(-examples // per_row)
    per_row = -(-examples // rows)  # no row shorter than it must be
    below = gap + rows * CARD_HEIGHT + (rows - 1) * GAP + bottom + (offer + OFFER_GAP if offer else 0)
    hero = HERO_HEIGHT
    if files:
        below += gap + file_height
        hero = SHRUNK_HERO
    elif height < top + hero + below:
        hero = max(height - top - below, LOWEST_HERO)
    page = max(height, top + hero + below)
    spare = page - (top + hero + below)
    start = round(min(spare * 0.35, 280))  # a tall window: the whole a little above its middle
    y = top + start
    offer_box = QRect(left, y, column, offer) if offer else None
    y += offer + OFFER_GAP if offer else 0
    hero_box = QRect(left, y, column, hero)
    y += hero
    files_heading, file_boxes = None, ()
    if files:
        files_heading = QRect(left, y, 0, gap + 16)
        y += gap
        file_boxes = tuple(_row(left, y, column, file_height, max(per_row, min(MAX_FILES, 4)), min(files, MAX_FILES)))
        y += file_height
    heading = QRect(left, y, 0, gap + 16)
    y += gap
    boxes = []
    for row in range(rows):
        count = min(per_row, examples - row * per_row)
        boxes += _row(left, y + row * (CARD_HEIGHT + GAP), column, CARD_HEIGHT, per_row, count)
    header = QRect(left, start, column, top)
    footer = QRect(left, page - round(bottom * 0.7), column, round(bottom * 0.7))
    return Arrangement(page, header, offer_box, hero_box, files_heading, file_boxes, heading, tuple(boxes), footer)


def _row(left: int, y: int, column: int, height: int, per_row: int, count: int) -> list[QRect]:
    """The first `count` of `per_row` equal boxes that fill the column."""
    share = (column + GAP) / per_row
    edges = [(round(left + i * share), round(left + (i + 1) * share) - GAP) for i in range(count)]
    return [QRect(a, y, b - a, height) for a, b in edges]
