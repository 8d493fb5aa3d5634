"""Puts the nodes of a model's own functions in the place of their calls.

PyTorch's newer exporter writes such functions. They may call each other, but not themselves; how many nodes come of it
is limited, for a few functions that each call another twice would make more than any memory holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.model import MAX_NODES, NEWEST, OLDEST, STANDARD, TOO_MANY, Model, Node, quoted
from visualnn.files.foreign.onnx.wire import Message

MAX_DEPTH = 16
REFERENCE = 21  # of an attribute: it takes its value from one of the call


@dataclass(frozen=True, eq=False)
class Function:
    """A function of a model; `defaults` are attributes that a call may leave out."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    defaults: Mapping[str, Message]


class Calls:
    """Looks functions up, so many times at most: one that holds nothing may be called without end as well."""

    def __init__(self, functions: Mapping[tuple[str, str], Function]) -> None:
        self._functions = functions
        self._left = MAX_NODES

    def of(self, node: Node) -> Function | None:
        """The function that a node calls; None if it is an operator."""
        self._left -= 1
        if self._left < 0:
            raise Damage(TOO_MANY)
        return self._functions.get((node.domain, node.kind))


def inlined(model: Model) -> tuple[Node, ...]:
    """All nodes of a model in their order, numbered as in the file. Raises `Damage` for more than can be."""
    functions = _functions(model.functions)
    if not functions:
        return model.nodes
    calls = Calls(functions)
    return tuple(inner for node in model.nodes for inner in _expanded(node, calls, f"{node.number}:", 0))


def _functions(messages: tuple[Message, ...]) -> dict[tuple[str, str], Function]:
    found: dict[tuple[str, str], Function] = {}
    for message in messages:
        key = message.text(10), message.text(1)
        if key in found:
            raise Damage(f"it has two functions {quoted(key[1])}")
        opsets = {entry.text(1): entry.whole(2) for entry in message.messages(9)}
        if not OLDEST <= opsets.get(STANDARD, NEWEST) <= NEWEST:
            raise Damage(f"its function {quoted(key[1])} uses opset {opsets[STANDARD]}, which is not read here")
        nodes, defaults = tuple(map(Node.of, message.messages(7))), {a.text(1): a for a in message.messages(11)}
        found[key] = Function(message.texts(4), message.texts(5), nodes, defaults)
    return found


def _expanded(node: Node, calls: Calls, prefix: str, depth: int) -> Iterator[Node]:
    """The node itself, or what the function it calls is made of."""
    function = calls.of(node)
    if function is None:
        yield node
        return
    if depth == MAX_DEPTH:
        raise Damage(f"its functions call each other more than {MAX_DEPTH} times deep")
    names = _names(node, function)
    for place, inner in enumerate(function.nodes):
        called = replace(
            inner,
            number=node.number,
            name=f"{node.name}/{inner.name}".strip("/"),
            inputs=tuple(names.get(name, prefix + name if name else "") for name in inner.inputs),
            outputs=tuple(names.get(name, prefix + name if name else "") for name in inner.outputs),
            attributes=_attributes(inner, node, function),
        )
        yield from _expanded(called, calls, f"{prefix}{place}:", depth + 1)


def _names(node: Node, function: Function) -> dict[str, str]:
    """What the inputs and outputs of a function are called where it is called."""
    if len(node.inputs) > len(function.inputs) or len(node.outputs) > len(function.outputs):
        raise Damage(f"{node} does not fit the function that it calls")
    given = node.inputs + ("",) * (len(function.inputs) - len(node.inputs))
    return dict(zip(function.outputs, node.outputs, strict=False)) | dict(zip(function.inputs, given, strict=True))


def _attributes(inner: Node, call: Node, function: Function) -> dict[str, Message]:
    """Attributes of a node in a function, those that refer to the call's with their values."""
    found = {}
    for name, attribute in inner.attributes.items():
        reference = attribute.text(REFERENCE)
        value = call.attributes.get(reference, function.defaults.get(reference)) if reference else attribute
        if value is not None:
            found[name] = value
    return found
