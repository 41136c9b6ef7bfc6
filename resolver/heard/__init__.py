"""What a customer said: intents and stated identifiers, read from the words of a transcript."""
