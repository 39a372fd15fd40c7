"""The state: what was read, found, decided, filed and seen back. SQLAlchemy Core; SQLite unless told otherwise."""
