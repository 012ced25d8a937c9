"""Administration of code tables, deadline rules, the ladder and the working calendar."""
