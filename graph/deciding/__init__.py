"""The queue, what specialists decide there, the log of it, and the way back."""
