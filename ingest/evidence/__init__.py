"""Evidence: audio, transcripts and documents, kept by the hash of their bytes."""
