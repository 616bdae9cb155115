"""From the outbox to the ports: one lane at a time in order, many lanes side by side."""
