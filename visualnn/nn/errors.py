"""The one exception a learner is meant to see."""


class VisualNNError(Exception):
    """An expected problem. Its message is one clear sentence for the learner, naming what and where."""
