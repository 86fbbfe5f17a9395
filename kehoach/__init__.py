"""The command line: one thin layer over the four packages, the only code that sees them all."""
