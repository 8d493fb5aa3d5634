"""What is told about a network that a link opened: what is as on the page, and what is not."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.files.foreign.playground.link import FIRST_FEATURES, Settings, short

MOST_NAMES = 8  # of properties in a sentence


def told(chosen: Settings, rows: int) -> str:
    """One sentence or two a line."""
    return "\n".join(_lines(chosen, rows))


def _lines(chosen: Settings, rows: int) -> Iterator[str]:
    same = "the same points and the same first weights" if chosen.seeded else "points and weights as it draws them"
    yield f"From a link to the TensorFlow Playground: {same}."
    yield (
        "Its loss is ½(y − t)², here it is (y − t)²: twice the loss that is shown there, and a learning rate of "
        f"{chosen.rate / 2:g} in place of {chosen.rate:g}, which makes the same steps."
    )
    yield _order(chosen.batch, rows)
    if chosen.penalty == "L1" and chosen.penalty_rate:
        yield (
            f"L1 of {chosen.penalty_rate:g} is {2 * chosen.penalty_rate:g} here; "
            "there a weight that it takes past 0 stays at 0 for ever."
        )
    if not chosen.regression:
        yield "The classes are the numbers −1 (orange) and 1 (blue), and 0 is the border between them."
    if chosen.features != FIRST_FEATURES:
        yield "A map of the plane is drawn of networks with X₁ and X₂ alone."
    if not chosen.seeded:
        yield "The link names no seed: the page draws other points and weights each time."
    if chosen.idle:
        names = ", ".join(f"“{short(name)}”" for name in chosen.idle[:MOST_NAMES])
        yield f"Without effect: {names}{' and others' if len(chosen.idle) > MOST_NAMES else ''}."


def _order(batch: int, rows: int) -> str:
    if batch > rows:
        return (
            f"There batches of {batch:,} rows are never full, and nothing is learned; here all {rows:,} rows make one."
        )
    if batch == rows:
        return "All rows make one update, there as here."
    rest = "" if rows % batch == 0 else ", and what is left of an epoch counts with the next one"
    return f"There each epoch takes the rows in the same order{rest}; here each has its own, so the curves differ."
