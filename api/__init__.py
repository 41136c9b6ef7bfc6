"""The composition root: HTTP, command line, and the processes behind `vito up`."""

from gc import set_threshold

# Objects made before Python looks for cycles. By its own 700 that is a sixth of all CPU of a start; and a transaction
# makes thousands at once, of which nearly none is in a cycle.
set_threshold(20_000, 10, 10)
