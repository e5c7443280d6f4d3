"""Planning schemes over one base: figures from geometry, compared with the plot's limits."""

from scenes.schemes.compare import comparison
from scenes.schemes.decision import Decision, DecisionStore
from scenes.schemes.figures import SchemeFigures, figures
from scenes.schemes.plot import Limit, Plot, plot_of

__all__ = ["Decision", "DecisionStore", "Limit", "Plot", "SchemeFigures", "comparison", "figures", "plot_of"]
