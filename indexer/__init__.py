"""Plans to an index: segmented, chunked, embedded, stored, and found again."""
