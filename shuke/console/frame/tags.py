"""Template tags and filters: formats in the reader's language, icons, links that keep their filters."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuke.access.rules import Permission, may
from shuke.console.frame import formats, words
from shuke.kernel.actor import SYSTEM, Actor

register = template.Library()


def _language() -> str:
    return get_language() or "zh-hans"


@register.filter
def half(text: str) -> str:
    """The reader's half of a line told in both languages: 列名变了 · column renamed: A -> B gives 列名变了：A -> B."""
    chinese, parted, english = text.partition(" · ")
    if not parted:
        return text
    if not formats.is_chinese(_language()):
        return english
    _, told, fact = english.partition(": ")
    return f"{chinese}：{fact}" if told else chinese


@register.filter
def count(value: int | None) -> str:
    """1,234."""
    return formats.count(value)


@register.filter
def number(value: float) -> str:
    """12.3 万; 123k."""
    return formats.number(value, _language())


@register.filter
def money(minor: int | None, currency: str) -> str:
    """¥1,234.50."""
    return formats.money(minor, currency)


@register.filter
def money_short(minor: int | None, currency: str) -> str:
    """¥12.3 万; ¥123k."""
    return formats.money_short(minor, currency, language=_language())


@register.filter
def share(value: float | Decimal | None) -> str:
    """78.3%."""
    return formats.share(value)


@register.filter
def share_whole(value: float | Decimal | None) -> str:
    """78%."""
    return formats.share(value, places=0)


@register.filter
def day(value: date | None, near: date | None = None) -> str:
    """11月22日; the year is written when it is not that of `near`."""
    return formats.day(value, _language(), near=near)


@register.filter
def full_day(value: date | None) -> str:
    """2026年11月22日; 22 Nov 2026."""
    return formats.day(value, _language(), near=date.min)


@register.filter
def weekday(value: date | None, near: date | None = None) -> str:
    """11月22日 周日."""
    return formats.day(value, _language(), near=near, weekday=True)


@register.filter
def moment(value: datetime | None) -> str:
    """11月22日 19:42, in the shop's zone; a naive value is UTC."""
    if value is None:
        return "—"
    aware = value if value.tzinfo else value.replace(tzinfo=ZoneInfo("UTC"))
    return formats.moment(aware.astimezone(ZoneInfo(settings.WORKSPACE.timezone)), _language())


@register.simple_tag
def draw(picture: Any) -> str:
    """The SVG of a picture of `frame.drawings`; nothing for None."""
    return render_to_string(picture.template, {"g": picture}) if picture is not None else ""


