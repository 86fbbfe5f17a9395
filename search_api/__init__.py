"""Questions to answers, every word of them copied and cited."""
