"""Administration of what the desk works by: urgent words and the dispatch catalogue."""