@register.filter
def add_px(value: float, more: float) -> float:
    """A place moved by some pixels."""
    return round(value + more, 1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the console's own line icons; hidden from screen readers, for the word stands beside it."""
    address = static("console/icons.svg")
    return format_html(
        '<svg class="icon icon-{}" width="18" height="18" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        name, address, name,
    )  # fmt: skip


@register.simple_tag
def settings_tabs(actor: Actor) -> list[tuple[str, str]]:
    """The pages of settings that this actor may open: (name of the address, label)."""
    every = [
        ("settings", _("Overview"), Permission.EDIT_SETTINGS),
        ("stores", _("Stores"), Permission.EDIT_SETTINGS),
        ("people", _("People"), Permission.MANAGE_USERS),
        ("policy", _("Brand policy"), Permission.EDIT_SETTINGS),
        ("scripts", _("Plays and their words"), Permission.EDIT_SETTINGS),
        ("programs", _("Programs"), Permission.MANAGE_USERS),
        ("webhooks", _("Webhooks"), Permission.MANAGE_WEBHOOKS),
        ("journal", _("Journal"), Permission.SEE_JOURNAL),
    ]
    return [(name, label) for name, label, right in every if may(actor, right)]


@register.simple_tag
def loyalty_tabs(actor: Actor) -> list[tuple[str, str]]:
    """The pages of loyalty that this actor may open: (name of the address, label)."""
    every = [
        ("loyalty", _("Overview"), Permission.SEE_LOYALTY),
        ("members", _("Members"), Permission.SEE_MEMBERS),
        ("loyalty_rules", _("Points"), Permission.SEE_LOYALTY),
        ("loyalty_tiers", _("Tiers"), Permission.SEE_LOYALTY),
        ("loyalty_benefits", _("Benefits"), Permission.SEE_LOYALTY),
        ("loyalty_coupons", _("Coupons"), Permission.SEE_LOYALTY),
        ("adjustments", _("Adjustments"), Permission.ADJUST_POINTS),
        ("loyalty_finance", _("Finance"), Permission.SEE_FINANCE),
    ]
    return [(name, label) for name, label, right in every if may(actor, right)]


@register.filter
def role_word(role: str) -> str:
    """A role in the reader's language."""
    return words.word(words.ROLES, role)


@register.filter
def scope_word(scope: str) -> str:
    """What a program's key may read, in the reader's language."""
    return words.word(words.SCOPES, scope)


@register.filter
def fact_word(kind: str) -> str:
    """A kind of fact in the reader's language."""
    told = words.FACT_KINDS.get(kind)
    return str(told) if told else words.word(words.TXN_KINDS, kind.removeprefix("loyalty."))


@register.filter
def delivery_word(state: str) -> str:
    """Where a message of a webhook stands, in the reader's language."""
    return words.word(words.DELIVERY_STATES, state)


@register.filter
def who(name: str) -> str:
    """Who did it; the system itself has a word of its own."""
    return words.word(words.ROLES, name) if name == SYSTEM.name else name


@register.filter
def role_note(role: str) -> str:
    """What a role may do, in a few words."""
    return words.word(words.ROLE_NOTES, role)


@register.filter
def verb_word(verb: str) -> str:
    """A verb of the journal in the reader's language."""
    return words.word(words.VERBS, verb)


@register.filter
def object_word(kind: str) -> str:
    """A kind of object of the journal in the reader's language."""
    return words.word(words.OBJECTS, kind)


@register.filter
def source_word(source: str) -> str:
    """A source of data in the reader's language."""
    return words.source_word(source)


@register.filter
def stage_word(stage: str) -> str:
    """A lifecycle stage in the reader's language."""
    return words.word(words.STAGES, stage)


@register.filter
def channel_word(channel: str) -> str:
    """A channel in the reader's language."""
    return words.word(words.CHANNELS, channel)


@register.filter
def phone_spaced(phone: str) -> str:
    """A mainland mobile as people say it, without 86: 150 5828 7744; others as they are."""
    found = re.fullmatch(r"(?:86)?(1[0-9]{2})([0-9]{4})([0-9]{4})", phone)
    return " ".join(found.groups()) if found else phone


@register.filter
def state_word(state: str) -> str:
    """A proposal's state in the reader's language."""
    return words.word(words.PROPOSAL_STATES, state)


@register.filter
def reason_word(reason: str) -> str:
    """Why a row was set aside, in the reader's language."""
    return words.word(words.ROW_REASONS, "missing" if reason.startswith("missing_") else reason)


@register.filter
def step_word(step: str) -> str:
    """A line of progress in the reader's language; a file's name as it is."""
    return words.word(words.STEPS, step)


@register.filter
def file_trouble(code: str) -> str:
    """Why a file was refused and what to do, in the reader's language; empty where only the message knows."""
    return str(words.FILE_TROUBLES.get(code, ""))


@register.filter
def row_problem(reason: str) -> str:
    """Why a row of a filled sheet was not taken, in the reader's language."""
    return str(words.ROW_PROBLEMS.get(reason, ""))


@register.filter
def initial(name: str | None) -> str:
    """The first character of a name, for the round sign beside it."""
    text = (name or "").strip()
    return text[0].upper() if text else "·"
