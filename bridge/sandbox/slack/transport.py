"""What sockets and webhooks have in common: an acknowledgement within three seconds, or a reason why not."""

from bridge.sandbox.world import World

PATIENCE = 3.0  # seconds that Slack waits for an acknowledgement


class Undelivered(Exception):
    """Nobody acknowledged a payload. `final` means: do not try again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


def patience(world: World, grace: float) -> float:
    """Sandbox seconds that the app gets; at least `grace` real ones, for a fast clock does not make the app faster."""
    return max(PATIENCE, grace * world.speed)
