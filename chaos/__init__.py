"""How safe it is: the shipped program is harmed on purpose, and what the far ends saw is judged."""
