"""How fast, how large, and how others do on the same texts."""
