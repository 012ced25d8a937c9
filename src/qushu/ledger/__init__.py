"""The ledger of promises: budget, targets, indicators and their readings."""
