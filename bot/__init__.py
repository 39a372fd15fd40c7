"""Loose Ends: a scheduled bot that turns loose ends in conversation logs into tickets."""

__version__ = "0.1.0"
