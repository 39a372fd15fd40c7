"""Keeps secrets out of everything the bot stores, prints and files."""
