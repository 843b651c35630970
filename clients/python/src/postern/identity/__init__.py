"""Who calls the broker: by the signature of AWS keys, or by a token. Never by both in one call."""
