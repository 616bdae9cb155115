"""Everything that Slack shows, in every state, as JSON and pictures in docs/gallery. Beside the product, not in it."""
