"""Understanding one case: which label (unit, category) its words ask for, how sure that is, and why.

``fit`` learns a ``Model`` (``learn_from`` and ``tried_on`` are its two halves); ``Model.predict_ranked``, ``explain`` and ``promise`` answer; ``save`` and ``load`` keep it.
"""

from .keeping import BadModelFile, load, save
from .learning import Plan, fit, learn_from, tried_on
from .model import Model, Reason

__all__ = ["BadModelFile", "Model", "Plan", "Reason", "fit", "learn_from", "load", "save", "tried_on"]
