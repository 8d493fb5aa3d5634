"""The model in PyTorch: its layers, and where its weights start."""

from __future__ import annotations

from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.libraries.columns import alike, call, data_lines, has_shortcuts, indented, is_whole, landings

ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "softplus": "nn.Softplus()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "hard_tanh": "nn.Hardtanh()",
    "hard_sigmoid": "nn.Hardsigmoid()",
    "hard_silu": "nn.Hardswish()",
    "softmax": "nn.Softmax(dim=1)",
}
INITIALIZERS = {
    "glorot_uniform": ("xavier_uniform_",),
    "glorot_normal": ("xavier_normal_",),
    "he_uniform": ("kaiming_uniform_", 'nonlinearity="relu"'),
    "he_normal": ("kaiming_normal_", 'nonlinearity="relu"'),
    "lecun_uniform": ("kaiming_uniform_", 'nonlinearity="linear"'),
    "lecun_normal": ("kaiming_normal_", 'nonlinearity="linear"'),
    "orthogonal": ("orthogonal_",),
    "uniform": ("uniform_", "-{s!r}", "{s!r}"),
    "normal": ("normal_", "0.0", "{s!r}"),
    "constant": ("constant_", "{s!r}"),
    "zeros": ("zeros_",),
}
CERTAIN = ("constant", "zeros")  # the same numbers everywhere
SHORTCUTS = """\
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        x = [x]  # the columns so far
        for c, layer in enumerate(self.layers, 1):
            a = layer(x[-1])
            if c in {landings}:
                a = a + x[c - {shortcut}]
            x.append({dropout})
        return x[-1]


model = Model()"""


def lines(project: Project) -> list[str]:
    """Imports, model and first weights."""
    network, options = project.network, project.options
    is_cosine = options.schedule.name == "cosine"
    return [
        *(["import math", ""] if is_cosine else []),
        *([] if is_whole(project) else ["import numpy as np"]),
        "import torch",
        "from torch import nn",
        "",
        f"torch.set_default_dtype(torch.{options.precision})",
        *data_lines(project),
        "",
        *(_with_shortcuts(network, options) if has_shortcuts(network) else _plain(network, options)),
        "",
        *_weights(project),
    ]


def _plain(network: Network, options: Options) -> list[str]:
    """One layer after the other."""
    return ["model = nn.Sequential(", *indented(modules(network, options)), ")"]


def modules(network: Network, options: Options) -> list[str]:
    """What `nn.Sequential` is given."""
    parts: list[str] = []
    for number, inputs, units, activation in alike(network, options):
        dropout = options.dropout if len(parts) + 1 < len(alike(network, options)) else 0.0
        each = [f"nn.Linear({inputs}, {units})", *_activation(activation)]
        each += [f"nn.Dropout({dropout!r})"] if dropout else []
        parts += [", ".join(each) + ","] if number == 1 else _repeated(number, each)
    return parts


def _repeated(number: int, each: list[str]) -> list[str]:
    return [f"*(m for _ in range({number}) for m in (", *indented([f"{m}," for m in each]), ")),"]


def _activation(name: str) -> list[str]:
    return [] if name == "linear" else [ACTIVATIONS[name]]


def _with_shortcuts(network: Network, options: Options) -> list[str]:
    """A list of layers, and how what they say is added up."""
    text = SHORTCUTS.format(landings=landings(network), shortcut=network.shortcut, dropout=dropped(network, options))
    return ["layers = [", *indented(layers(network, options)), "]", "", "", *text.split("\n")]


def layers(network: Network, options: Options) -> list[str]:
    """What `nn.ModuleList` is given: a layer with its activation, column by column."""
    made: list[str] = []
    for number, inputs, units, activation in alike(network, options):
        each = [f"nn.Linear({inputs}, {units})", *_activation(activation)]
        one = each[0] if len(each) == 1 else f"nn.Sequential({', '.join(each)})"
        several = ["*(", *indented([one, f"for _ in range({number})"]), "),"]
        made += [f"{one},"] if number == 1 else several
    return made


def dropped(network: Network, options: Options) -> str:
    """What is left of the activations ``a`` of column ``c`` where there is dropout."""
    if not options.dropout:
        return "a"
    return f"a if c == {len(network.layers)} else nn.functional.dropout(a, {options.dropout!r}, self.training)"


def _weights(project: Project) -> list[str]:
    options = project.options
    name, *constants = (part.format(s=options.initializer_scale) for part in INITIALIZERS[options.initializer])
    made = [
        "for layer in model.modules():",
        "    if isinstance(layer, nn.Linear):",
        *indented(call(f"nn.init.{name}", ["layer.weight", *constants]), 2),
        "        nn.init.zeros_(layer.bias)",
    ]
    if project.trained:
        return ["# Here it goes on from a trained net.", *made]
    if options.initializer in CERTAIN:
        return made
    return ["# Same recipe, other random numbers.", *made]
