"""Compiles every kernel of VisualNN for one level of processor into object files, and tells what they hold.

    python objects.py FOLDER TRIPLE LEVEL       in an environment of its own: see build.py

Numba compiles the kernels as it does for a user, and says what it was told and what it made: nothing is compiled twice
or in another way. Around each function one of C is put that fetches the arguments from a row of 64-bit words, as
`visualnn.precompiled` lays them: of an array its address and its lengths, of a tuple its items, of a number itself. It
returns 0 if all went well, and leaves the result in the first word.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any, NamedTuple

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.callconv import CPUCallConv
from numba.core.registry import cpu_target

from visualnn import precompiled
from visualnn.nn.kernels import choose, peak
from visualnn.scene.kernels import choose as lines
from visualnn.scene.kernels.terrain import choose as terrain

WORD, CODE, DOUBLE = ir.IntType(64), ir.IntType(32), ir.DoubleType()
RUNTIME = Path(__file__).with_name("runtime.ll")


class Sources(NamedTuple):
    """What a kernel reads its arguments from, and how these words are packed."""

    builder: ir.IRBuilder
    words: ir.Value
    packed: list[str]

    def next(self, code: str) -> ir.Value:
        """The next word, of a kind that `struct` has this letter for."""
        place = self.builder.gep(self.words, [ir.Constant(CODE, len(self.packed))])
        self.packed.append(code)
        return self.builder.load(self.builder.bitcast(place, DOUBLE.as_pointer()) if code == "d" else place)


def main(folder: Path, triple: str, level: str) -> None:
    """Writes an object file for each kernel, and `index.json`."""
    warnings.simplefilter("error")  # such as that a kernel comes from a cache, of which Numba keeps no code to be read
    forget_places()
    compile_all()
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    target = binding.Target.from_triple(triple)
    machine = target.create_target_machine(cpu=level, opt=3, reloc="pic", codemodel="default")
    index: dict[str, list[dict[str, Any]]] = {}
    for (module, name), dispatcher in sorted(precompiled.used.items()):
        forms = index[f"{module}.{name}"] = []
        for number, (arguments, compiled) in enumerate(dispatcher.overloads.items()):
            symbol = f"{module}.{name}.{number}".replace(".", "_")
            door, words = opened(compiled, symbol)
            code = emitted(door, dispatcher.inspect_llvm(arguments), symbol, machine)
            (folder / f"{symbol}.o").write_bytes(code)
            signature = compiled.signature
            result = letter(signature.return_type)
            forms.append({"symbol": symbol, "arrays": arrays(signature.args), "words": words, "result": result})
    (folder / precompiled.INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def forget_places() -> None:
    """Numba writes beside each error in which file of the build machine it is raised, which nobody reads from here."""
    told = CPUCallConv.build_excinfo_struct
    CPUCallConv.build_excinfo_struct = lambda self, error, values, *_place: told(self, error, values, None, None)


def compile_all() -> None:
    """Has Numba compile every kernel that can be asked for. Raises SystemExit if it cannot."""
    peak.fma_peak()
    if not (choose.load(*choose.KINDS, choose.HEIGHTS, *choose.FLEETS) and lines.load() and terrain.load()):
        raise SystemExit("A kernel could not be compiled; the log above says why.")


def arrays(arguments: tuple[types.Type, ...]) -> list[str]:
    """By what `precompiled` chooses a form of a kernel."""
    found: list[str] = []
    for argument in arguments:
        if isinstance(argument, types.BaseTuple):
            found += arrays(argument.types)
        elif isinstance(argument, types.Array):
            found.append(precompiled.kind(argument.dtype.name.replace("boolean", "bool"), argument.ndim))
    return found


def letter(result: types.Type) -> str:
    """What `struct` calls a result; nothing where there is none."""
    if result == types.none:
        return ""
    return "d" if isinstance(result, types.Float) else "q"


def opened(compiled: Any, symbol: str) -> tuple[ir.Module, str]:
    """A function of C that calls a kernel, and how its words are packed."""
    context, signature = cpu_target.target_context, compiled.signature
    module = ir.Module(symbol)
    door = ir.Function(module, ir.FunctionType(CODE, [WORD.as_pointer()]), symbol)
    builder = ir.IRBuilder(door.append_basic_block())
    sources = Sources(builder, door.args[0], [])
    arguments = [value(context, sources, argument) for argument in signature.args]
    kernel = context.declare_function(module, compiled.fndesc)
    call = context.call_conv.call_function
    status, result = call(builder, kernel, signature.return_type, signature.args, arguments)
    if signature.return_type != types.none:
        leave(builder, result, door.args[0])
    builder.ret(status.code)
    return module, "".join(sources.packed)


def leave(builder: ir.IRBuilder, result: ir.Value, words: ir.Value) -> None:
    """Puts a result into the first word."""
    if isinstance(result.type, ir.IntType):
        wide = builder.sext(result, WORD) if result.type.width < WORD.width else result
        builder.store(wide, words)
    else:
        wide = builder.fpext(result, DOUBLE) if result.type != DOUBLE else result
        builder.store(wide, builder.bitcast(words, DOUBLE.as_pointer()))


def value(context: Any, sources: Sources, kind: types.Type) -> ir.Value:
    """An argument, as Numba holds it. Raises TypeError if it is none that `precompiled` can pass."""
    builder = sources.builder
    if isinstance(kind, types.BaseTuple):
        return context.make_tuple(builder, kind, [value(context, sources, item) for item in kind.types])
    if isinstance(kind, types.Array) and kind.layout == "C":
        return array(context, sources, kind)
    if isinstance(kind, types.Float):
        number = sources.next("d")
        return number if kind == types.float64 else builder.fptrunc(number, context.get_value_type(kind))
    if isinstance(kind, (types.Integer, types.Boolean)):
        number, narrow = sources.next("Q" if not getattr(kind, "signed", True) else "q"), context.get_value_type(kind)
        return builder.trunc(number, narrow) if narrow.width < WORD.width else number
    raise TypeError(f"A kernel that is compiled ahead cannot be given {kind}.")


def array(context: Any, sources: Sources, kind: types.Array) -> ir.Value:
    """An array without gaps from its address and its lengths."""
    builder, made = sources.builder, context.make_array(kind)(context, sources.builder)
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    address, lengths = sources.next("Q"), [sources.next("q") for _ in range(kind.ndim)]
    steps, step, items = [], ir.Constant(WORD, size), ir.Constant(WORD, 1)
    for length in reversed(lengths):
        steps.insert(0, step)
        step, items = builder.mul(step, length), builder.mul(items, length)
    made.data = builder.inttoptr(address, made.data.type)
    made.shape, made.strides = cgutils.pack_array(builder, lengths), cgutils.pack_array(builder, steps)
    made.itemsize, made.nitems = ir.Constant(made.itemsize.type, size), items
    made.meminfo, made.parent = ir.Constant(made.meminfo.type, None), ir.Constant(made.parent.type, None)
    return made._getvalue()


def emitted(door: ir.Module, kernel: str, symbol: str, machine: Any) -> bytes:
    """The object file of LLVM's text of a kernel and of its door, without what only Python would have called."""
    module = binding.parse_assembly(kernel)
    module.link_in(binding.parse_assembly(plain(str(door))))
    module.link_in(binding.parse_assembly(RUNTIME.read_text(encoding="utf-8")))
    for item in (*module.functions, *module.global_variables):
        if not item.is_declaration and item.name != symbol:
            item.linkage = "internal"
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    passes = binding.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, binding.create_pass_builder(machine, binding.create_pipeline_tuning_options(speed_level=2)))
    return machine.emit_object(module)


def plain(text: str) -> str:
    """Without the triple of the machine that this runs on."""
    return re.sub(r"^target .*$", "", text, flags=re.M)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
