"""Chaos: real processes, killed, paused and cut off at random while channels post and specialists decide."""
