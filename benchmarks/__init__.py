<<<<<<< HEAD
"""Measurements of ViTo, each a package that `python -m` runs."""
=======
"""Worlds to measure ViTo in, and the measurements."""
>>>>>>> words
