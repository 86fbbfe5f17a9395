"""From pairs of texts to the encoder that comes along, and from the same texts to the restorer."""
