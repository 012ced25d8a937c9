"""Forms of the code tables."""
