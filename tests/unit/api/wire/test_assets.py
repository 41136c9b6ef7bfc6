"""The pages as they are served: nothing inline, nothing from elsewhere, and a policy that says so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from vitograph.api.routes import pages
from vitograph.api.wire import errors
from vitograph.api.wire.assets import read_assets

MOST_LINES = 250


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    errors.install(app)
    app.include_router(pages.router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vito") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/review", "text/html"),
        ("/review/", "text/html"),
        ("/review/assets/main.js", "text/javascript"),
        ("/review/assets/review.css", "text/css"),
        ("/analyst", "text/html"),
        ("/analyst/", "text/html"),
        ("/analyst/assets/main.js", "text/javascript"),
        ("/analyst/assets/analyst.css", "text/css"),
    ],
)
async def test_every_file_has_its_type_the_policy_and_an_etag(
    client: httpx.AsyncClient, path: str, media_type: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("page", pages.FOLDERS)
@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapp.py", "%2Fetc%2Fpasswd", "__init__.py"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, page: str, name: str) -> None:
    assert (await client.get(f"/{page}/assets/{name}")).status_code == 404


@pytest.mark.parametrize("name", pages.FOLDERS)
def test_the_page_holds_no_inline_script_or_style(name: str) -> None:
    page = read_assets(name)["index.html"].content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert not re.search(r"\son\w+=", page)
    assert all(f' src="/{name}/assets/' in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize("page", pages.FOLDERS)
def test_no_file_names_another_host_or_parses_markup(page: str) -> None:
    for name, asset in read_assets(page).items():
        text = asset.content.decode().replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$|\s// .*$", "", text, flags=re.MULTILINE), name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), name


@pytest.mark.parametrize("page", pages.FOLDERS)
def test_modules_are_small_and_import_what_is_there(page: str) -> None:
    assets = read_assets(page)
    for name, asset in assets.items():
        text = asset.content.decode()
        assert len(text.splitlines()) <= MOST_LINES, name
        assert {*re.findall(r'from "\./([\w.]+)"', text)} <= assets.keys(), name
        assert {*re.findall(r'from "/review/assets/([\w.]+)"', text)} <= read_assets("review").keys(), name
