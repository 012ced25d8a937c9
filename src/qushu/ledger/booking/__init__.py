"""The double-entry books: what an act moves (rules), making entries (actions), balances and execution (queries)."""
