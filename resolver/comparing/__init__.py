"""How two values compare: ladders of levels, each with the sentence that a specialist reads."""
