"""What settings are called on the page, by kind and name."""

from visualnn.gui.names import INITIALIZERS, LOSSES, OPTIMIZERS, PRECISIONS, SCHEDULES

TABLES = {
    "optimizer": OPTIMIZERS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
}
LABELS = {kind: {name: label for name, (label, _spelling) in table.items()} for kind, table in TABLES.items()}
