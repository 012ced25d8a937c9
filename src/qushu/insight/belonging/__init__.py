"""What belongs together: many people, one matter (一事多人), found by what the words share."""

from .grouping import Group, Nearness, group_rows
from .likeness import likeness_graph, text_rows

__all__ = ["Group", "Nearness", "group_rows", "likeness_graph", "text_rows"]
