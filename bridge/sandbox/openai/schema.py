"""Values that fit a JSON schema, made of what was said; and the schemas that strict mode refuses."""

import re
from typing import Any

from bridge.sandbox.openai.talk import Said, asks_for_human

Schema = dict[str, Any]

DEEPEST = 12
FORMATS = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "email": "nobody@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
LONGEST = 300
ABOUT_THE_REPLY = ("reply", "answer", "message", "response")
ABOUT_THE_START = ("subject", "title", "asked", "question")
ABOUT_BEFORE = ("tried", "done", "so_far")
ABOUT_A_HUMAN = ("handoff", "handover", "human", "escalat", "transfer")


class Filler:
    """Fills a schema from one conversation."""

    def __init__(self, root: Schema, *, reply: str, said: Said) -> None:
        self.root, self.reply, self.said = root, reply, said

    def fill(self, schema: Schema | None = None, name: str = "", depth: int = 0) -> Any:
        """A value valid against `schema` (the whole one when not given)."""
        schema = self._resolved(self.root if schema is None else schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        choices: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or []
        if choices:
            nullable = any(self._kind(choice) == "null" for choice in choices)
            return None if nullable else self.fill(choices[0], name, depth + 1)
        match self._kind(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                least = int(schema.get("minItems", 0 if depth > DEEPEST else 1))
                least = min(least, int(schema.get("maxItems", least)))
                return [self.fill(schema.get("items", {}), name, depth + 1) for _ in range(least)]
            case "string":
                return self._string(schema, name)
            case "boolean":
                return asks_for_human(self.said.last) and any(part in name.lower() for part in ABOUT_A_HUMAN)
            case "integer" | "number" as kind:
                return self._number(schema, kind)
            case _:
                return None

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        required = schema.get("required", list(schema.get("properties", {})))
        wanted = {
            name: part for name, part in schema.get("properties", {}).items() if depth < DEEPEST or name in required
        }
        return {name: self.fill(part, name, depth + 1) for name, part in wanted.items()}

    def _string(self, schema: Schema, name: str) -> str:
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        described = str(schema.get("description", ""))
        if choice := re.search(r"(?i)\bone of:? ([\w-]+)", described):
            return choice[1]
        if "ISO 639" in described:
            return "en"
        text = self._words(name.lower()) or "-"
        return text[: schema.get("maxLength", LONGEST)].ljust(schema.get("minLength", 0), ".")

    def _words(self, name: str) -> str:
        """What was said that fits a field of this name."""
        if any(part in name for part in ABOUT_THE_REPLY):
            return self.reply
        if any(part in name for part in ABOUT_BEFORE):
            return self.said.answered
        return self.said.first if any(part in name for part in ABOUT_THE_START) else self.said.last

    def _number(self, schema: Schema, kind: str) -> int | float:
        least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1 if "exclusiveMinimum" in schema else 0)
        value = min(max(least, 0), schema["maximum"]) if "maximum" in schema else max(least, 0)
        step = schema.get("multipleOf")
        if step:
            value = -(-value // step) * step
        return int(value) if kind == "integer" else float(value)

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(DEEPEST):
            if "$ref" not in schema:
                break
            found: Any = self.root
            for part in schema["$ref"].removeprefix("#").strip("/").split("/"):
                found = found[part] if part else found
            schema = found
        else:
            raise ValueError("the schema only points on")
        if len(schema.get("allOf", [])) == 1:
            return self._resolved(schema["allOf"][0])
        return schema

    @staticmethod
    def _kind(schema: Schema) -> str | None:
        kind = schema.get("type")
        if isinstance(kind, list):
            return "null" if "null" in kind else kind[0]
        return kind or ("object" if "properties" in schema else None)


def strict_trouble(schema: Any, path: str = "()") -> str | None:
    """Why strict mode refuses this schema, or None (platform facts 5.3: all required, no open objects, no defaults)."""
    if isinstance(schema, list):
        return next((trouble for part in schema if (trouble := strict_trouble(part, path))), None)
    if not isinstance(schema, dict):
        return None
    if "default" in schema:
        return f"In context={path}, 'default' is not permitted."
    properties = schema.get("properties")
    if schema.get("type") == "object" or isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            return f"In context={path}, 'additionalProperties' is required to be supplied and to be false."
        missing = sorted(set(properties or {}) - set(schema.get("required", [])))
        if missing:
            return (
                f"In context={path}, 'required' is required to include every key in properties. Missing '{missing[0]}'."
            )
    parts = [*(properties or {}).items(), *schema.get("$defs", {}).items()]
    parts += [(key, schema[key]) for key in ("items", "anyOf", "oneOf", "allOf") if key in schema]
    return next((trouble for name, part in parts if (trouble := strict_trouble(part, f"('{name}')"))), None)
