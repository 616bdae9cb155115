"""What nobody writes by accident: it must stay dead letters, within Slack's limits."""

PING = "<!channel> <!here> @everyone @here <@U0ANA> <#C0GENERAL> <!subteam^S0AGENTS>"
LINK = "<https://evil.example|click here> [click](https://evil.example) www.evil.example"
MARKS = "*bold* _it_ ~gone~ `code` ```fence```\n> quote &amp; &lt;b&gt; <b>hi</b> :warning: {{agent.name}} {held}"
TIME = "<time 0> <time 99999999999> <!date^0^{date}|never>"
RTL = "שלום עולם · مرحبا بالعالم \u202egnp.tnemyap\u202c \u2067turned\u2069 \u061c"
ZERO = "zero\u200bwidth\u200d \u2060joined\ufeff soft\u00adhyphen \u034f"
CONTROL = "bell\x07 null\x00 escape\x1b[31m back\x08 line\u2028 para\u2029 \x85 del\x7f\r\n"
EMOJI = "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇳🇴 e\u0301\u0301\u0301\u0301 Z̸̧͎̤͂͝ä̵́̋͜l̶̢̉g̷̡̈o̶̎͜"
TEAM = "🤖 👤 ℹ️ ⚠ 🟢 Ana has this"

ALL = "\n".join((PING, LINK, MARKS, TIME, RTL, ZERO, CONTROL, EMOJI, TEAM))
HALF = "half \ud83d"
"""Half a character: it may arrive, but no database takes it."""

NAME = f"{TEAM} <!channel> *Bold* `c` {RTL} {ZERO} {EMOJI}" + "Ä" * 300
SHORT_NAME = "🤖 <!channel> *Bold* \u202eevil\u202c 👩‍👩‍👧‍👦"
LONG = (f"{ALL}\n" + "A very long message, and on it goes. " * 400)[:10_000]
LABELS = (*(f"label-{number:03}-{'x' * 28}" for number in range(97)), "<!here>", "*b*", "שלום")
