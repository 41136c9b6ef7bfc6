"""Evidence for and against a link, in bits that add up, by three hypotheses."""
