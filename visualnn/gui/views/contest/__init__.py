"""A race over a landscape: who runs, where each is at this moment, who was bet on, and which rate is best for whom.

`content` is what the page is given, `head` its title and what stands beneath the rows, `bets` the finishing line and
the bet, `best_rate` the search for a rate with its `plot`, `scoreboard` who has arrived, `caption` the sentence at the
foot, `view` the page; a runner's row is `widgets.runner_row`.
"""

from visualnn.gui.views.contest.content import Bet, ContestContent, Score, Search, Trial
from visualnn.gui.views.contest.view import ContestView

__all__ = ["Bet", "ContestContent", "ContestView", "Score", "Search", "Trial"]
