"""Validates JSON documents against docs/schema: the part of JSON Schema 2020-12 that those files use, and no more.

usage: schema_check.py SCHEMA_DIRECTORY FILE...     the document's own "schema" says which one applies
"""
import json
import re
import sys
from pathlib import Path

KEYWORDS = {"$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "anyOf", "properties",
            "patternProperties", "additionalProperties", "required", "items", "minimum", "maximum"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def check_object(value, schema, root, place):
    for name in schema.get("required", []):
        if name not in value:
            yield f"{place}: `{name}` is missing"
    patterns = schema.get("patternProperties", {})
    for name, member in value.items():
        rules = [schema["properties"][name]] if name in schema.get("properties", {}) else []
        rules += [rule for pattern, rule in patterns.items() if re.search(pattern, name)]
        rest = schema.get("additionalProperties", True)
        if not rules and rest is False:
            yield f"{place}: `{name}` is not in the schema"
        if not rules and isinstance(rest, dict):
            rules = [rest]
        for rule in rules:
            yield from check(member, rule, root, f"{place}.{name}")


def check(value, schema, root, place="$"):
    """Yields a line for everything that is wrong with value."""
    unknown = set(schema) - KEYWORDS
    if unknown:
        yield f"{place}: the schema uses {', '.join(sorted(unknown))}, which this validator does not know"
    if "$ref" in schema:
        yield from check(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, place)
    if "anyOf" in schema and all(list(check(value, choice, root, place)) for choice in schema["anyOf"]):
        yield f"{place}: fits none of the choices: " + "; ".join(
            next(iter(check(value, choice, root, place))) for choice in schema["anyOf"])
    if "const" in schema and value != schema["const"]:
        yield f"{place}: is {value!r}, not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: is {value!r}, none of {schema['enum']}"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        yield f"{place}: is {value!r}, no {' or '.join(types)}"
        return
    if is_type(value, "number") and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{place}: is {value}, out of range"
    if isinstance(value, dict):
        yield from check_object(value, schema, root, place)
    if isinstance(value, list) and "items" in schema:
        for index, member in enumerate(value):
            yield from check(member, schema["items"], root, f"{place}[{index}]")


def main():
    directory, files = Path(sys.argv[1]), sys.argv[2:]
    problems = 0
    for name in files:
        document = json.loads(Path(name).read_text())
        kind = document["schema"].removeprefix("ruffbench.").removesuffix("/1")
        schema = json.loads((directory / f"{kind}.schema.json").read_text())
        for problem in check(document, schema, schema):
            print(f"{name}: {problem}")
            problems += 1
    if problems or not files:
        sys.exit(1)


if __name__ == "__main__":
    main()
