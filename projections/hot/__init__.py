"""The hot memory and the reads from it: how it is reached, what it holds, who fills it, what the graph says instead."""
