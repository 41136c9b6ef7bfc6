"""What ViTo signs or checks the signature of: its secret, sessions, sign-in, tokens of calls, webhooks."""
