"""Every template is sound, used and translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.conftest import make_app

IDP = Path(__file__).parent.parent / "idp"
TEMPLATES = IDP / "templates"
NAMES = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.*")
    if path.is_file() and path.parts[-3:-2] != ("terms",) and "terms/" not in str(path)
)
PAGES = [name for name in NAMES if name.endswith(".html")]
TO_OTHERS = {"oauth/form_post.html"}  # to an application, which is not to learn our token
# Text that is the same in every language: names, codes, punctuation.
SAME_EVERYWHERE = re.compile(r"[\W\d_]*(?:OAuth|CPF|TOTP|QR|ID|client_id|kid)?[\W\d_]*")


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application, of which only the templates are looked at."""
    return make_app("postgresql://unused")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_asks_only_for_filters_and_macros_that_exist(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse((TEMPLATES / name).read_text())
    imported = {
        each.target: macros_of(app, each.template.value)
        for each in tree.find_all(nodes.Import)
        if isinstance(each.template, nodes.Const)
    }
    for use in tree.find_all(nodes.Getattr):
        if isinstance(use.node, nodes.Name) and use.node.name in imported:
            assert use.attr in imported[use.node.name], f"{use.node.name}.{use.attr}"


def macros_of(app: Flask, name: str) -> set[str]:
    """The macros that a template offers."""
    tree = app.jinja_env.parse((TEMPLATES / name).read_text())
    return {macro.name for macro in tree.find_all(nodes.Macro)}


def test_every_template_is_used() -> None:
    """By its name in the code or in another template; a mail by the name of its folder."""
    files = [*IDP.rglob("*.py"), *(TEMPLATES / name for name in NAMES)]
    text = "\n".join(path.read_text() for path in files)
    assert [name for name in NAMES if not any(each in text for each in callings(name))] == []


def callings(name: str) -> list[str]:
    """How the code may ask for a template."""
    folder, _, file = name.rpartition("/")
    if folder.startswith("mail/"):
        mail = folder.removeprefix("mail/")
        event = mail.replace("_", ".", 1)  # a mail may bear the name of what it tells of
        return [f'"{name}"', f'"{mail}"', f"/{mail}/", f'"{event}"']
    return [f'"{name}"', f'"{file.removesuffix(".html")}"']


def test_every_mail_has_its_three_parts() -> None:
    parts = {"subject.txt", "body.txt", "body.html"}
    folders = {path.parent for path in (TEMPLATES / "mail").glob("*/subject.txt")}
    assert folders
    for folder in folders:
        assert {path.name for path in folder.iterdir()} == parts, folder.name


@pytest.mark.parametrize("name", PAGES)
def test_no_text_goes_untranslated(name: str) -> None:
    """Whatever stands between tags comes out of `_()`."""
    source = (TEMPLATES / name).read_text()
    source = re.sub(r"\{% macro _described.*?endmacro %\}", "", source, flags=re.DOTALL)
    without = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    collector = Text()
    collector.feed(without)
    assert [text for text in collector.found if not SAME_EVERYWHERE.fullmatch(text)] == []


class Text(HTMLParser):
    """Collects what a person would read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if words := data.strip():
            self.found.append(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are read aloud, too."""
        spoken = {"aria-label", "alt", "title", "placeholder"}
        self.found += [value.strip() for name, value in attrs if name in spoken and value]


@pytest.mark.parametrize("name", PAGES)
def test_a_template_holds_nothing_that_the_policy_forbids(name: str) -> None:
    """No inline script or style: mails alone, which no policy governs, have styles."""
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|javascript:", source)
    assert name.startswith("mail/") or " style=" not in source


@pytest.mark.parametrize(
    "name", [each for each in PAGES if not each.startswith("mail/") and each not in TO_OTHERS]
)
def test_a_form_that_posts_carries_its_token(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source, flags=re.DOTALL):
        assert "csrf" in form


@pytest.mark.parametrize("name", [each for each in PAGES if not each.startswith("mail/")])
def test_a_form_in_which_something_is_typed_keeps_it_when_the_language_changes(name: str) -> None:
    """The switch posts the form with this id; see layout.html."""
    source = (TEMPLATES / name).read_text()
    typed = r"forms\.(text|textarea|date|radios|checkbox|checkboxes|password)\("
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source, flags=re.DOTALL)
    filled = [form for form in forms if re.search(typed, form)]
    assert len(filled) <= 1 or name.startswith("admin/")
    if filled:
        assert 'id="form"' in filled[0].partition(">")[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title_and_one_heading(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    if '{% extends "layout.html" %}' in source and not name.endswith("layout.html"):
        assert "{% block title %}" in source
        assert "<h1" in source or "page.confirmation(" in source


@pytest.mark.parametrize("name", sorted(TO_OTHERS))
def test_a_form_for_others_carries_no_token_of_ours(name: str) -> None:
    assert "csrf" not in (TEMPLATES / name).read_text()
