"""Measuring the methods of the analysis system on files, beside published or plain references, without a database."""
