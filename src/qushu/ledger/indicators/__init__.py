"""Targets that measure themselves: bindings to measures of the running systems, readings, and where each target stands."""
