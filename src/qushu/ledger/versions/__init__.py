"""A budget before and after it is approved: its rows (rules), kept versions (actions), the spreadsheet they travel in (sheet)."""
