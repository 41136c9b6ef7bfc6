"""What follows from decisions: views, contradictions, the chain of the log, and what taking back takes along."""
