"""The model in Keras: its layers, where its weights start, and what is added to the loss for them."""

from __future__ import annotations

from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.libraries.columns import alike, call, data_lines, has_shortcuts, indented, landings

UNCUT = '"untruncated_normal"'
INITIALIZERS = {  # Keras cuts its own “normal” weights off at two spreads; VarianceScaling need not
    "glorot_uniform": ("GlorotUniform",),
    "glorot_normal": ("VarianceScaling", "1.0", '"fan_avg"', UNCUT),
    "he_uniform": ("HeUniform",),
    "he_normal": ("VarianceScaling", "2.0", '"fan_in"', UNCUT),
    "lecun_uniform": ("LecunUniform",),
    "lecun_normal": ("VarianceScaling", "1.0", '"fan_in"', UNCUT),
    "orthogonal": ("Orthogonal",),
    "uniform": ("RandomUniform", "-{s!r}", "{s!r}"),
    "normal": ("RandomNormal", "0.0", "{s!r}"),
    "constant": ("Constant", "{s!r}"),
    "zeros": ("Zeros",),
}
CERTAIN = ("constant", "zeros")
BITS = "# 64 bits, on TensorFlow only."
LEAKY = "layers.LeakyReLU(negative_slope=0.01)"


def lines(project: Project) -> list[str]:
    """Imports, model and first weights."""
    network, options = project.network, project.options
    return [
        "import keras",
        "from keras import initializers, layers",
        "",
        *([BITS] if options.precision == "float64" else []),
        f'keras.backend.set_floatx("{options.precision}")',
        *data_lines(project),
        "",
        *_dense(project),
        *(_with_shortcuts(network, options) if has_shortcuts(network) else _plain(network, options)),
    ]


def _dense(project: Project) -> list[str]:
    """A layer with its first weights and its penalty; Keras' own start as here where nothing else is said."""
    options, trained = project.options, project.trained
    name, *constants = (part.format(s=options.initializer_scale) for part in INITIALIZERS[options.initializer])
    note = ["# Here it goes on from a trained net."] if trained else []
    if not trained and options.initializer not in CERTAIN:
        note = ["# Same recipe, other random numbers."]
    made = call(f"initializers.{name}", constants, "first = ")
    arguments = ["units", "activation", "kernel_initializer=first"]
    if options.l1 or options.l2:
        made += ["# Keras shows the loss and its penalty."]
        made += call("keras.regularizers.L1L2", [repr(options.l1), repr(options.l2)], "penalty = ")
        arguments.append("kernel_regularizer=penalty")
    made += call("layers.Dense", arguments, "return ")
    return [*note, "def dense(units, activation=None):", *indented(made), "", ""]


def _layers(units: int, activation: str, dropout: float = 0.0) -> list[str]:
    """A layer and what follows it."""
    name = f'dense({units}, "{activation}")' if activation not in ("linear", "leaky_relu") else f"dense({units})"
    leaky = [LEAKY] if activation == "leaky_relu" else []
    return [name, *leaky, *([f"layers.Dropout({dropout!r})"] if dropout else [])]


def _plain(network: Network, options: Options) -> list[str]:
    """One layer after the other."""
    parts = alike(network, options)
    made = [f"keras.Input(({network.inputs},)),"]
    for index, (number, _inputs, units, activation) in enumerate(parts):
        modules = [f"{layer}," for layer in _layers(units, activation, options.dropout * (index + 1 < len(parts)))]
        several = [f"*(m for _ in range({number}) for m in (", *indented(modules), ")),"]
        made += modules if number == 1 else several
    return ["model = keras.Sequential([", *indented(made), "])"]


def _with_shortcuts(network: Network, options: Options) -> list[str]:
    """A list of layers, and how what they say is added up."""
    made = ["columns = ["]
    for number, _inputs, units, activation in alike(network, options):
        names = _layers(units, activation)
        one = names[0] if len(names) == 1 else f"keras.Sequential([{', '.join(names)}])"
        several = ["*(", *indented([one, f"for _ in range({number})"]), "),"]
        made += indented([f"{one},"] if number == 1 else several)
    last = len(network.layers)
    dropout = [f"    if c < {last}:", f"        a = layers.Dropout({options.dropout!r})(a)"]
    return [
        *made,
        "]",
        f"x = [keras.Input(({network.inputs},))]",
        "for c, layer in enumerate(columns, 1):",
        "    a = layer(x[-1])",
        f"    if c in {landings(network)}:",
        f"        a = layers.add([a, x[c - {network.shortcut}]])",
        *(dropout if options.dropout else []),
        "    x.append(a)",
        "model = keras.Model(x[0], x[-1])",
    ]
