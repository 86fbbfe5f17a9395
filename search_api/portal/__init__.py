"""The web page: plain HTML that works without scripts."""
