"""Is it any good: questions with known answers, retrieval sets, and what they measure."""
