"""A portal that answers as CKAN 2.10 does: packages, resources, the data store, and its errors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from support.server import answer

NOT_FOUND = {"message": "Not found", "__type": "Not Found Error"}


@dataclass
class CkanPortal:
    """Packages by name, rows of the data store by resource, files by path; `most` rows a page.

    `token` is what Authorization must say; `counted` says whether searches tell a total,
    `claimed` is a total that is not true.
    """

    packages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    token: str = ""
    most: int = 32_000
    counted: bool = True
    claimed: int | None = None
    broken: bytes = b""
    asked: list[str] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)

    def respond(self, handler: BaseHTTPRequestHandler, _: bytes) -> None:
        """Answer one request."""
        parts = urlsplit(handler.path)
        self.asked.append(handler.path)
        self.seen.append(dict(handler.headers))
        if self.broken:
            answer(handler, self.broken, media="text/html")
        elif parts.path in self.files:
            media, content = self.files[parts.path]
            answer(handler, content, media=media)
        elif self.token and handler.headers.get("Authorization") != self.token:
            error = {"message": "Access denied", "__type": "Authorization Error"}
            self._send(handler, error=error, status=403)
        else:
            query = {key: one[0] for key, one in parse_qs(parts.query).items()}
            action = parts.path.removeprefix("/api/3/action/")
            getattr(self, f"_{action}", self._unknown)(handler, query)

    def _unknown(self, handler: BaseHTTPRequestHandler, _: dict[str, str]) -> None:
        answer(handler, b"<h1>404</h1>", 404, "text/html")

    def _package_show(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        found = self.packages.get(query.get("id", ""))
        if found is None:
            return self._send(handler, error=NOT_FOUND, status=404)
        self._send(handler, result={"name": query["id"], "state": "active", "resources": found})

    def _resource_show(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        found = [one for all in self.packages.values() for one in all if one["id"] == query["id"]]
        if not found:
            return self._send(handler, error=NOT_FOUND, status=404)
        self._send(handler, result=found[0])

    def _datastore_search(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        rows = self.rows.get(query["resource_id"])
        if rows is None:
            return self._send(handler, error=NOT_FOUND, status=404)
        filters = json.loads(query.get("filters", "{}"))
        for name in filters:
            if rows and name not in rows[0]:
                error = {"__type": "Validation Error", "filters": [f'column "{name}" not found']}
                return self._send(handler, error=error, status=409)
        wanted = {key: one if isinstance(one, list) else [one] for key, one in filters.items()}
        rows = [one for one in rows if all(one[key] in some for key, some in wanted.items())]
        name, _, way = query.get("sort", "").partition(" ")
        if name == "":
            rows = rows[::-1]  # without an order any order is right
        elif name != "_id":  # which every table has
            rows = sorted(rows, key=lambda one: one[name], reverse=way == "desc")
        limit = min(int(query.get("limit", 100)), self.most)
        offset = int(query.get("offset", 0))
        page = rows[offset : offset + limit]
        if names := query.get("fields"):
            page = [{name: one[name] for name in names.split(",")} for one in page]
        following = urlencode({**query, "limit": limit, "offset": offset + limit})
        result: dict[str, Any] = {
            "resource_id": query["resource_id"],
            "fields": [{"id": "_id", "type": "int"}],
            "records": page,
            "limit": limit,
            "offset": offset,
            "filters": filters,
            "_links": {
                "start": "/api/3/action/datastore_search",
                "next": f"/api/3/action/datastore_search?{following}",
            },
        }
        if self.counted:
            result["total"] = len(rows) if self.claimed is None else self.claimed
        self._send(handler, result=result)

    def _send(self, handler: BaseHTTPRequestHandler, *, status: int = 200, **content: Any) -> None:
        body = {"help": "…", "success": "error" not in content, **content}
        answer(handler, json.dumps(body, ensure_ascii=False).encode(), status)
