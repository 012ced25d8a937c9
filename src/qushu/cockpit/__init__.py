"""The leader's screen: the promises of the year and what stands behind them."""
