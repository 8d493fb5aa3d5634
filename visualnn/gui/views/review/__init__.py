"""A review is typed, and each word shows what it adds to the network's sum.

`view` is the view, `places` where its parts stand, `field` what is typed into, with its words tinted, `sums` the words
below each other.
"""

from visualnn.gui.views.review.view import ReviewView

__all__ = ["ReviewView"]
