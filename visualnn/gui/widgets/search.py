"""Finding an entry by some of its letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Something that can be found by name and done: a command, a setting, an example, a neuron."""

    id: str
    text: str
    keys: str = ""
    icon: str = ""
    enabled: bool = True
    detail: str = ""
    group: str = ""


@dataclass(frozen=True)
class Hit:
    """An entry that fits, with the places of the letters that were typed."""

    entry: Entry
    places: frozenset[int] = frozenset()


def find(entries: Sequence[Entry], typed: str) -> list[Hit]:
    """The entries that hold what was typed, the best first; all of them, in their order, if nothing was."""
    if not typed.strip():
        return [Hit(entry) for entry in entries]
    found = [(score(entry.text, typed), entry) for entry in entries]
    fits = [(rank, entry, places) for (rank, places), entry in found if rank > 0]
    fits.sort(key=lambda fit: (-fit[0], not fit[1].enabled, len(fit[1].text)))
    return [Hit(entry, places) for _, entry, places in fits]


def score(text: str, typed: str) -> tuple[float, frozenset[int]]:
    """How well `typed` fits `text`, above 0 if at all, and which of its letters it means."""
    words = typed.casefold().split()
    lower = text.casefold()
    ranks, places = 0.0, set()
    for word in words:
        rank, where = _whole(lower, word)
        if not rank:
            return _scattered(lower, "".join(words))
        ranks += rank
        places |= where
    return ranks / len(words), frozenset(places)


def _whole(text: str, word: str) -> tuple[float, set[int]]:
    """The word in one piece: best as a word of the text, then at the start of the text, then at that of a word."""
    starts = [match.start() for match in re.finditer(re.escape(word), text)]
    if not starts:
        return 0.0, set()
    best = min(starts, key=lambda at: (at > 0, _inside_word(text, at), at))
    alone = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    if alone:
        return 5.0, set(range(*alone.span()))
    rank = 4.0 if best == 0 else 2.0 if _inside_word(text, best) else 3.0
    return rank, set(range(best, best + len(word)))


def _scattered(text: str, letters: str) -> tuple[float, frozenset[int]]:
    """The letters one after the other, each at the start of a word or, but for the first, right behind the last."""
    places = _initials(text, letters) if len(letters) > 1 else None
    return (1.0, frozenset(places)) if places else (0.0, frozenset())


def _initials(text: str, letters: str, last: int | None = None) -> tuple[int, ...] | None:
    """Where the letters stand behind the `last` one, if they can."""
    if not letters:
        return ()
    for at in range(0 if last is None else last + 1, len(text)):
        joined = last is not None and at == last + 1
        if text[at] == letters[0] and (joined or not _inside_word(text, at)):
            rest = _initials(text, letters[1:], at)
            if rest is not None:
                return (at, *rest)
    return None


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum()
