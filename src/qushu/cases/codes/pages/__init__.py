"""Pages of the code tables."""
