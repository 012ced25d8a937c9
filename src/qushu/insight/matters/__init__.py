"""Matters (一事多人): what belongs together, as living objects that people can change."""
