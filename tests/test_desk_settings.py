"""The settings that admins change from Slack: as words and back, and what is refused."""

import string
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.desk_settings import (
    LONGEST,
    SECTIONS,
    DeskSettings,
    Section,
    filled_in,
    in_words,
    may_set,
    section_of,
    too_long,
    with_words,
    wrong_in,
)
from bridge.errors import Refused
from bridge.policy import Policy
from bridge.ports import Agent, Listed, Role
from bridge.texts import BUILT_IN, Texts
from bridge.triggers import Triggers

WORDS = st.lists(st.text(string.ascii_letters, min_size=1), unique=True).map(tuple)
IDS = st.text(string.ascii_uppercase + string.digits, min_size=2, max_size=10)
LIST = st.tuples(  # people first, as a form has them
    st.lists(IDS.map(lambda it: f"U{it}"), max_size=3, unique=True),
    st.lists(st.one_of(IDS.map(lambda it: f"S{it}"), IDS.map(lambda it: f"@{it}")), max_size=3, unique=True),
).map(lambda lists: (*lists[0], *lists[1]))
BOTS = ("shop", "knowledge")
SETTINGS = st.builds(
    DeskSettings,
    st.builds(Texts, *[st.text(string.ascii_letters + " ,.\n")] * 4),
    st.builds(Triggers, st.booleans(), st.integers(0, 100), WORDS),
    st.builds(
        Policy,
        st.sampled_from(["resolve", "close", "keep"]),
        st.sampled_from(["owner", "explicit"]),
        st.integers(0, 60).map(lambda seconds: timedelta(seconds=seconds)),
        st.integers(0, 10_080).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    st.builds(Listed, LIST, LIST, LIST),
    st.permutations(("knowledge", "llm", "shop")).map(lambda it: (it[0], *sorted(it[1:]))),
)


@given(SETTINGS, st.sampled_from(SECTIONS))
def test_a_section_in_words_is_the_same_section_and_a_form_with_them_changes_nothing(
    settings: DeskSettings, section: Section
) -> None:
    words = in_words(settings, section)
    assert filled_in(words, words) == words
    assert wrong_in(words, BUILT_IN, settings.bots) == {}
    in_file = DeskSettings(bots=tuple(sorted(settings.bots)))
    assert with_words(in_file, section, words) == replace(in_file, **{section: getattr(settings, section)})


@pytest.mark.parametrize(
    ("section", "name", "value", "sentence"),
    [
        ("texts", "handover", "Here is {{agent.nam}}", "{{agent.nam}} is not known; did you mean {{agent.name}}?"),
        ("texts", "handover", "Here is {{agent.name}", "{{ and }} do not match; a name is written {{agent.name}}."),
        ("texts", "waiting", "x" * (LONGEST + 1), "This is too long: at most 3000 characters."),
        ("triggers", "after_unsure", "two", "This must be a whole number from 0 to 100."),
        ("triggers", "after_unsure", "101", "This must be a whole number from 0 to 100."),
        ("triggers", "after_unsure", "", "This must be a whole number from 0 to 100."),
        ("triggers", "on_request", "maybe", "This must be one of yes, no."),
        ("triggers", "keywords", "refund\n!!!", "There is no word in “!!!”."),
        ("triggers", "keywords", "\u0301", "There is no word in “\u0301”."),
        ("triggers", "keywords", "refund " * 500, "This is too long: at most 3000 characters."),
        ("policy", "recall_seconds", "61", "This must be a whole number from 0 to 60."),
        ("policy", "recall_seconds", "-1", "This must be a whole number from 0 to 60."),
        ("policy", "recall_seconds", "²", "This must be a whole number from 0 to 60."),
        ("policy", "recall_seconds", "9" * 400, "This must be a whole number from 0 to 60."),
        ("policy", "answer_minutes", "10081", "This must be a whole number from 0 to 10080."),
        ("policy", "answer_minutes", "15m", "This must be a whole number from 0 to 10080."),
        ("roles", "admins", "U0ANA\nana", "“ana” is nobody's id."),
        ("roles", "admins", "\n".join(f"U{n}" for n in range(101)), "At most 100 people; name a user group instead."),
        (
            "roles",
            "viewer_groups",
            "@agents, agents",
            "“agents” is no user group: write its handle, such as @agents, or its id.",
        ),
        ("texts", "back", "No, {{agent.name}}", "{{agent.name}} cannot be on a button."),
        ("texts", "back", "x" * 21, "a button has at most 20 characters."),
        ("bots", "first", "gone", "This desk has no such bot."),
        ("bots", "first", "", "This desk has no such bot."),
        ("policy", "after_hand_back", "forget", "This must be one of resolve, close, keep."),
        ("policy", "audience", "", "This must be one of owner, explicit."),
    ],
)
def test_what_cannot_be_used_is_said_of_its_field(section: Section, name: str, value: str, sentence: str) -> None:
    words = filled_in(in_words(DeskSettings(bots=BOTS), section), {name: value})
    assert wrong_in(words, BUILT_IN, BOTS) == {name: sentence}


def test_names_that_a_flow_asks_for_may_be_used() -> None:
    words = filled_in(in_words(DeskSettings(), "texts"), {"waiting": "Order {{order_number}}: a person comes."})
    assert wrong_in(words, BUILT_IN | {"order_number"}) == {}
    assert wrong_in(words, BUILT_IN).keys() == {"waiting"}


def test_a_form_is_taken_without_needless_blanks_and_what_it_does_not_have_stays() -> None:
    before = in_words(DeskSettings(), "triggers")
    words = filled_in(before, {"keywords": " refund \n\n allergic   reaction\nrefund", "after_unsure": " 3 ", "x": "y"})
    assert words == {"on_request": "yes", "after_unsure": "3", "keywords": "refund\nallergic reaction"}
    assert with_words(DeskSettings(), "triggers", words).triggers.keywords == ("refund", "allergic reaction")


def test_lists_of_people_and_groups_are_one_list_each() -> None:
    settings = DeskSettings(roles=Listed(("@leads", "U0CLEA"), ("S0AGENTS",)))
    words = in_words(settings, "roles")
    assert words == {
        "admins": "U0CLEA", "admin_groups": "@leads", "responders": "", "responder_groups": "S0AGENTS",
        "viewers": "", "viewer_groups": "",
    }  # fmt: skip
    words = filled_in(words, {"responders": "U0ANA\nU0ANA\n", "responder_groups": " @agents,  @night\n@agents "})
    found = with_words(settings, "roles", words).roles
    assert found == Listed(("U0CLEA", "@leads"), ("U0ANA", "@agents", "@night"))


def test_what_is_longer_than_a_form_is_known() -> None:
    assert too_long(in_words(DeskSettings(Texts(waiting="x" * (LONGEST + 1))), "texts"))
    assert not too_long(in_words(DeskSettings(Texts(waiting="x" * LONGEST)), "texts"))
    people = tuple(f"U{number}" for number in range(101))
    assert too_long(in_words(DeskSettings(roles=Listed(viewers=people)), "roles"))
    assert not too_long(in_words(DeskSettings(roles=Listed(viewers=people[:100])), "roles"))


@pytest.mark.parametrize("role", Role)
def test_only_admins_may(role: Role) -> None:
    agent = Agent("U0BEN", "Ben", role)
    if role is Role.ADMIN:
        may_set(agent)
    else:
        with pytest.raises(Refused, match="Only an admin"):
            may_set(agent)


def test_nothing_else_is_a_section() -> None:
    assert [section_of(name) for name in ("texts", "routes", "")] == ["texts", None, None]
