"""A whole shift on the sandbox's page, by hand: two agents, a manager, and customers with their phones.

Nothing is called but what can be clicked and typed.
"""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from bridge import manifest

from ...conftest import Rigs
from .conftest import OpenPage
from .test_page import files_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
PHOTO: FilePayload = {"name": "cup.png", "mimeType": "image/png", "buffer": b64decode(DOT)}
INVOICE: FilePayload = {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 an invoice"}
SECRET: FilePayload = {"name": "salaries.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 salaries"}
PATIENCE = 20_000  # ms in which one thing is seen, on a busy machine


@dataclass
class Customer:
    """Somebody with a phone."""

    phone: Locator
    name: str

    async def says(self, text: str) -> None:
        field = self.phone.get_by_label(f"Message from {self.name}")
        await field.fill(text)
        await field.press("Enter")

    async def hears(self, text: str) -> None:
        await expect(self.phone.locator(".bubble-row:not(.own)", has_text=text).last).to_be_visible()

    async def blocks(self, action: str) -> None:
        """Shut the door on the bot, or open it."""
        await self.phone.get_by_role("button", name="Chat menu").click()
        await self.phone.page.get_by_role("button", name=f"{action} the bot").click()

    @property
    def heard(self) -> Locator:
        return self.phone.get_by_role("log")


@dataclass
class Agent:
    """Somebody at their screen."""

    page: Page
    name: str

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def window(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def cards(self) -> Locator:
        log = self.page.get_by_role("log", name="Messages in support-queue")
        return log.locator(".row", has=self.page.locator("[data-action=transcript], [data-action=more]"))

    def card(self, customer: str) -> Locator:
        """The newest card of a customer."""
        return self.cards.filter(has_text=customer).last

    def row(self, text: str) -> Locator:
        """A message in the thread; what quotes it comes later."""
        return self.thread.locator(".row:not(.ephemeral)", has_text=text).first

    def private(self, text: str) -> Locator:
        """What only they see."""
        return self.page.locator(".row.ephemeral", has_text=text).last

    async def sees(self, customer: str, text: str) -> None:
        """The card says so."""
        await expect(self.card(customer)).to_contain_text(text)

    async def marked(self, text: str, mark: str) -> None:
        """A message carries this mark."""
        await expect(self.row(text).get_by_role("button", name=f"{mark}, 1")).to_be_visible()

    async def presses(self, place: Locator, button: str) -> None:
        await place.get_by_role("button", name=button, exact=True).click()

    async def opens(self, customer: str) -> None:
        """The thread of a customer."""
        await self.card(customer).locator(".thread-link").click()
        await expect(self.thread).to_contain_text(customer)

    async def writes(self, text: str) -> None:
        """In the thread that is open."""
        await self._enters(self.thread.get_by_label("Reply in the thread"), text)

    async def commands(self, line: str) -> None:
        """In the channel."""
        await self._enters(self.page.get_by_label("Message #support-queue"), line)

    async def _enters(self, field: Locator, text: str) -> None:
        await field.fill(text)
        await field.press("Escape")  # nothing is to be completed
        await field.press("Enter")

    async def picks(self, text: str, action: str) -> None:
        """Something from the menu of a message in the thread."""
        message = self.row(text)
        await message.hover()
        await message.get_by_role("button", name="More message actions").click()
        await self.page.get_by_role("button", name=action).click()


@dataclass
class Shift:
    """Everybody who is there."""

    ana: Agent
    ben: Agent
    clea: Agent
    maria: Customer
    jonas: Customer
    slow: Callable[[str], None]  # Slack takes a second for each of the next two calls of this method


@pytest.fixture
async def shift(rigs: Rigs, open_page: OpenPage) -> AsyncIterator[Shift]:
    """A desk with its board, and a screen for each: the customers share one."""
    expect.set_options(timeout=PATIENCE)
    async with rigs(board=True) as rig:
        rig.sandbox.slack.connect({"manifest": manifest.content()})

        async def screen(name: str) -> Agent:
            page = await open_page(rig.sandbox_url, width=1800, height=1000)
            await page.get_by_role("button", name=name).click()
            return Agent(page, name.split()[0])

        ana, ben, clea = [await screen(name) for name in ("Ana Ruiz", "Ben Okafor", "Clea Martin")]
        street = await open_page(rig.sandbox_url, width=1800, height=1000)
        maria = Customer(street.locator("#phone-telegram"), "Maria")
        jonas = Customer(street.locator("#phone-whatsapp"), "Jonas")
        yield Shift(ana, ben, clea, maria, jonas, lambda method: rig.fault("slack", method, "delay", 2))
    expect.set_options(timeout=5_000)


async def on_the_phone(customer: Customer, tab: str) -> Customer:
    """The street shows one phone at a time."""
    await customer.phone.page.get_by_role("tab", name=tab).click()
    return customer


async def at_once(*agents: Agent) -> None:
    """What they press next reaches Slack in the same moment."""
    together = asyncio.Barrier(len(agents))

    async def hold(route: Route) -> None:
        await together.wait()
        await route.continue_()

    for agent in agents:
        await agent.page.route("**/_sandbox/act", hold, times=1)


async def race(shift: Shift) -> tuple[Agent, Agent]:
    """Both want Maria; one gets her, and the other is told."""
    ana, ben = shift.ana, shift.ben
    for agent in (ana, ben):
        await expect(agent.card("Maria").locator(".thread-link")).to_be_visible()
    await at_once(ana, ben)
    shift.slow("chat.update")  # else the card has no such button any more when the second click comes
    await asyncio.gather(*(agent.presses(agent.card("Maria"), "Claim") for agent in (ana, ben)))
    await shift.clea.sees("Maria", "has this")
    won = "Ana has this" in await shift.clea.card("Maria").inner_text()
    winner, loser = (ana, ben) if won else (ben, ana)
    await expect(loser.private(f"{winner.name} has had this conversation since")).to_be_visible()
    await shift.maria.hears(f"You are now talking to {winner.name}.")
    return winner, loser


async def talk(shift: Shift, winner: Agent, loser: Agent) -> None:
    """An answer, a note, a mention that is held, a change, a word of somebody else."""
    maria = shift.maria
    await winner.opens("Maria")
    await winner.writes("Hello Maria, it arives tomorrow.")
    await maria.hears("it arives tomorrow")
    await winner.marked("it arives tomorrow", "white check mark")
    await winner.writes("!note she is a good customer")

    await winner.writes(f"@{loser.name.lower()} can you ask the depot?")
    asked = winner.private("so it was not sent")
    await winner.marked("can you ask the depot?", "raised hand")
    await winner.presses(asked, "Keep as note")
    await expect(winner.private("Kept as a note.")).to_contain_text("can you ask the depot?")
    await winner.writes(f"My colleague @{loser.name.lower()} is on the phone with them.")
    await winner.presses(winner.private("is on the phone"), "Send")
    await maria.hears("is on the phone with them.")

    await winner.picks("it arives tomorrow", "Edit message")
    editor = winner.page.get_by_label("Edit message")
    await editor.fill("Hello Maria, it arrives tomorrow.")
    await editor.press("Enter")
    await maria.hears("it arrives tomorrow.")
    await expect(maria.heard).not_to_contain_text("arives")

    await loser.opens("Maria")
    await loser.writes("They say Friday, in fact.")
    await loser.presses(loser.private("messages reach the customer"), "Keep as note")
    await expect(loser.private("Kept as a note.")).to_be_visible()
    await winner.picks("They say Friday, in fact.", "Send to customer")
    await maria.hears("They say Friday, in fact.")

    await loser.writes("Let me write that down.")
    await expect(loser.private("Let me write that down.")).to_be_visible()
    await loser.picks("Let me write that down.", "Delete message")
    await loser.presses(loser.window, "Delete")
    await expect(loser.row("Let me write that down.")).to_have_count(0)
    for kept in ("good customer", "depot", "write that down"):
        await expect(maria.heard).not_to_contain_text(kept)


async def files(shift: Shift, winner: Agent) -> None:
    """A picture comes from the customer, and a file goes back with words; one that was chosen by mistake does not."""
    await files_of(shift.maria.phone).set_input_files(PHOTO)
    await shift.maria.says("This is how it came")
    await expect(winner.row("This is how it came")).to_be_visible()
    await expect(winner.row("photo.png")).to_be_visible()  # Telegram gives pictures no names
    await files_of(winner.thread).set_input_files([INVOICE, SECRET])
    await winner.presses(winner.thread, f"Remove {SECRET['name']}")
    await winner.writes("Here is your invoice")
    await shift.maria.hears("Here is your invoice")
    await expect(shift.maria.heard).to_contain_text(INVOICE["name"])
    await winner.marked("Here is your invoice", "white check mark")
    await expect(shift.maria.heard).not_to_contain_text(SECRET["name"])


async def fail(shift: Shift, winner: Agent) -> None:
    """Maria blocks the bot, a reply fails, and is sent again once she is back."""
    await shift.maria.blocks("Block")
    await winner.writes("Shall I send you a voucher?")
    await winner.marked("Shall I send you a voucher?", "warning")
    failed = winner.row("did not reach the customer")
    await expect(failed).to_contain_text("Shall I send you a voucher?")
    await shift.maria.blocks("Unblock")
    await winner.presses(failed, "Send again")
    await shift.maria.hears("Shall I send you a voucher?")
    await winner.marked("Shall I send you a voucher?", "white check mark")


async def pass_on(shift: Shift, winner: Agent, loser: Agent) -> None:
    """Maria is assigned in a window; the manager whispers."""
    await winner.presses(winner.card("Maria"), "Assign")
    people = winner.window.get_by_label("Who is to answer?")
    await people.select_option(label={"Ana": "Ana Ruiz", "Ben": "Ben Okafor"}[loser.name])
    await winner.presses(winner.window, "Assign")
    await expect(winner.window).to_have_count(0)
    await winner.sees("Maria", f"{loser.name} has this")
    await expect(loser.row(f"{winner.name} assigned this to {loser.name}").locator(".mention")).to_have_count(1)
    await shift.clea.opens("Maria")
    await shift.clea.writes("!whisper offer her a refund")
    await expect(loser.row(f"Clea whispers to {loser.name}")).to_contain_text("offer her a refund")
    await expect(shift.maria.heard).not_to_contain_text("refund")


async def queue_window(shift: Shift, loser: Agent) -> None:
    """Jonas waits: who looks for him finds him, and claims him where he stands."""
    jonas = await on_the_phone(shift.jonas, "WhatsApp")
    await jonas.says("I want to talk to a human")
    await jonas.hears("A person from our team")
    await loser.sees("Jonas", "Waiting for a person")
    await loser.commands("/queue")
    await expect(loser.window).to_contain_text("Maria")
    await loser.window.get_by_label("State").select_option(label="Waiting")
    await expect(loser.window).not_to_contain_text("Maria")
    await loser.presses(loser.window, "Claim")
    await expect(loser.window).to_contain_text("Nothing here.")
    await loser.presses(loser.window.locator("footer"), "Close")
    await loser.sees("Jonas", f"{loser.name} has this")
    await jonas.hears(f"You are now talking to {loser.name}.")


async def hand_back(shift: Shift, loser: Agent) -> None:
    """With two conversations, `/handback` asks which one; the card of the other stays."""
    await loser.commands("/handback a voucher is promised")
    picker = loser.private("Which one goes back to the bot?")
    await picker.get_by_role("button", name="Maria").click()
    await loser.sees("Maria", "Back with the bot")
    await loser.sees("Maria", "a voucher is promised")
    await loser.sees("Jonas", f"{loser.name} has this")
    maria = await on_the_phone(shift.maria, "Telegram")
    await maria.hears("Our assistant is back")


async def reopen(shift: Shift, winner: Agent) -> None:
    """The old card opens a new one, and they lead to each other."""
    await winner.presses(winner.card("Maria"), "Reopen")
    await expect(winner.cards.filter(has_text="Maria")).to_have_count(2)
    await winner.sees("Maria", f"{winner.name} has this")
    await winner.sees("Maria", "Earlier")
    await expect(winner.cards.filter(has_text="Maria").first).to_contain_text("Goes on as")
    await shift.maria.hears(f"You are now talking to {winner.name}.")


async def at_home(shift: Shift, winner: Agent, loser: Agent) -> None:
    """The Home tab shows what is theirs; the manager sees all of it, and says that she leaves."""
    await loser.presses(loser.page.get_by_role("navigation", name="Workspace"), "App home")
    home = loser.page.get_by_role("region", name="Home tab")
    await expect(home).to_contain_text("Yours: 1")
    await home.locator("[data-action=handback]").click()
    await expect(home).to_contain_text("You have no conversation.")
    clea = shift.clea
    await clea.sees("Jonas", "Back with the bot")
    await clea.presses(clea.page.get_by_role("navigation", name="Workspace"), "App home")
    home = clea.page.get_by_role("region", name="Home tab")
    await expect(home).to_contain_text(f"{winner.name} has it since")
    await clea.presses(home, "I am away")
    await expect(home).to_contain_text("You are away since")
    await clea.presses(home, "I am back")
    await expect(home).to_contain_text("You are shown as there.")


async def end(shift: Shift, winner: Agent) -> None:
    """The last one ends; who presses End is asked first."""
    await winner.presses(winner.card("Maria"), "End")
    await winner.presses(winner.window, "Not yet")
    await winner.sees("Maria", f"{winner.name} has this")
    await winner.presses(winner.card("Maria"), "End")
    await winner.presses(winner.window, "End it")
    await winner.sees("Maria", "Ended")
    await shift.maria.hears("This conversation has ended")


async def test_a_whole_shift_by_hand(shift: Shift) -> None:
    await shift.maria.says("It has been nine days. I want to talk to a human")
    await shift.maria.hears("A person from our team")
    winner, loser = await race(shift)
    await talk(shift, winner, loser)
    await files(shift, winner)
    await fail(shift, winner)
    await pass_on(shift, winner, loser)
    await queue_window(shift, loser)
    await hand_back(shift, loser)
    await reopen(shift, winner)
    await at_home(shift, winner, loser)
    await end(shift, winner)
    board = winner.page.get_by_role("log", name="Messages in support-queue").locator(
        ".row", has_text="Nobody has a conversation."
    )
    await expect(board).to_contain_text("Pinned")
