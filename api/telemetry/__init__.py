"""What is told of the work while it runs: figures, log lines and traces, by names and never by values."""
