"""Requests through a national or provincial data exchange: X-Road headers, adapter wrapping."""

from __future__ import annotations

from dataclasses import replace

import httpx
from pydantic import BaseModel, ConfigDict, Field

from ioc.ingest.http import Ask
from ioc.ingest.reach import WebAddress

_PART = r"[A-Za-z0-9_.\-]+"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class XRoad(_Strict):
    """Headers of the X-Road message protocol for REST."""

    client: str = Field(
        pattern=rf"^{_PART}(/{_PART}){{2,3}}$",
        description="This side's own id, sent as X-Road-Client: INSTANCE/CLASS/MEMBER/SUBSYSTEM.",
    )
    user: str | None = Field(
        default=None,
        pattern=r"^[!-~]{1,200}$",
        description="Who asks, sent as X-Road-UserId where the provider wants it.",
    )


class Adapter(_Strict):
    """An adapter of the exchange that forwards requests to the provider."""

    address: WebAddress = Field(
        description="The adapter's address, such as "
        "http://ss.tinh.gov.vn:8080/XrdAdapter/RestService/forward; the path of `url` is put "
        "behind it.",
    )
    destination: str = Field(
        pattern=rf"^{_PART}(:{_PART}){{2,4}}$",
        description="Code of the service asked for, sent as dstcode: "
        "VN:GOV:000.00.00.G22:vpcpdvcprovider.",
    )
    provider: bool = Field(
        default=True,
        description="Whether scheme and host of `url` are sent as providerurl; false where the "
        "exchange knows the provider's address itself.",
    )


def through(request: Ask, road: XRoad | None, adapter: Adapter | None) -> Ask:
    """The request as the exchange wants it; as it is where none was declared."""
    if road is not None:
        headers = {**request.headers, "X-Road-Client": road.client}
        if road.user is not None:
            headers["X-Road-UserId"] = road.user
        request = replace(request, headers=headers)
    if adapter is None:
        return request
    url = httpx.URL(request.url)
    path = url.copy_with(query=None, fragment=None).raw_path.decode("ascii")
    query = {**dict(url.params), **request.query, "dstcode": adapter.destination}
    if adapter.provider:
        query["providerurl"] = str(url.copy_with(path="/", query=None, fragment=None)).rstrip("/")
    return replace(request, url=adapter.address.rstrip("/") + path, query=query)
