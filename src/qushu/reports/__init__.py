"""Reports: computed from a snapshot, written in the official style, signed off, kept."""
