"""One search for everything (综合查询)."""
