"""Where agents work: Slack, as the port `TeamWorkspace`. Knows nothing of customers' channels."""
