"""Measures extraction against labelled conversations, calibrates it and makes the data files it ships with."""
