"""The random numbers of the JavaScript library seedrandom 2.4, to the last bit: what the Playground draws from a seed.

A text becomes a key, the key the state of ARC4, and of its bytes as many are strung together as fill a float64: 52 bits
at least. The first 256 bytes are thrown away.
"""

from __future__ import annotations

WIDTH = 256
CHUNKS = 6  # bytes that a number begins with
DENOMINATOR = 2**48
SIGNIFICANCE, OVERFLOW = 2**52, 2**53


class SeedRandom:
    """A generator that a text has seeded."""

    def __init__(self, seed: str) -> None:
        key = _key(seed)
        state, j = list(range(WIDTH)), 0
        for i in range(WIDTH):
            j = (j + key[i % len(key)] + state[i]) % WIDTH
            state[i], state[j] = state[j], state[i]
        self._state, self._i, self._j = state, 0, 0
        self._bytes(WIDTH)

    def random(self) -> float:
        """The next number, at least 0 and below 1."""
        n, d, x = self._bytes(CHUNKS), DENOMINATOR, 0
        while n < SIGNIFICANCE:
            n, d = (n + x) * WIDTH, d * WIDTH
            x = self._bytes(1)
        while n >= OVERFLOW:
            n, d, x = n // 2, d // 2, x // 2
        return (n + x) / d

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` to `high`, made as the Playground makes it."""
        return self.random() * (high - low) + low

    def _bytes(self, count: int) -> int:
        """The next bytes as one number."""
        state, i, j, number = self._state, self._i, self._j, 0
        for _ in range(count):
            i = (i + 1) % WIDTH
            t = state[i]
            j = (j + t) % WIDTH
            state[i], state[j] = state[j], t
            number = number * WIDTH + state[(state[i] + t) % WIDTH]
        self._i, self._j = i, j
        return number


def _key(seed: str) -> list[int]:
    """At most 256 small numbers that a text is mixed into, one UTF-16 unit after the other."""
    key: list[int] = []
    smear = 0
    units = seed.encode("utf-16-le", "surrogatepass")
    for k in range(len(units) // 2):
        place, unit = k % WIDTH, units[2 * k] + WIDTH * units[2 * k + 1]
        if place == len(key):
            key.append(0)
        smear ^= key[place] * 19
        key[place] = (smear + unit) % WIDTH
    return key or [0]
