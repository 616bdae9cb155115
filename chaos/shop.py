"""The desk that the bridge under test runs: its bot is the sandbox's model, which repeats what it was asked."""

from pathlib import Path

from bridge.demo.stage import environment

DESK = '[desk]\nname = "Chaos"\nbots = ["model"]\n\n[bots.model]\nkind = "llm"\nbusiness = "a shop"\n'
MODEL = "/openai/v1"


def variables(folder: Path, sandbox: str, database: str) -> dict[str, str]:
    """Everything that a bridge is told, but its port."""
    config = folder / "bridge.toml"
    config.write_text(DESK, encoding="utf-8")
    return {
        **environment(sandbox, folder),
        "BRIDGE_CONFIG": str(config),
        "BRIDGE_PACING": "off",
        "DATABASE_URL": database,
        "LOG_LEVEL": "WARNING",
        "OPENAI_BASE_URL": f"{sandbox}{MODEL}",
    }
