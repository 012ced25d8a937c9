"""`/api/v1`: the hotline for other systems. The rules are those of the pages: same actions, same queries, same matrix."""
