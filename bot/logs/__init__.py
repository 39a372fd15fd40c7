"""Conversation logs: finding them, reading what is new in them, and one reader for each format."""
