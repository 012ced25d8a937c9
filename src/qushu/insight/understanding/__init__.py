"""Understanding one case: which label (unit, category) its words ask for, how sure that is, and why.

``fit`` learns a ``Model``; ``Model.predict_ranked``, ``explain`` and ``promise`` answer; ``save`` and ``load`` keep it.
"""

from .keeping import BadModelFile, load, save
from .learning import Plan, fit
from .model import Model, Reason

__all__ = ["BadModelFile", "Model", "Plan", "Reason", "fit", "load", "save"]
