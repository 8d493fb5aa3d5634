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
from visualnn.nn.kernels.gpu.intrinsics import commit, copy, four, wait

STAGES = 4
PAD = 4  # numbers between two lines of a slice, so that neighbours in k do not fall on the same bank
BAND_PAD = 1


class Tile(NamedTuple):
    """How a block divides a tile among its threads; its size is rows × columns, its slices are `depth` deep.

    A depth is a multiple of 4 times the groups, and a band has 4 places or a multiple of that for each thread.
    """

    rows: int
    columns: int
    depth: int
    high: int  # rows of a thread, a multiple of 4
    wide: int  # columns of a thread, likewise
    groups: int

    @property
    def threads(self) -> int:
        """Of a block."""
        return self.rows // self.high * (self.columns // self.wide) * self.groups

    @property
    def room(self) -> int:
        """Numbers in shared memory."""
        slices = STAGES * self.depth * (self.rows + self.columns + 2 * PAD)
        return max(slices, self.band * (self.columns + BAND_PAD))

    @property
    def band(self) -> int:
        """Rows of a band."""
        return self.rows * 4 // self.high


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
def multiply(
    tile: Any, threads: Any, room: Any, a: Any, a_pitch: Any, b: Any, b_pitch: Any, depth: Any,
    shared: Any, sums: Any, left: Any, right: Any,
) -> None:  # fmt: skip
    """Adds up the products of this thread; `a` and `b` are where the factors of this tile begin."""
    across = tile.columns // tile.wide
    each = threads // tile.groups
    thread = uint32(cuda.threadIdx.x)
    group, member = uint32(thread // uint32(each)), uint32(thread % uint32(each))
    row, column = uint32(member // uint32(across) * uint32(4)), uint32(member % uint32(across) * uint32(4))
    a_line, b_line = uint32(tile.rows + PAD), uint32(tile.columns + PAD)
    a_size = uint32(tile.depth) * a_line
    stage = uint32(a_size + uint32(tile.depth) * b_line)
    share = tile.depth // tile.groups
    first = uint32(group * uint32(share))
    slices = uint32((depth + uint32(tile.depth - 1)) // uint32(tile.depth))
    for place in range(tile.high * tile.wide):
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
        for _ in range(share // 4):
            add_products(tile, shared, of_a, of_b, 0, sums, left, right)
            add_products(tile, shared, of_a, of_b, 1, sums, left, right)
            add_products(tile, shared, of_a, of_b, 2, sums, left, right)
            add_products(tile, shared, of_a, of_b, 3, sums, left, right)
            of_a, of_b = uint32(of_a + uint32(4) * a_line), uint32(of_b + uint32(4) * b_line)


@inlined
def lay_down(tile: Any, threads: Any, band: Any, sums: Any, shared: Any) -> None:
    """Puts a band of the tile into shared memory; the groups add theirs one after another."""
    across, each = tile.columns // tile.wide, threads // tile.groups
    thread = uint32(cuda.threadIdx.x)
    member = uint32(thread % uint32(each))
    row, column = uint32(member // uint32(across) * uint32(4)), uint32(member % uint32(across) * uint32(4))
    line = uint32(tile.columns + BAND_PAD)
    for group in range(tile.groups):
        cuda.syncthreads()
        if uint32(thread // uint32(each)) == uint32(group):
            for i in range(tile.high):
                if uint32(i // 4) == uint32(band):
                    for j in range(tile.wide):
                        apart = j // 4 * (tile.columns * 4 // tile.wide) + j % 4
                        at = uint32((row + uint32(i % 4)) * line + column + uint32(apart))
                        before = shared[at] if group > 0 else float32(0)
                        shared[at] = before + sums[i * tile.wide + j]
    cuda.syncthreads()


@inlined
def turn_over(tile: Any, threads: Any, band_rows: Any, shared: Any, room: Any, at: Any, pitch: Any) -> None:
    """Writes a band that lies in shared memory column by column; `at` is where its first number goes."""
    thread, line = uint32(cuda.threadIdx.x), uint32(tile.columns + BAND_PAD)
    cuda.syncthreads()
    for part in range(band_rows * tile.columns // threads):
        place = uint32(thread + uint32(part * threads))
        column, row = uint32(place // uint32(band_rows)), uint32(place % uint32(band_rows))
        room[uint32(at + column * pitch + row)] = shared[uint32(row * line + column)]
