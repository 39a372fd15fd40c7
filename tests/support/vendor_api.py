"""Holds every exchange with a tracker against the vendor's own API description, where that is at hand.

The descriptions are data of the vendors and no part of this repository: they lie in the folder ``specs`` beside the
one that ``LOOSE_ENDS_EVAL`` names. They are read more strictly than they are written: a parameter or a field that is
not described fails.
"""

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SLICES = {
    "github": "slice-github-issues.json",
    "gitlab": "slice-gitlab-issues.json",
    "jira-v2": "slice-jira-cloud-v2-issues.json",
    "jira-v3": "slice-jira-cloud-v3-issues.json",
}
WHOLE = {"github": "github-rest-api*.json.gz", "jira-v3": "jira-cloud-v3*.json.gz"}

# What the vendors' own descriptions get wrong or leave out; each was looked up in the vendor's documentation.
UNDESCRIBED = {
    "gitlab": (
        ("GET", r"/api/v4/projects/[^/]+/labels", {"page", "per_page", "search", "with_counts", "pagination"}),
        ("POST", r"/api/v4/projects/[^/]+/labels", {"name", "color", "description"}),
        (
            "GET",
            r"/api/v4/projects/[^/]+/issues/\d+/notes",
            {"page", "per_page", "sort", "order_by", "activity_filter"},
        ),
        ("POST", r"/api/v4/projects/[^/]+/issues/\d+/notes", {"body", "internal"}),
        ("PUT", r"/api/v4/projects/[^/]+/issues/\d+/notes/\d+", {"body"}),
        ("GET", r"/api/v4/personal_access_tokens/self", set()),
    ),
    # what a redirect of a renamed repository leads to
    "github": (("POST", r"/graphql", {"query", "variables"}), ("GET", r"/repositories/\d+", set())),
}

ANYWHERE = (304, 307, 308, 401, 403, 404, 413, 429, 451)


class NotDescribed(AssertionError):
    """The vendor's description does not allow this exchange."""


class VendorApi:
    """One vendor's description; ``watch`` is for ``fake_http.mount``. ``seen`` counts exchanges by operation."""

    def __init__(self, name, description, whole=None):
        self.name, self.description, self.whole = name, description, whole
        self.seen = {}

    @classmethod
    def load(cls, name):
        folder = os.environ.get("LOOSE_ENDS_EVAL")
        path = Path(folder).parent / "specs" / SLICES[name] if folder else None
        return cls(name, *_loaded(name, path)) if path and path.exists() else None

    def watch(self, prepared, answer):
        parts = urlsplit(prepared.url)
        path = parts.path.removeprefix("/api/v3") if self.name == "github" else parts.path
        query = parse_qs(parts.query, keep_blank_values=True)
        body = json.loads(prepared.body) if prepared.body else None
        if self._is_undescribed(prepared.method, path, query, body):
            return
        template, operation, tree = self._operation(prepared.method, path)
        self.seen[f"{prepared.method} {template}"] = self.seen.get(f"{prepared.method} {template}", 0) + 1
        where = f"{prepared.method} {path}"
        self._check_query(where, operation, query, tree)
        self._check_body(where, operation, body, tree)
        self._check_answer(where, operation, answer, tree)

    def _is_undescribed(self, method, path, query, body):
        for verb, pattern, names in UNDESCRIBED.get(self.name, ()):
            if verb == method and re.fullmatch(pattern, path):
                unknown = {*query, *(body or {})} - names
                if unknown:
                    raise NotDescribed(f"{method} {path}: unknown {sorted(unknown)}")
                return True
        return False

    def _operation(self, method, path):
        for tree in (self.description, self.whole):
            for template, pattern in _templates(tree) if tree else ():
                if pattern.fullmatch(path) and method.lower() in tree["paths"][template]:
                    item = tree["paths"][template]
                    operation = dict(item[method.lower()])
                    operation["parameters"] = [*item.get("parameters", []), *operation.get("parameters", [])]
                    return template, operation, tree
        raise NotDescribed(f"{self.name} describes no {method} {unquote(path)}")

    def _check_query(self, where, operation, query, tree):
        known = {}
        for parameter in operation["parameters"]:
            parameter = _resolved(parameter, tree)  # noqa: PLW2901
            if parameter["in"] == "query":
                known[parameter["name"]] = parameter
        for name, values in query.items():
            bare = name.removesuffix("[]")
            if bare not in known:
                raise NotDescribed(f"{where}: unknown parameter {name}")
            schema = _resolved(known[bare].get("schema", {}), tree)
            for value in values:
                self._check_value(f"{where}?{name}", value, schema, tree)
        missing = [n for n, p in known.items() if p.get("required") and n not in query]
        if missing:
            raise NotDescribed(f"{where}: parameters {missing} are missing")

    def _check_value(self, where, text, schema, tree):
        if schema.get("type") == "array" or "anyOf" in schema or "oneOf" in schema:
            inner = _resolved(schema.get("items", {}), tree)
            values = text.split(",") if "enum" in inner else []
            unknown = [value for value in values if value not in inner["enum"]]
            if unknown:
                raise NotDescribed(f"{where}: {unknown} is not among {inner['enum']}")
            return
        value = text
        if schema.get("type") in ("integer", "number") and re.fullmatch(r"-?\d+", text):
            value = int(text)
        elif schema.get("type") == "boolean" and text in ("true", "false"):
            value = text == "true"
        _validate(where, value, schema, tree)

    def _check_body(self, where, operation, body, tree):
        described = _resolved(operation.get("requestBody", {}), tree).get("content", {})
        if body is None:
            if _resolved(operation.get("requestBody", {}), tree).get("required") and self.name != "gitlab":
                raise NotDescribed(f"{where}: a body is needed")
            return
        if not described:
            raise NotDescribed(f"{where}: no body is described")
        schema = next(iter(described.values()))["schema"]
        if self.name == "gitlab":
            _check_names(where, body, schema, tree)
        elif self.name == "github" and isinstance(body, list) and where.endswith("/labels"):
            # both forms are taken, the description has this one
            _validate(where, {"labels": body}, schema, tree)
        else:
            _validate(where, body, schema, tree)

    def _check_answer(self, where, operation, answer, tree):
        if isinstance(answer.body, bytes):
            return
        answers = operation["responses"]
        described = answers.get(str(answer.status)) or answers.get("default")
        if described is None:
            if answer.status in ANYWHERE or answer.status >= 500:
                return  # can come from anything in between, or is told of all operations alike
            raise NotDescribed(f"{where}: no answer {answer.status} is described")
        content = _resolved(described, tree).get("content")
        if not content or answer.body is None:
            return
        schema = next(iter(content.values())).get("schema", {})
        if self.name == "gitlab":
            for one in answer.body if isinstance(answer.body, list) else [answer.body]:
                _check_names(where, one, schema, tree)
        elif answer.status < 400:
            _validate(f"answer to {where}", answer.body, schema, tree)


