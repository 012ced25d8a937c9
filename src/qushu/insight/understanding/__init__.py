"""Understanding one case: which label (unit, category) its words ask for, how sure that is, and why.

``learning.fit`` learns a ``Model`` (``learn_from`` and ``tried_on`` are its two halves); ``Model.predict_ranked``, ``explain``
and ``promise`` answer; ``keeping.save`` and ``load`` keep it. Nothing is imported here: every process of the product
begins by importing this package, and scikit-learn takes seconds.
"""
