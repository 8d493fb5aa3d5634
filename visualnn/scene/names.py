"""What optimizers, first weights, losses and schedules are called here, and in PyTorch and Keras."""

from __future__ import annotations

Names = dict[str, tuple[str, str]]  # by the name in `nn`: the label, and the spelling in the libraries

OPTIMIZERS: Names = {
    "sgd": ("SGD", 'torch.optim.SGD · Keras "sgd"'),
    "momentum": ("Momentum", "torch.optim.SGD(momentum=0.9) · keras.optimizers.SGD(momentum=0.9)"),
    "nesterov": ("Nesterov", "torch.optim.SGD(momentum=0.9, nesterov=True) · keras.optimizers.SGD(0.01, 0.9, True)"),
    "adagrad": ("AdaGrad", 'torch.optim.Adagrad · Keras "adagrad"'),
    "rmsprop": ("RMSprop", "torch.optim.RMSprop · keras.optimizers.RMSprop(rho=0.99)"),
    "adam": ("Adam", 'torch.optim.Adam · Keras "adam"'),
    "adamw": ("AdamW", 'torch.optim.AdamW · Keras "adamw"'),
    "nadam": ("NAdam", 'torch.optim.NAdam · Keras "nadam"'),
    "lion": ("Lion", 'Keras "lion" · not in torch.optim'),
}
INITIALIZERS: Names = {
    "glorot_uniform": ("Glorot uniform", 'torch.nn.init.xavier_uniform_ · Keras "glorot_uniform"'),
    "glorot_normal": ("Glorot normal", "torch.nn.init.xavier_normal_ · like Keras “glorot_normal”, not cut off"),
    "he_uniform": ("He uniform", 'torch.nn.init.kaiming_uniform_ · Keras "he_uniform"'),
    "he_normal": ("He normal", "torch.nn.init.kaiming_normal_ · like Keras “he_normal”, not cut off"),
    "lecun_uniform": (
        "LeCun uniform",
        'torch.nn.init.kaiming_uniform_(nonlinearity="linear") · Keras "lecun_uniform"',
    ),
    "lecun_normal": (
        "LeCun normal",
        'torch.nn.init.kaiming_normal_(nonlinearity="linear") · like Keras “lecun_normal”, not cut off',
    ),
    "orthogonal": ("Orthogonal", 'torch.nn.init.orthogonal_ · Keras "orthogonal"'),
    "uniform": ("Uniform", 'torch.nn.init.uniform_ · Keras "random_uniform"'),
    "normal": ("Normal", 'torch.nn.init.normal_ · Keras "random_normal"'),
    "constant": ("All the same", "torch.nn.init.constant_ · keras.initializers.Constant"),
    "zeros": ("All 0", 'torch.nn.init.zeros_ · Keras "zeros"'),
}
LOSSES: Names = {
    "mse": ("Squared error", 'torch.nn.MSELoss · Keras "mse"'),
    "mae": ("Absolute error", 'torch.nn.L1Loss · Keras "mae"'),
    "huber": ("Huber", 'torch.nn.HuberLoss · Keras "huber"'),
    "hinge": ("Hinge", 'Keras "hinge" · torch: relu(1 - y*a).mean() with y = 1 or -1'),
    "binary_cross_entropy": ("Cross-entropy", 'torch.nn.BCELoss · Keras "binary_crossentropy"'),
    "cross_entropy": ("Cross-entropy", 'torch.nn.CrossEntropyLoss · Keras "categorical_crossentropy"'),
}
SCHEDULES: Names = {  # in the libraries all but the plateau are usually counted in epochs, here in updates
    "constant": ("Constant", "The learning rate stays as it is set."),
    "step": ("Steps", "torch.optim.lr_scheduler.StepLR · Keras ExponentialDecay(staircase=True)"),
    "exponential": ("Exponential", "torch.optim.lr_scheduler.ExponentialLR · Keras ExponentialDecay"),
    "cosine": ("Cosine", "torch.optim.lr_scheduler.CosineAnnealingLR · Keras CosineDecay"),
    "plateau": ("On a plateau", "torch.optim.lr_scheduler.ReduceLROnPlateau · Keras ReduceLROnPlateau"),
}
PRECISIONS: Names = {
    "float64": ("Exact (64 bit)", 'torch.float64 · Keras "float64"'),
    "float32": ("Fast (32 bit)", 'torch.float32 · Keras "float32", what both take by themselves'),
}
PERIODS = {  # what a period is good for
    "step": "Updates from one fall of the learning rate to the next.",
    "exponential": "Updates in which the learning rate falls by the factor.",
    "cosine": "Updates in which the learning rate falls to its lowest.",
}
TABLES = {
    "optimizer": OPTIMIZERS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
}
LABELS = {kind: {name: label for name, (label, _spelling) in table.items()} for kind, table in TABLES.items()}
