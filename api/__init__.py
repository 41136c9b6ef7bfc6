"""The composition root: HTTP, command line, and the processes behind `vito up`."""
