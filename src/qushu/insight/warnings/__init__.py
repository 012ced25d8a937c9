"""Warnings: surges, new words, emergencies, silences, each with its ground, its rows and its outcome."""
