"""What a part of the self-test raises."""

from __future__ import annotations


class Failure(Exception):
    """Something is not as it has to be; one sentence."""


def expect(holds: bool, sentence: str) -> None:
    """Raises `Failure` with the sentence if something does not hold."""
    if not holds:
        raise Failure(sentence)
