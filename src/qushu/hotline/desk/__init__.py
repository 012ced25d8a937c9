"""The desk: where a call becomes a case."""
