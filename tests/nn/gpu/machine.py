"""Runs what the compiler made of a kernel, PTX, without a GPU: instruction by instruction, one thread after another.

The simulator runs Python, in which numbers grow as NumPy has them grow; what a GPU does is in the compiled code only. A
thread goes on until it comes to a barrier, then the next one does. Whoever touches shared memory that another thread
has written since the last barrier, or writes what another one has touched, is in a race: it is told, whether it does
harm or not. Knows the instructions of the kernels that train and draw in one block.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

GLOBAL = 1 << 20  # where the GPU's memory begins; below lies the block's
LOW, ALL = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
POISON = 0x7FC0_7B7B  # in shared memory that nobody has written: NaN, and no place of anything
Order = Callable[[list[int]], Sequence[int]]


class Fault(Exception):
    """Something that a GPU would not do, or that no kernel should."""


# What instructions compute: of whole numbers, whose results are cut to their width, and of float32
WHOLE = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul.lo": "{0} * {1}",
    "mul.wide": "{0} * {1}",
    "mad.lo": "{0} * {1} + {2}",
    "div": "quotient({0}, {1})",
    "and": "{0} & {1}",
    "or": "{0} | {1}",
    "xor": "{0} ^ {1}",
    "not": "~{0}",
    "neg": "-{0}",
    "shl": "{0} << min({1}, 64)",
    "shr": "{0} >> min({1}, 64)",
    "min": "min({0}, {1})",
    "max": "max({0}, {1})",
    "mov": "{0}",
    "selp": "{0} if {2} else {1}",
}
SINGLE = {
    "add": "single({0} + {1})",
    "add.rz": "toward_zero({0} + {1})",
    "sub": "single({0} - {1})",
    "mul": "single({0} * {1})",
    "fma.rn": "single({0} * {1} + {2})",
    "fma.rm": "downward({0} * {1} + {2})",
    "div.rn": "ratio({0}, {1})",
    "rcp.rn": "ratio(1.0, {0})",
    "rcp.approx.ftz": "ratio(1.0, {0})",
    "sqrt.rn": "root({0})",
    "ex2.approx.ftz": "power({0})",
    "lg2.approx.ftz": "logarithm({0})",
    "neg": "-{0}",
    "abs": "abs({0})",
    "copysign": "math.copysign({1}, {0})",
    "cvt.sat.f32": "min(1.0, max(0.0, {0})) if {0} == {0} else 0.0",
    "mov": "{0}",
    "selp": "{0} if {2} else {1}",
}
CHOICES = {"mov": "{0}", "not": "not {0}", "and": "{0} and {1}", "or": "{0} or {1}", "xor": "{0} != {1}"}
COMPARED = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def single(x: float) -> float:
    return ctypes.c_float(x).value


def word_of(x: float) -> int:
    return int(np.float32(x).view(np.uint32))


def single_of(word: int) -> float:
    return ctypes.c_float.from_buffer(ctypes.c_uint32(word)).value


def toward_zero(x: float) -> float:
    near = single(x)
    return single_of(word_of(near) - 1) if abs(near) > abs(x) else near


def downward(x: float) -> float:
    near = single(x)
    return near if not near > x else single_of(word_of(near) + (-1 if near > 0.0 else 1))


def ratio(a: float, b: float) -> float:
    if b == 0.0:
        return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return single(a / b)


def root(x: float) -> float:
    return single(math.sqrt(x)) if x >= 0.0 else math.nan


def power(x: float) -> float:
    return single(2.0**x) if not x >= 128.0 else math.inf


def logarithm(x: float) -> float:
    return single(math.log2(x)) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def quotient(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def signed(number: int, width: int) -> int:
    return number - (1 << width) if number >> (width - 1) else number


class Program:
    """A kernel, translated to functions of Python: one for each stretch that is run as a whole."""

    def __init__(self, ptx: str) -> None:
        header, body = re.search(r"\.entry \S+?\((.*?)\)[^{]*\{(.*)\}", ptx, re.DOTALL).groups()
        self.parameters = [name.rstrip(",") for name in re.findall(r"\.param \.\w+ (\S+)", header)]
        self.static_words = 0
        self._symbols = dict.fromkeys(re.findall(r"\.extern \.shared .*? (\w+)\[\]", ptx), 0)
        for name, size in re.findall(r"^\S*\s*\.shared .*? (\w+)\[(\d+)\]", ptx, re.MULTILINE):
            self._symbols[name] = 4 * self.static_words
            self.static_words += -(-int(size) // 16) * 4
        for name in re.findall(r"\.extern \.shared .*? (\w+)\[\]", ptx):
            self._symbols[name] = 4 * self.static_words
        self._registers: dict[str, int] = {}
        names = globals() | self._labels_of(body)
        exec(compile("\n".join(self._functions), "PTX", "exec"), names)
        self.stretches = [names[f"stretch_{at}"] for at in range(len(self._functions))]

    @property
    def registers(self) -> int:
        return len(self._registers)

    def _labels_of(self, body: str) -> dict[str, int]:
        """Where each label stands; the stretches lie in `_functions` then."""
        stretches: list[list[str]] = [[]]
        labels = {}
        for statement in re.findall(r"(\$\w+):|^\s*([@a-z][^;{}]*(?:\{[^}]*\}[^;{}]*)*);", body, re.MULTILINE):
            label, text = statement
            if label:
                stretches.append([])
                labels[label.replace("$", "")] = len(stretches) - 1
                continue
            stretches[-1].append(" ".join(text.split()))
            if re.match(r"(@\S+ )?(bra|ret|bar)", text):
                stretches.append([])
        self._functions = [self._function(at, lines) for at, lines in enumerate(stretches)]
        return labels

    def _function(self, at: int, lines: Sequence[str]) -> str:
        code = [line for text in lines for line in self._line(text, at + 1)]
        return f"def stretch_{at}(R, block, thread):\n" + "".join(f"  {line}\n" for line in [*code, f"return {at + 1}"])

    def _line(self, text: str, following: int) -> list[str]:
        guard, text = re.match(r"(?:(@!?%\w+) )?(.*)", text).groups()
        name, _, rest = text.partition(" ")
        operands = re.findall(r"\{[^}]*\}|\[[^\]]*\]|[^,\s]+", rest)
        code = self._code(name, operands, following)
        if not guard:
            return code
        return [
            f"if {'not ' if '!' in guard else ''}{self._name(guard.lstrip('@!'))}:",
            *(f"  {line}" for line in code),
        ]

    def _code(self, name: str, operands: list[str], following: int) -> list[str]:
        kind, (first, *others) = name.split(".")[-1], operands or [""]
        if name.startswith("bra"):
            return [f"return {first.replace('$', '')}"]
        if name == "ret":
            return ["return None"]
        if name.startswith("bar"):
            return [f"return ~{following}"]
        if name.startswith("ld.param"):
            return [f"{self._name(first)} = block.parameters[{self.parameters.index(others[0].strip('[]'))}]"]
        if name.startswith("ld."):
            return self._load(kind, first, others[0])
        if name.startswith("st."):
            return self._store(kind, first, others[0])
        return [f"{self._name(first)} = {self._expression(name, kind, first, others)}"]

    def _expression(self, name: str, kind: str, target: str, operands: list[str]) -> str:
        operation = name.removesuffix(f".{kind}")
        if operation.startswith("setp"):
            return self._comparison(operation.removeprefix("setp."), kind, operands)
        if operation.startswith("cvta"):
            return self._name(operands[0])
        if operation.startswith("cvt") and kind != "f32":
            to = operation.split(".")[-1]
            value = self._value(operands[0], kind)
            return f"single({value})" if to == "f32" else f"{value} & {ALL if '64' in to else LOW}"
        if kind == "pred":
            return CHOICES[operation].format(*(self._value(each, kind) for each in operands))
        if operation == "mov" and kind == "b32" and target.startswith("%f") != operands[0].startswith(("%f", "0f")):
            return f"{'single_of' if target.startswith('%f') else 'word_of'}({self._value(operands[0], kind)})"
        kinds = [kind] * len(operands)
        if operation in ("shl", "shr", "selp"):
            kinds[-1] = "u32"
        values = [self._value(*each) for each in zip(operands, kinds, strict=True)]
        if kind == "f32":
            return SINGLE[operation].format(*values)
        cut = ALL if "64" in kind or operation == "mul.wide" else LOW
        return f"({WHOLE[operation].format(*values)}) & {cut}"

    def _comparison(self, operation: str, kind: str, operands: list[str]) -> str:
        a, b = (self._value(each, kind) for each in operands)
        if kind != "f32":
            return f"{a} {COMPARED[operation]} {b}"
        known, found = f"({a} == {a} and {b} == {b})", f"{a} {COMPARED[operation[:2]]} {b}"
        return f"not {known} or {found}" if operation.endswith("u") else f"{known} and {found}"

    def _load(self, kind: str, targets: str, place: str) -> list[str]:
        width, names = 8 if "64" in kind else 4, targets.strip("{}").replace(",", " ").split()
        lines = [f"at = block.place({self._place(place)}, {width * len(names)})"]
        for i, name in enumerate(names):
            words = [f"block.read(at + {width // 4 * i + k}, thread) << {32 * k}" for k in range(width // 4)]
            read = " | ".join(words)
            lines.append(f"{self._name(name)} = {f'single_of({read})' if kind == 'f32' else read}")
        return lines

    def _store(self, kind: str, place: str, values: str) -> list[str]:
        width, names = 8 if "64" in kind else 4, values.strip("{}").replace(",", " ").split()
        lines = [f"at = block.place({self._place(place)}, {width * len(names)})"]
        for i, name in enumerate(names):
            value = f"word_of({self._value(name, kind)})" if kind == "f32" else self._value(name, "u64")
            places = [(width // 4 * i + k, 32 * k) for k in range(width // 4)]
            lines += [f"block.write(at + {place}, {value} >> {shift} & {LOW}, thread)" for place, shift in places]
        return lines

    def _place(self, text: str) -> str:
        base, _, apart = text.strip("[]").partition("+")
        return f"{self._value(base, 'u64')} + {int(apart or 0)} & {ALL}"

    def _value(self, text: str, kind: str) -> str:
        if text.startswith(("%tid", "%ntid", "%ctaid")):
            return {"%tid.x": "thread", "%ntid.x": "block.threads", "%ctaid.x": "block.index"}[text]
        if text.startswith("%"):
            name = self._name(text)
            return f"signed({name}, {kind[1:]})" if kind.startswith("s") else name
        if text.startswith("0f"):
            value = single_of(int(text[2:], 16))
            return f"float({str(value)!r})"
        if text in self._symbols:
            return str(self._symbols[text])
        return str(int(text) if kind.startswith("s") else int(text) & (ALL if "64" in kind else LOW))

    def _name(self, register: str) -> str:
        return f"R[{self._registers.setdefault(register, len(self._registers))}]"


class Block:
    """One block while it runs."""

    def __init__(self, program: Program, index: int, threads: int, shared_bytes: int, parameters: list[int]) -> None:
        self.program, self.index, self.threads, self.parameters = program, index, threads, parameters
        self.races: set[str] = set()
        self._shared = [POISON] * (program.static_words + shared_bytes // 4)
        self._memory: list[int] = []
        self._writers: dict[int, int] = {}  # since the last barrier, by place
        self._readers: dict[int, set[int]] = {}

    def place(self, address: int, size: int) -> int:
        if address % size:
            raise Fault(f"{size} bytes from {address}")
        return address // 4

    def read(self, at: int, thread: int) -> int:
        if self._writers.get(at, thread) != thread:
            self.races.add(f"{thread} reads what {self._writers[at]} writes at {at}")
        self._readers.setdefault(at, set()).add(thread)
        return self._memory[at - GLOBAL // 4] if at >= GLOBAL // 4 else self._shared[at]

    def write(self, at: int, value: int, thread: int) -> None:
        if self._writers.get(at, thread) != thread or self._readers.get(at, set()) - {thread}:
            self.races.add(f"{thread} writes at {at} beside others")
        self._writers[at] = thread
        if at >= GLOBAL // 4:
            self._memory[at - GLOBAL // 4] = value
        else:
            self._shared[at] = value

    def run(self, memory: list[int], order: Order) -> None:
        """Runs all threads to their ends."""
        self._memory = memory
        registers = [[0] * self.program.registers for _ in range(self.threads)]
        at: dict[int, int | None] = dict.fromkeys(range(self.threads), 0)
        while at:
            reached = {}
            for thread in order(list(at)):
                here = at[thread]
                while here is not None and here >= 0:
                    here = self.program.stretches[here](registers[thread], self, thread)
                reached[thread] = here
            if len(set(reached.values())) > 1:
                raise Fault("threads wait at several barriers, or in vain")
            at = {thread: ~here for thread, here in reached.items() if here is not None}
            self._writers.clear()
            self._readers.clear()


def launch(
    program: Program, blocks: int, threads: int, shared_bytes: int, arguments: Sequence[Any], order: Order = list
) -> set[str]:
    """Runs a grid, block after block; the races in it."""
    memory: list[int] = []
    parameters: list[int] = []
    places = []
    for argument in arguments:
        if not isinstance(argument, np.ndarray):
            parameters.append(int(argument) & LOW)
            continue
        place = len(memory)
        places.append(place)
        parameters += [0, 0, argument.size, argument.itemsize, GLOBAL + 4 * place, *argument.shape, *argument.strides]
        memory += np.ascontiguousarray(argument).reshape(-1).view(np.uint32).tolist()
        memory += [0] * (-len(memory) % 64)
    assert len(parameters) == len(program.parameters)
    races: set[str] = set()
    for index in range(blocks):
        block = Block(program, index, threads, shared_bytes, parameters)
        block.run(memory, order)
        races |= block.races
    for argument, place in zip((each for each in arguments if isinstance(each, np.ndarray)), places, strict=True):
        words = np.array(memory[place : place + argument.nbytes // 4], dtype=np.uint32)
        argument[...] = words.view(argument.dtype).reshape(argument.shape)
    return races
