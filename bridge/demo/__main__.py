"""`./run demo`: the main job to try by hand, or played without a browser, or a replay of real conversations."""

import argparse
import asyncio
import contextlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bridge.errors import WrongSetting

PORTS = 20  # tried one after the other


def main() -> int:
    """Run what was asked for; return the exit code."""
    options = _options()
    code = 2
    try:
        code = _run_until_stopped(options)
    except* WrongSetting as errors:
        for error in errors.exceptions:
            _print(str(error))
    return code


def _run_until_stopped(options: argparse.Namespace) -> int:
    try:
        return asyncio.run(_run(options))
    except KeyboardInterrupt:
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8700, help="where to listen (8700)")
    parser.add_argument("--once", action="store_true", help="play the whole story and end")
    parser.add_argument("--json", action="store_true", help="with --once: JSON lines")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="with --once: play real conversations")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N of them")
    parser.add_argument("--limits", choices=("strict", "off"), help="the platforms' rate limits in a replay")
    parser.add_argument("--kills", type=int, metavar="N", help="kill the bridge N times during a replay")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which it is killed (1)")
    options = parser.parse_args()
    if (options.json or options.replay) and not options.once:
        parser.error("--json and --replay go with --once")
    return options


async def _run(options: argparse.Namespace) -> int:
    from bridge import logs

    logs.set_up("WARNING" if options.once else "INFO", "console")
    if options.replay:
        from bridge.demo.replay import replay, replay_with_kills

        if options.kills:
            return await replay_with_kills(
                options.replay, options.limit, options.kills, options.seed, as_json=options.json
            )
        return await replay(options.replay, options.limit, options.limits, as_json=options.json)
    return await (_once(options.json) if options.once else _by_hand(options.port))


async def _once(as_json: bool) -> int:
    from bridge.demo.stage import staged
    from bridge.demo.story import play

    say = _say_json if as_json else _say
    async with staged() as stage:
        well = await play(stage, lambda step: say(asdict(step)))
    say({"step": "end", "ok": well})
    return 0 if well else 1


async def _by_hand(wanted: int) -> int:
    from bridge.demo.stage import staged

    port = _free(wanted)
    if port != wanted:
        _print(f"Port {wanted} is taken; using {port}.")
    async with staged(port) as stage:
        _print(
            f"\n  The demo is running. Open\n\n"
            f"    {stage.url}/sandbox     the workspace, the phones and the web chat side by side\n"
            f"    {stage.url}/chat        the web chat alone\n\n"
            f"  Ask the bot something, ask for a person, then claim in the workspace. Ctrl-C ends it.\n"
        )
        await stage.working
    return 0


def _free(wanted: int) -> int:
    from bridge.server import listening

    for port in range(wanted, wanted + PORTS):
        with contextlib.suppress(OSError):
            listening("127.0.0.1", port).close()
            return port
    raise WrongSetting(f"PORT: {wanted} to {wanted + PORTS - 1} are all taken; give another with --port.")


def _say_json(step: dict[str, object]) -> None:
    _print(json.dumps(step, ensure_ascii=False))


def _say(step: dict[str, object]) -> None:
    mark = "✓" if step["ok"] else "✗"
    if step["step"] == "end":
        _print(f"\n{mark} {'Every step was seen at the far end.' if step['ok'] else 'Something was not seen.'}")
        return
    detail = str(step["detail"]).replace("\n", " ")
    _print(f"{mark} {step['channel']:9} {step['step']:15} {step['ms']:>5} ms  {detail[:90]}")


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
