"""Block Kit elements and their limits: buttons, selects, inputs, and the parts of rich text.

Numbers: Slack's Block Kit reference and the models of slack-sdk 3.47.
"""

from bridge.sandbox.slack.checks import (
    Check,
    anything,
    array,
    by_type,
    flag,
    integer,
    one_of,
    plain,
    shape,
    string,
    text,
    url,
)

ACTION_ID = string(255, 1)
STYLE = one_of("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
OPTION = shape({"text": text(75), "value": string(150, 1)}, {"description": text(75)})
_WORDS: dict[str, Check] = {"text": plain(75), "value": string(150, 1)}
IN_MENU = shape(_WORDS, {"description": plain(75)})
IN_OVERFLOW = shape(_WORDS, {"description": plain(75), "url": url})
OPTIONS = array(IN_MENU, 100)
GROUPS = array(shape({"label": plain(75), "options": OPTIONS}), 100)
FILTER = shape({}, {"include": anything, "exclude_external_shared_channels": flag, "exclude_bot_users": flag})
COMMON: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}


def _element(required: dict[str, Check], optional: dict[str, Check], *, placeholder: bool = True) -> Check:
    hint = {"placeholder": plain(150)} if placeholder else {}
    return shape({"type": string(), **required}, COMMON | hint | optional)


def _select(source: dict[str, Check], initial: str, check: Check, **more: Check) -> tuple[Check, Check]:
    """A select and its multi-select twin."""
    single = _element({}, source | {f"initial_{initial}": check} | more)
    many = source | {f"initial_{initial}s": array(check, 100), "max_selected_items": integer} | more
    return single, _element({}, many)


_static = _select({"options": OPTIONS, "option_groups": GROUPS}, "option", IN_MENU)
_external = _select({"min_query_length": integer}, "option", IN_MENU)
_users = _select({}, "user", string(255, 1))
_channels = _select({}, "channel", string(255, 1), response_url_enabled=flag)
_conversations = _select(
    {}, "conversation", string(255, 1), response_url_enabled=flag, filter=FILTER, default_to_current_conversation=flag
)
DISPATCH = shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
TYPED: dict[str, Check] = {"initial_value": string(3000), "dispatch_action_config": DISPATCH}

IMAGE = shape({"type": string(), "alt_text": string(2000, 1)}, {"image_url": url, "slack_file": anything})
BUTTON = _element(
    {"text": plain(75)},
    {"value": string(2000), "url": url, "style": STYLE, "accessibility_label": string(75)},
    placeholder=False,
)
SELECTS: dict[str, Check] = {
    name: check
    for kind, pair in {
        "static_select": _static,
        "external_select": _external,
        "users_select": _users,
        "channels_select": _channels,
        "conversations_select": _conversations,
    }.items()
    for name, check in ((kind, pair[0]), (f"multi_{kind}", pair[1]))
}
PICKERS: dict[str, Check] = {
    "datepicker": _element({}, {"initial_date": string(10, 10)}),
    "timepicker": _element({}, {"initial_time": string(5, 5), "timezone": string()}),
    "datetimepicker": _element({}, {"initial_date_time": integer}, placeholder=False),
    "checkboxes": _element({"options": array(OPTION, 10)}, {"initial_options": array(OPTION, 10)}, placeholder=False),
    "radio_buttons": _element({"options": array(OPTION, 10)}, {"initial_option": OPTION}, placeholder=False),
}
INPUTS: dict[str, Check] = {
    "plain_text_input": _element({}, TYPED | {"multiline": flag, "min_length": integer, "max_length": integer}),
    "email_text_input": _element({}, TYPED),
    "url_text_input": _element({}, TYPED),
    "number_input": _element({"is_decimal_allowed": flag}, TYPED | {"min_value": string(), "max_value": string()}),
    "rich_text_input": _element({}, {"initial_value": anything, "dispatch_action_config": DISPATCH}),
    "file_input": _element({}, {"filetypes": array(string(), 100), "max_files": integer}, placeholder=False),
}
OTHERS: dict[str, Check] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": shape(
        {"type": string(), "options": array(IN_OVERFLOW, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}
    ),
    "workflow_button": _element({"text": plain(75), "workflow": anything}, {"style": STYLE}, placeholder=False),
    "feedback_buttons": _element({"positive_button": anything, "negative_button": anything}, {}, placeholder=False),
    "icon_button": _element({"icon": string(), "text": plain(75)}, {"value": string(2000)}, placeholder=False),
}
ELEMENTS = SELECTS | PICKERS | INPUTS | OTHERS
MULTI = {kind for kind in SELECTS if kind.startswith("multi_")}
CLICKABLE = (frozenset(SELECTS) - MULTI) | frozenset(PICKERS) | {"button", "overflow", "workflow_button"}


def element(*kinds: str) -> Check:
    """One interactive element of these kinds."""
    return by_type(ELEMENTS, frozenset(kinds))


MARKS = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_STYLE: dict[str, Check] = {"style": MARKS}
_KIND: dict[str, Check] = {"type": string()}
PARTS: dict[str, Check] = {
    "text": shape(_KIND | {"text": string(None, 1)}, _STYLE),
    "link": shape(_KIND | {"url": url}, _STYLE | {"text": string(), "unsafe": flag}),
    "emoji": shape(_KIND | {"name": string(None, 1)}, _STYLE | {"unicode": string(), "skin_tone": integer}),
    "user": shape(_KIND | {"user_id": string(None, 1)}, _STYLE),
    "usergroup": shape(_KIND | {"usergroup_id": string(None, 1)}, _STYLE),
    "channel": shape(_KIND | {"channel_id": string(None, 1)}, _STYLE),
    "team": shape(_KIND | {"team_id": string(None, 1)}, _STYLE),
    "broadcast": shape(_KIND | {"range": one_of("here", "channel", "everyone")}, _STYLE),
    "date": shape(
        _KIND | {"timestamp": integer, "format": string(None, 1)}, _STYLE | {"url": url, "fallback": string()}
    ),
    "color": shape(_KIND | {"value": string(None, 1)}, _STYLE),
}
_parts = array(by_type(PARTS), 10_000, 0)
_section = shape(_KIND | {"elements": _parts})
RICH_TEXT: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": shape(_KIND | {"elements": _parts}, {"border": integer}),
    "rich_text_preformatted": shape(_KIND | {"elements": _parts}, {"border": integer, "language": string()}),
    "rich_text_list": shape(
        _KIND
        | {"style": one_of("bullet", "ordered"), "elements": array(by_type({"rich_text_section": _section}), 1000)},
        {"indent": integer, "offset": integer, "border": integer},
    ),
}
