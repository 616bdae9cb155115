"""Windows hold nothing that nobody sees."""

from bridge.ports import Form, TextInput
from bridge.team_workspace import views


def test_what_a_field_is_filled_with_beforehand_is_clean() -> None:
    field = TextInput("note", "Note", "half \ud83d, null \x00, \u202enrut\nand a line")
    drawn = views.modal(Form("handback", "Hand back", (field,), submit="Send"), lambda _: "")
    (block,) = drawn["blocks"]
    assert block["element"]["initial_value"] == "half \ufffd, null , nrut\nand a line"