def _check_names(where, value, schema, tree):
    schema = _resolved(schema, tree)
    known = _resolved(schema.get("items", schema), tree).get("properties", {})
    unknown = sorted(set(value) - set(known)) if isinstance(value, dict) and known else []
    if unknown:
        raise NotDescribed(f"{where}: unknown fields {unknown}")


def _validate(where, value, schema, tree):
    validator = OAS30Validator(schema, registry=_registry(id(tree)), _resolver=_RESOLVERS[id(tree)])
    errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.path)))
    if errors:
        place = "/".join(map(str, errors[0].path))
        raise NotDescribed(f"{where}: {place}: {errors[0].message[:300]}")


_RESOLVERS, _REGISTRIES = {}, {}


def _registry(key):
    return _REGISTRIES[key]


@cache
def _loaded(name, path):
    trees = [_closed(json.loads(path.read_text()))]
    _register(trees[0])
    trees.extend(_Late(whole) for whole in sorted(path.parent.glob(WHOLE.get(name, "no such file"))))
    return tuple(trees)


def _register(tree):
    resource = Resource(contents=tree, specification=DRAFT4)
    _REGISTRIES[id(tree)] = Registry().with_resource("", resource)
    _RESOLVERS[id(tree)] = _REGISTRIES[id(tree)].resolver()


class _Late(dict):
    """The whole description: megabytes, read only when the slice lacks a path."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def __bool__(self):
        return True

    def __getitem__(self, key):
        if not len(self):
            self.update(_closed(json.loads(gzip.decompress(self.path.read_bytes()))))
            _register(self)
        return super().__getitem__(key)


_PATTERNS = {}


def _templates(tree):
    known = _PATTERNS.setdefault(id(tree), [])
    if not known:
        for template in tree["paths"]:
            pattern = re.sub(r"\\\{[^/]+?\\\}", r"[^/]+", re.escape(template))
            known.append((template, re.compile(pattern)))
        known.sort(key=lambda one: one[0].count("{"))
    return known


def _resolved(node, tree):
    while "$ref" in node:
        found = tree
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def _closed(node, *, inside_all_of=False):
    """The same description with every described object closed to fields that it does not name."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    out = {}
    for key, value in node.items():
        if key == "allOf":
            out[key] = [_closed(one, inside_all_of=True) for one in value]
        elif key == "format" and isinstance(value, str):
            continue  # times and addresses are written otherwise than the formats say
        else:
            out[key] = _closed(value)
    if out.get("nullable") is True and isinstance(out.get("enum"), list):
        out["enum"] = [*out["enum"], None]
    described = isinstance(out.get("properties"), dict) and out.get("type", "object") == "object"
    # where the vendor closes nothing, "additionalProperties: true" comes of the generator
    is_open = out.get("additionalProperties", True) in (True, {})
    if described and is_open and not inside_all_of and not {"allOf", "anyOf", "oneOf"} & set(out):
        out["additionalProperties"] = False
    return out
