"""Edge stores that run for real: Workers KV in workerd, and Upstash's REST interface in front of a Valkey."""
