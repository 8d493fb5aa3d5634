"""Products of matrices, as one block computes one tile of them: what all kernels of `tiles` begin and end with.

Both factors lie in the GPU's memory line by line of what is summed over: a·b is Σₖ a[k, row]·b[k, column]. Slices of
some k travel through four stages of shared memory, three being on their way while one is read. A thread keeps the
sums of `high` × `wide` places, in squares of 4×4 that lie far from each other, so that the threads of a warp read
neighbours. Of several `groups` of threads each adds up its share of every slice, and a small tile keeps enough threads
busy.

At the end a tile is laid down in shared memory, a band of rows at a time, group after group: there it can be walked
along its rows and along its columns, for what comes out is wanted in both directions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from visualnn.nn.kernels.gpu.door import cuda, float32, inlined, uint32
from visualnn.nn.kernels.gpu.intrinsics import commit, copy, four, mma, one, put, rounded, wait

WARP = 32
STAGES = 4
PAD = 8  # numbers between two lines of a slice, so that neighbours in k do not fall on the same bank
BAND_PAD = 1


class Tile(NamedTuple):
    """How a block divides a tile among its threads; its size is rows × columns, its slices are `depth` deep.

    A depth is a multiple of 4 times the groups, with tensor cores of 8 times. A band has 4 places for each thread, or a
    multiple of that; a slice has four numbers of each side, or a multiple.
    """

    rows: int
    columns: int
    depth: int
    high: int  # rows of a thread, a multiple of 4
    wide: int  # columns of a thread, likewise
    groups: int
    is_tensor: int = 0  # high and wide are then those of a warp, multiples of 16 and of 8

    @property
    def threads(self) -> int:
        """Of a block."""
        workers = self.rows // self.high * (self.columns // self.wide) * self.groups
        return workers * WARP if self.is_tensor else workers

    @property
    def sums(self) -> int:
        """Of a thread."""
        return self.high * self.wide // WARP if self.is_tensor else self.high * self.wide

    @property
    def band(self) -> int:
        """Rows that are laid down at a time: as many as there is room for where the slices were."""
        rows = self.rows // self.high * (16 if self.is_tensor else 4)
        while rows < self.rows and 2 * rows * (self.columns + BAND_PAD) <= self.slices:
            rows *= 2
        return rows

    @property
    def slices(self) -> int:
        """Numbers of all that are there at a time."""
        return STAGES * self.depth * (self.rows + self.columns + 2 * PAD)

    @property
    def room(self) -> int:
        """Numbers in shared memory."""
        return max(self.slices, self.band * (self.columns + BAND_PAD))


@inlined
def bring(lines: Any, length: Any, threads: Any, room: Any, begin: Any, pitch: Any, shared: Any, at: Any) -> None:
    """Asks for a slice: so many lines of this length."""
    thread, quads = uint32(cuda.threadIdx.x), uint32(length // 4)
    for part in range(lines * length // 4 // threads):
        quad = uint32(thread + uint32(part * threads))
        line, place = uint32(quad // quads), uint32(uint32(quad % quads) * uint32(4))
        target = uint32(at + line * uint32(length + PAD) + place)
        copy(shared, target, room, uint32(begin + line * pitch + place))


@inlined
def add_products(tile: Any, shared: Any, of_a: Any, of_b: Any, k: Any, sums: Any, left: Any, right: Any) -> None:
    """One step in k."""
    for i in range(tile.high // 4):
        found = four(shared, of_a, k * (tile.rows + PAD) + i * (tile.rows * 4 // tile.high))
        for at in range(4):
            left[i * 4 + at] = found[at]
    for j in range(tile.wide // 4):
        found = four(shared, of_b, k * (tile.columns + PAD) + j * (tile.columns * 4 // tile.wide))
        for at in range(4):
            right[j * 4 + at] = found[at]
    for i in range(tile.high):
        for j in range(tile.wide):
            sums[i * tile.wide + j] += left[i] * right[j]


@inlined
def add_fragments(tile: Any, shared: Any, of_a: Any, of_b: Any, sums: Any, left: Any, right: Any) -> None:
    """Eight steps in k by the tensor cores."""
    a_line, b_line, apart = tile.rows + PAD, tile.columns + PAD, tile.rows // tile.high * 16
    for i in range(tile.high // 16):
        left[i * 4] = rounded(one(shared, of_a, i * apart))
        left[i * 4 + 1] = rounded(one(shared, of_a, i * apart + 8))
        left[i * 4 + 2] = rounded(one(shared, of_a, 4 * a_line + i * apart))
        left[i * 4 + 3] = rounded(one(shared, of_a, 4 * a_line + i * apart + 8))
    for j in range(tile.wide // 8):
        right[j * 2] = rounded(one(shared, of_b, j * 8))
        right[j * 2 + 1] = rounded(one(shared, of_b, 4 * b_line + j * 8))
    for i in range(tile.high // 16):
        for j in range(tile.wide // 8):
            at = (i * (tile.wide // 8) + j) * 4
            found = mma(
                left[i * 4], left[i * 4 + 1], left[i * 4 + 2], left[i * 4 + 3], right[j * 2], right[j * 2 + 1],
                sums[at], sums[at + 1], sums[at + 2], sums[at + 3],
            )  # fmt: skip
            for k in range(4):
                sums[at + k] = found[k]


@inlined
def place_of(tile: Any, threads: Any) -> Any:
    """The group of this thread, and where in a band and in the tile's columns the places of its sums begin."""
    thread, each, across = uint32(cuda.threadIdx.x), threads // tile.groups, tile.columns // tile.wide
    group, member = uint32(thread // uint32(each)), uint32(thread % uint32(each))
    if tile.is_tensor:
        warp, lane = uint32(member // uint32(WARP)), uint32(member % uint32(WARP))
        row = uint32(warp // uint32(across) * uint32(16) + lane // uint32(4))
        return group, row, uint32(warp % uint32(across) * uint32(tile.wide)), lane
    row, column = uint32(member // uint32(across) * uint32(4)), uint32(member % uint32(across) * uint32(4))
    return group, row, column, uint32(0)


@inlined
def multiply(
    tile: Any, threads: Any, room: Any, a: Any, a_pitch: Any, b: Any, b_pitch: Any, depth: Any,
    shared: Any, sums: Any, left: Any, right: Any,
) -> None:  # fmt: skip
    """Adds up the products of this thread; `a` and `b` are where the factors of this tile begin."""
    group, row, column, lane = place_of(tile, threads)
    a_line, b_line = uint32(tile.rows + PAD), uint32(tile.columns + PAD)
    a_size = uint32(tile.depth) * a_line
    stage = uint32(a_size + uint32(tile.depth) * b_line)
    share = tile.depth // tile.groups
    first = uint32(group * uint32(share))
    slices = uint32((depth + uint32(tile.depth - 1)) // uint32(tile.depth))
    if tile.is_tensor:
        column = uint32(column + lane // uint32(4))
        first = uint32(first + lane % uint32(4))
    for place in range(sums.size):
        sums[place] = float32(0)
    for ahead in range(STAGES - 1):
        if uint32(ahead) < slices:
            bring(tile.depth, tile.rows, threads, room, a, a_pitch, shared, uint32(uint32(ahead) * stage))
            bring(tile.depth, tile.columns, threads, room, b, b_pitch, shared, uint32(uint32(ahead) * stage + a_size))
            a, b = uint32(a + uint32(tile.depth) * a_pitch), uint32(b + uint32(tile.depth) * b_pitch)
        commit()
    for at in range(slices):
        wait()
        cuda.syncthreads()
        if uint32(at) + uint32(STAGES - 1) < slices:
            free = uint32(uint32(uint32(uint32(at) + uint32(STAGES - 1)) % uint32(STAGES)) * stage)
            bring(tile.depth, tile.rows, threads, room, a, a_pitch, shared, free)
            bring(tile.depth, tile.columns, threads, room, b, b_pitch, shared, uint32(free + a_size))
            a, b = uint32(a + uint32(tile.depth) * a_pitch), uint32(b + uint32(tile.depth) * b_pitch)
        commit()
        here = uint32(uint32(uint32(at) % uint32(STAGES)) * stage)
        of_a = uint32(here + first * a_line + row)
        of_b = uint32(here + a_size + first * b_line + column)
        if tile.is_tensor:
            for _ in range(share // 8):
                add_fragments(tile, shared, of_a, of_b, sums, left, right)
                of_a, of_b = uint32(of_a + uint32(8) * a_line), uint32(of_b + uint32(8) * b_line)
        else:
            for _ in range(share // 4):
                add_products(tile, shared, of_a, of_b, 0, sums, left, right)
                add_products(tile, shared, of_a, of_b, 1, sums, left, right)
                add_products(tile, shared, of_a, of_b, 2, sums, left, right)
                add_products(tile, shared, of_a, of_b, 3, sums, left, right)
                of_a, of_b = uint32(of_a + uint32(4) * a_line), uint32(of_b + uint32(4) * b_line)


@inlined
def lay_down(tile: Any, threads: Any, band_rows: Any, band: Any, sums: Any, shared: Any) -> None:
    """Puts a band of the tile into shared memory; the groups add theirs one after another."""
    own_group, row, column, lane = place_of(tile, threads)
    line = uint32(tile.columns + BAND_PAD)
    for group in range(tile.groups):
        cuda.syncthreads()
        if own_group == uint32(group):
            if tile.is_tensor:
                at = uint32(row * line + column + lane % uint32(4) * uint32(2))
                lay_fragments(tile, band_rows, band, group, sums, shared, at)
            else:
                lay_squares(tile, band_rows, band, group, sums, shared, uint32(row * line + column))
    cuda.syncthreads()


@inlined
def lay_squares(tile: Any, band_rows: Any, band: Any, group: Any, sums: Any, shared: Any, begin: Any) -> None:
    """This thread's sums of a band."""
    apart = tile.rows // tile.high * 4  # rows from one square to the next
    for i in range(tile.high):
        row = i // 4 * apart + i % 4
        if uint32(row // band_rows) == uint32(band):
            for j in range(tile.wide):
                column = j // 4 * (tile.columns * 4 // tile.wide) + j % 4
                at = row % band_rows * (tile.columns + BAND_PAD) + column
                value = sums[i * tile.wide + j]
                put(shared, begin, at, one(shared, begin, at) + value if group > 0 else value)


@inlined
def lay_fragments(tile: Any, band_rows: Any, band: Any, group: Any, sums: Any, shared: Any, begin: Any) -> None:
    """Likewise, of tensor cores."""
    apart = tile.rows // tile.high * 16
    for i in range(tile.high // 16):
        if uint32(i * apart // band_rows) == uint32(band):
            for j in range(tile.wide // 8):
                for k in range(4):
                    row, column = i * apart % band_rows + k // 2 * 8, j * 8 + k % 2
                    at = row * (tile.columns + BAND_PAD) + column
                    value = sums[(i * (tile.wide // 8) + j) * 4 + k]
                    put(shared, begin, at, one(shared, begin, at) + value if group > 0 else value)


@inlined
def turn_over(tile: Any, threads: Any, band_rows: Any, shared: Any, room: Any, at: Any, pitch: Any) -> None:
    """Writes a band that lies in shared memory column by column; `at` is where its first number goes."""
    thread, line = uint32(cuda.threadIdx.x), uint32(tile.columns + BAND_PAD)
    cuda.syncthreads()
    for part in range(band_rows * tile.columns // threads):
        place = uint32(thread + uint32(part * threads))
        column, row = uint32(place // uint32(band_rows)), uint32(place % uint32(band_rows))
        room[uint32(at + column * pitch + row)] = shared[uint32(row * line + column)]
