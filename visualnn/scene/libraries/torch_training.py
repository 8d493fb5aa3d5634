"""Loss, optimizer and training loop in PyTorch."""

from __future__ import annotations

from visualnn.nn.functions import HUBER_DELTA
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.libraries import torch_schedule
from visualnn.scene.libraries.columns import LAST, batch_of, call, indented, is_whole

LOSSES = {
    "mse": "nn.MSELoss()",
    "mae": "nn.L1Loss()",
    "huber": f"nn.HuberLoss(delta={HUBER_DELTA!r})",
    "binary_cross_entropy": "nn.BCEWithLogitsLoss()",
    "cross_entropy": "nn.CrossEntropyLoss()",
}
HINGE = [
    "# nn has no such loss; 0 counts as -1.",
    "def loss_of(a, y):",
    "    return (1 - (2 * y - 1) * a).relu().mean()",
]
LION = """

# torch.optim has no Lion: this is it.
class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                u = beta1 * m + (1 - beta1) * w.grad
                w -= group["lr"] * u.sign()
                m.mul_(beta2).add_((1 - beta2) * w.grad)


"""
DECOUPLED = ("sgd", "adam", "adamw", "nadam")  # their weight decay is PyTorch's too
DECAY = """\
# weight_decay= would change slopes;
# here the weights themselves decay.
rate = optimizer.param_groups[0]["lr"]
with torch.no_grad():
    for w in model.parameters():
        w *= 1 - rate * {decay!r}"""


def lines(project: Project, epochs: int) -> list[str]:
    """Everything after the model."""
    options = project.options
    return [
        "",
        *_loss(options.loss),
        *_optimizer(options.optimizer),
        *torch_schedule.lines(options),
        *_penalised(options),
        "",
        *_loop(project, epochs),
    ]


def _loss(name: str) -> list[str]:
    if name == "hinge":
        return [*HINGE, "", ""]
    inside = LAST.get(name)
    note = [f"# The output's {inside} is in it."] if inside else []
    return [*note, f"loss_of = {LOSSES[name]}"]


def _optimizer(optimizer: Optimizer) -> list[str]:
    name, arguments = constants(optimizer)
    made = call(name, ["model.parameters()", f"lr={optimizer.rate!r}", *arguments], "optimizer = ")
    return [*(LION.removesuffix("\n").split("\n") if optimizer.name == "lion" else []), *made]


def constants(optimizer: Optimizer) -> tuple[str, list[str]]:
    """The name of the class, and all it is told but the weights and their rate."""
    name, arguments = _arguments(optimizer)
    decay = optimizer.weight_decay
    if optimizer.name == "adamw" or (decay and optimizer.name in DECOUPLED):  # AdamW decays by itself
        arguments.append(f"weight_decay={decay!r}")
    if decay and optimizer.name == "nadam":
        arguments.append("decoupled_weight_decay=True")
    return name, arguments


def _arguments(optimizer: Optimizer) -> tuple[str, list[str]]:
    """The name of the class, and its constants."""
    betas, eps = f"betas=({optimizer.beta1!r}, {optimizer.beta2!r})", f"eps={optimizer.eps!r}"
    momentum = f"momentum={optimizer.momentum!r}"
    match optimizer.name:
        case "momentum":
            return "torch.optim.SGD", [momentum]
        case "nesterov":
            return "torch.optim.SGD", [momentum, f"nesterov={optimizer.momentum > 0}"]
        case "adagrad":
            return "torch.optim.Adagrad", [eps]
        case "rmsprop":
            return "torch.optim.RMSprop", [f"alpha={optimizer.rho!r}", eps]
        case "adam" | "adamw":
            decays = optimizer.weight_decay or optimizer.name == "adamw"
            return ("torch.optim.AdamW" if decays else "torch.optim.Adam"), [betas, eps]
        case "nadam":
            return "torch.optim.NAdam", [betas, eps]
        case "lion":
            return "Lion", [betas]
    return "torch.optim.SGD", []


def _penalised(options: Options) -> list[str]:
    if not (options.l1 or options.l2):
        return []
    return [
        "# Penalties are for weights only.",
        "weights = [",
        "    layer.weight for layer in model.modules()",
        "    if isinstance(layer, nn.Linear)",
        "]",
    ]


def _loop(project: Project, epochs: int) -> list[str]:
    """Epoch after epoch, batch after batch."""
    options, whole = project.options, is_whole(project)
    by_epoch = torch_schedule.by_epoch(options)
    end = [*torch_schedule.after_epoch(options, project), *_patience(options)]
    if whole:
        inner = [*_update(options, "model(x)", "y", ""), *(["total = loss.item()"] if by_epoch else [])]
        return [*_start(options), f"for epoch in range({epochs}):", *indented([*inner, *end])]
    inner = [
        *_update(options, "model(x[rows])", "y[rows]", "done = True"),
        *(["total += loss.item()"] if by_epoch else []),
    ]
    body = [
        f"order = torch.from_numpy(rng.permutation({project.data.rows}))",
        *(["total = 0.0"] if by_epoch else []),
        f"for rows in order.split({batch_of(project)}):",
        *indented(inner),
        *(["if done:", "    break"] if options.goal is not None else []),
        *end,
    ]
    seed = f"rng = np.random.default_rng({10_000 + options.seed:_})"
    return [
        "# The same order of rows as here.",
        seed,
        *_start(options),
        *(["done = False"] if options.goal is not None else []),
        f"for epoch in range({epochs}):",
        *indented(body),
    ]


def _start(options: Options) -> list[str]:
    return ['best, worse = float("inf"), 0'] if options.patience is not None else []


def _update(options: Options, answers: str, targets: str, mark: str) -> list[str]:
    """What one batch does; where the goal is reached, `mark` is noted and the loop left."""
    made = [f"loss = loss_of({answers}, {targets})", *_goal(options, mark), "optimizer.zero_grad()"]
    terms = [f"{options.l1!r} * sum(w.abs().sum() for w in weights)"] if options.l1 else []
    terms += [f"{options.l2!r} * sum((w**2).sum() for w in weights)"] if options.l2 else []
    for index, term in enumerate(terms):
        made.append(f"penalty {'+=' if index else '='} {term}")
    made.append("(loss + penalty).backward()" if terms else "loss.backward()")
    if options.clip_value is not None:
        made += call("nn.utils.clip_grad_value_", ["model.parameters()", f"{options.clip_value!r}"])
    if options.clip_norm is not None:
        made += call("nn.utils.clip_grad_norm_", ["model.parameters()", f"{options.clip_norm!r}"])
    if options.optimizer.weight_decay and options.optimizer.name not in DECOUPLED:
        made += DECAY.format(decay=options.optimizer.weight_decay).split("\n")
    return [*made, "optimizer.step()", *torch_schedule.after_update(options)]


def _goal(options: Options, mark: str) -> list[str]:
    if options.goal is None:
        return []
    return [f"if loss.item() < {options.goal!r}:", *indented([*([mark] if mark else []), "break"])]


def _patience(options: Options) -> list[str]:
    """Early stopping at the end of an epoch."""
    if options.patience is None:
        return []
    return [
        "model.eval()",
        "with torch.no_grad():",
        "    test = loss_of(model(x_test), y_test).item()",
        "model.train()",
        "worse = 0 if test < best else worse + 1",
        "best = min(best, test)",
        f"if worse >= {options.patience}:",
        "    break",
    ]
