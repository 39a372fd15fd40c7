"""Is it already known? Fingerprints today; similarity (retrieval, score, decision) joins them in this room."""
