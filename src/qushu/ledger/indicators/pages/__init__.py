"""Pages of the indicators: targets and what is known of them, and the indicators themselves."""
