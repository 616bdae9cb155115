"""Results that are no run from one side to the other, each as a sentence."""

from collections.abc import Sequence

from bench.plan import Record


def sentences(records: Sequence[Record]) -> list[str]:
    """Every one of them, as a list in Markdown."""
    return [f"* {said}" for it in records if (said := _said(it))]


def _said(it: Record) -> str:
    who = f"{it.get('subject')} ({it['store']})" if it.get("store") else it.get("subject")
    match it["name"]:
        case "machine":
            return (
                f"{it['cpus']} cores, Python {it['python']}, {it['system']}; load {it['load_before']} before the "
                f"start; one sync of the disk: p50 {it['sync_p50_ms']} ms, p99 {it['sync_p99_ms']} ms."
            )
        case "start":
            return f"{who} listens after {it['start_s']} s, with {it['rss_mib']} MiB."
        case "low_load" if "commits" in it:
            return (
                f"{who}, {it['direction']}, 20 messages/s: p50 {it['p50_ms']} ms, commits before a message leaves: "
                f"{it['commits']}; one sync takes {it['sync_p50_ms']} ms at that pace, so {it['added_p50_ms']} ms "
                "are its own."
            )
        case "history" if "ratio" in it:
            return f"{who}, {it['direction']}: {it['ratio']} times the CPU with {it['stored']:,} stored messages."
        case "two_processes" if "deadlocks" in it:
            return f"{who}, two processes: {it['deadlocks']} deadlocks; at most {it['rss_mib']} MiB each."
        case "handoff":
            calls = ", ".join(f"{count} {method}" for method, count in it["calls"].items())
            return (
                f"{who}, a claim, {it['replies']} replies and a hand back: {it['slack_calls']} calls to Slack without "
                f"the {it['marks']} marks; all of them are {calls}."
            )
        case "left_out":
            return f"{who} is left out: {it['why']}."
        case "conversations" | "open_conversations" | "restart" | "streams":
            return f"{who} {_grown(it)}"
        case "one_channel" | "scheduler":
            return f"{who}, {_paced(it)}"
        case _:
            return ""


def _grown(it: Record) -> str:
    match it["name"]:
        case "conversations":
            return (
                f"takes {it['rss_mib']} MiB with {it['conversations']} more open conversations: "
                f"{it['rss_mib_per_10000']} MiB for each 10,000."
            )
        case "streams":
            return (
                f"with {it['visitors']:,} visitors who have the web chat open, {it['messages_per_s']} replies/s from "
                f"Slack to the page: p50 {it['p50_ms']} ms, p99 {it['p99_ms']} ms; {it['kib_a_visitor']} KiB for each "
                f"visitor; {it['lost']} lost, {it['twice']} twice."
            )
        case "open_conversations":
            return (
                f"with {it['conversations']:,} open conversations: listens after {it['start_s']} s with "
                f"{it['rss_at_first_mib']} MiB; {it['rss_mib']} MiB when {it['used']:,} have been used."
            )
        case _:
            return (
                f"after SIGKILL, with {it['conversations']:,} conversations and {it['stored']:,} messages: the first "
                f"of {it['unfinished']} unfinished ones is sent after {it['first_send_s']} s, the last after "
                f"{it['all_sent_s']} s, and a new one after {it['new_message_s']} s; {it['rss_mib']} MiB; "
                f"{it['lost']} lost, {it['twice']} twice."
            )


def _paced(it: Record) -> str:
    if it["name"] == "one_channel":
        return (
            f"{it['offered']:g} messages/s offered to one channel for {it['seconds']:g} s: {it['posts']} posts with "
            f"{it['messages']} messages, p50 {it['p50_ms'] / 1000:.1f} s, p95 {it['p95_ms'] / 1000:.1f} s; "
            f"{it['refused']} calls refused, {it['lost']} lost, {it['twice']} twice."
        )
    more = ""
    if "posts_used" in it:
        more = (
            f", {100 * it['posts_used']:.1f} % of what is allowed; {it['refused']} refused; agents' words wait "
            f"{it['to_customers_p99_ms'] / 1000:.2f} s (p99); {it['lost']} lost, {it['twice']} twice"
        )
    return (
        f"one channel for {it['seconds'] / 60:g} minutes, {it['conversations']} conversations "
        f"({it['messages_per_s']} messages/s): with an agent p95 {it['claimed_p95_ms'] / 1000:.1f} s, everybody p99 "
        f"{it['p99_ms'] / 1000:.1f} s; {it['posts']:,} posts with {it['messages']:,} messages{more}."
    )
