"""What an ONNX file holds, as it says it: nodes, tensors, inputs and outputs, checked one by one as they are asked for.

The numbers of the fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.wire import DAMAGED, Budget, Message

OLDEST, NEWEST = 13, 28  # opsets whose operators are known here
STANDARD, LEARNING = "", "ai.onnx.ml"  # domains
MAX_NODES = 50_000
TOO_MANY = f"it has more than {MAX_NODES:,} operators"
MAX_QUOTED = 60  # characters of a name
MAX_DIMENSIONS = 16


def quoted(name: str) -> str:
    """A name from the file, for a sentence: on one line, and not too long for it."""
    words = "".join(c if c.isprintable() else " " for c in name)
    return f"“{words if len(words) <= MAX_QUOTED else words[: MAX_QUOTED - 1] + '…'}”"


@dataclass(frozen=True, eq=False)
class Tensor:
    """Numbers that were not looked into yet. `message` is a TensorProto."""

    name: str
    kind: int  # of a number: 1 is 32 bits, 11 is 64 …
    dims: tuple[int, ...]
    message: Message

    @classmethod
    def of(cls, message: Message, name: str = "") -> Tensor:
        """The tensor of a TensorProto."""
        name, dims = message.text(8) or name, message.wholes(1)
        if len(dims) > MAX_DIMENSIONS or any(size < 0 for size in dims):
            raise Damage(f"its tensor {quoted(name)} has a shape that cannot be")
        return cls(name, message.whole(2), dims, message)

    @property
    def is_beside(self) -> bool:
        """Whether the numbers are in another file."""
        return self.message.whole(14) == 1


@dataclass(frozen=True, eq=False)
class Node:
    """One operator at its place: `number` counts from 1."""

    kind: str  # such as "Gemm"
    domain: str
    name: str
    inputs: tuple[str, ...]  # "" where one is left out
    outputs: tuple[str, ...]
    attributes: Mapping[str, Message]
    number: int = 0

    @classmethod
    def of(cls, message: Message, number: int = 0) -> Node:
        """The node of a NodeProto."""
        attributes = {}
        for attribute in message.messages(5):
            name = attribute.text(1)
            if name in attributes:
                raise Damage(f"its node {quoted(message.text(3))} has two attributes {quoted(name)}")
            attributes[name] = attribute
        inputs, outputs, domain = message.texts(1), message.texts(2), _domain(message.text(7))
        return cls(message.text(4), domain, message.text(3), inputs, outputs, attributes, number)

    @cached_property
    def known_as(self) -> str:
        """What the operator is called, with its domain if that is not ONNX's own."""
        return self.kind if self.domain in (STANDARD, LEARNING) else f"{self.domain}.{self.kind}"

    def __str__(self) -> str:
        kind = f"{self.domain}.{self.kind}" if self.domain else self.kind
        where = f"node {self.number:,}" + (f", {quoted(self.name)}" if self.name else "")
        return f"the operator {quoted(kind)[1:-1]} ({where})"

    def real(self, name: str, default: float) -> float:
        """An attribute that is a number."""
        return self.attributes[name].real(2) if name in self.attributes else default

    def whole(self, name: str, default: int) -> int:
        """An attribute that is a whole number."""
        return self.attributes[name].whole(3) if name in self.attributes else default

    def text(self, name: str, default: str) -> str:
        """An attribute that is a text."""
        return self.attributes[name].text(4) if name in self.attributes else default

    def wholes(self, name: str) -> tuple[int, ...] | None:
        """An attribute that is a list of whole numbers."""
        return self.attributes[name].wholes(8) if name in self.attributes else None


@dataclass(frozen=True, eq=False)
class Port:
    """An input or output of the whole: what kind of numbers, and their shape; None for a size that is not said."""

    name: str
    kind: int
    shape: tuple[int | None, ...] | None

    @classmethod
    def of(cls, message: Message) -> Port:
        """The port of a ValueInfoProto."""
        kind = message.message(2)
        tensor = None if kind is None else kind.message(1)
        shape = None if tensor is None else tensor.message(2)
        sizes = None if shape is None else tuple(d.whole(1) or None for d in shape.messages(1))
        return cls(message.text(1), 0 if tensor is None else tensor.whole(1), sizes)


@dataclass(frozen=True, eq=False)
class Model:
    """A whole file."""

    producer: str
    opset: int
    name: str
    nodes: tuple[Node, ...]
    tensors: Mapping[str, Tensor]
    inputs: tuple[Port, ...]  # those that no tensor fills
    outputs: tuple[Port, ...]
    sparse: frozenset[str] = frozenset()  # names of tensors that are kept in another way
    words: Mapping[str, str] = field(default_factory=dict)  # what else the file says of itself
    functions: tuple[Message, ...] = ()


def understood(content: bytes) -> Model:
    """The model in the bytes of a file. Raises `Damage` if they are none, or one that nothing is known of."""
    message = Message(content, Budget())
    opsets = {_domain(entry.text(1)): entry.whole(2) for entry in message.messages(8)}
    graph = message.message(7)
    if graph is None or not opsets:
        raise Damage(DAMAGED)
    if graph.count(1) > MAX_NODES:
        raise Damage(TOO_MANY)
    nodes = tuple(Node.of(entry, number) for number, entry in enumerate(graph.messages(1), start=1))
    if not nodes and 20 in message:
        raise Damage("it describes a training, not a network")
    tensors = _by_name(Tensor.of(entry) for entry in graph.messages(5))
    return Model(
        producer=" ".join(filter(None, (message.text(2), message.text(3)))),
        opset=_opset(opsets),
        name=graph.text(2),
        nodes=nodes,
        tensors=tensors,
        inputs=tuple(port for port in map(Port.of, graph.messages(11)) if port.name not in tensors),
        outputs=tuple(map(Port.of, graph.messages(12))),
        sparse=frozenset(_sparse_name(entry) for entry in graph.messages(15)),
        words={entry.text(1): entry.text(2) for entry in message.messages(14)},
        functions=tuple(message.messages(25)),
    )


def _opset(opsets: Mapping[str, int]) -> int:
    """Which edition of the standard operators the file means."""
    if STANDARD not in opsets:
        raise Damage("it uses none of ONNX's standard operators")
    opset = opsets[STANDARD]
    if not OLDEST <= opset <= NEWEST:
        age = "older" if opset < OLDEST else "newer"
        raise Damage(f"its operators are those of opset {opset}, {age} than this program reads ({OLDEST} to {NEWEST})")
    return opset


def _domain(name: str) -> str:
    return STANDARD if name == "ai.onnx" else name


def _sparse_name(message: Message) -> str:
    values = message.message(1)
    return "" if values is None else values.text(8)


def _by_name(tensors: Iterable[Tensor]) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for tensor in tensors:
        if tensor.name in found:
            raise Damage(f"it holds two tensors {quoted(tensor.name)}")
        found[tensor.name] = tensor
    return found
