"""The check-up on exactly one A4 page: plain HTML that needs nothing else, and prints as it stands."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from shuke.checkup.rules.drawings import money_bar, ring, trend
from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.fitting import Heights, lines_of, told_fully
from shuke.checkup.rules.sheet_style import STYLE
from shuke.checkup.rules.words import text, tongue
from shuke.checkup.values import Channel, Finding, Report

# Millimetres of the page and ems of its columns; the style sheet sets the same sizes.
_PAGE, _HEAD, _TOP, _HEADS, _FOOT = 273.0, 20.0, 33.0, 10.0, 9.0
_LINE, _SHORT_LINE, _PADDING = 4.05, 5.3, 3.6
_TEXT_EMS, _SENTENCE_EMS, _CHANNELS, _SHORT = 38.0, 58.0, 5, 24
_CAUSE_LINES, _STEP_LINES, _SENTENCES = 4, 2, 5


def one_page(report: Report, *, tools: str = "", head: str = "") -> str:
    """A standalone HTML document of one A4 page in the report's language, without personal data.

    `tools` is HTML above the page that is not printed, `head` HTML for the document's head.
    """
    here = report.language
    heading = text("page_title", language=here)
    lang = "zh-Hans" if tongue(here) == "zh" else "en"
    parts = [_head(report), _top(report), _compared(report), _findings(report), _channels(report), _foot(report)]
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)} {report.as_of} {escape(report.shop)}</title><style>{STYLE}</style>{head}</head>"
        f'<body>{tools}<main class="sheet">{"".join(parts)}</main></body></html>\n'
    )


def _head(report: Report) -> str:
    here = report.language
    day = text("as_of", language=here, day=say_day(report.as_of - timedelta(days=1), language=here))
    return (
        f'<header><p class="line"><b>{escape(report.shop)}</b><span>{escape(text("page_title", language=here))}</span>'
        f"<span>{escape(day)}</span></p><h1>{escape(report.headline)}</h1></header>"
    )


def _top(report: Report) -> str:
    here = report.language
    label = text("trend", language=here)
    advice = ""
    if report.findings:
        first = report.findings[0]
        words = text("mend_first", language=here, title=first.title, step=first.repair[0])
        advice = f'<p class="advice"><span>{escape(words)}</span></p>'
    drawn = trend(report.trend, label=label)
    picture = f"<figure><figcaption>{escape(label)}</figcaption>{drawn}</figure>" if drawn else ""
    return (
        f'<section class="top">{ring(report.attachable_sales_share)}'
        f'<div><p class="said">{escape(report.sentence)}</p>{advice}</div>{picture}</section>'
    )


def _sentences(report: Report) -> tuple[str, ...]:
    found = report.comparison
    return (*found.sentences, *found.named)[:_SENTENCES] if found else ()


def _compared(report: Report) -> str:
    here = report.language
    said = _sentences(report)
    if not said:
        return ""
    items = "".join(f"<li>{escape(one)}</li>" for one in said)
    return f'<section class="compared"><h2>{escape(text("compared", language=here))}</h2><ul>{items}</ul></section>'


def _room(report: Report) -> float:
    """Millimetres left for the problems after all else."""
    said = sum(lines_of(one, width=_SENTENCE_EMS, most=2) * _LINE for one in _sentences(report))
    compared = said + 9.0 if said else 0.0
    channels = 11.0 + 4.9 * min(len(report.channels), _CHANNELS + 1)
    return _PAGE - _HEAD - _TOP - compared - _HEADS - channels - _FOOT


def _height(finding: Finding) -> Heights:
    cause = lines_of(finding.cause, width=_TEXT_EMS, most=_CAUSE_LINES)
    steps = [lines_of(f"1. {step}", width=_TEXT_EMS, most=_STEP_LINES) for step in finding.repair]
    return Heights(told=_PADDING + _LINE * (1 + cause + steps[0]), full=_PADDING + _LINE * (1 + cause + sum(steps)))


def _findings(report: Report) -> str:
    here = report.language
    if not report.findings:
        return f'<section class="findings"><p class="said">{escape(text("clean", language=here))}</p></section>'
    heights = [_height(finding) for finding in report.findings]
    # Beyond two dozen on short lines the rest is counted; the list of problems itself is in the system.
    shown = report.findings
    told, full = told_fully(heights[:_SHORT], room=_room(report), line=_SHORT_LINE)
    short = shown[told:_SHORT]
    most = max(abs(finding.money_minor) for finding in shown) or 1
    rows = [
        _told(finding, rank=rank, most=most, language=here, in_full=rank <= full)
        for rank, finding in enumerate(shown[:told], 1)
    ]
    lines = "".join(_short(finding, rank=rank, language=here) for rank, finding in enumerate(short, told + 1))
    left = len(shown) - told - len(short)
    more = f'<span class="note">{escape(text("more_problems", language=here, n=left))}</span>' if left > 0 else ""
    title = text("problems", language=here, n=len(shown))
    return (
        f'<section class="findings"><h2>{escape(title)}{more}</h2>{"".join(rows)}'
        f"{f'<ol class=short>{lines}</ol>' if lines else ''}</section>"
    )


def _told(finding: Finding, *, rank: int, most: int, language: str, in_full: bool) -> str:
    steps = finding.repair if in_full else finding.repair[:1]
    numbered = len(steps) > 1
    repair = "".join(
        f'<p class="step">{f"{place}. " if numbered else "→ "}{escape(step)}</p>' for place, step in enumerate(steps, 1)
    )
    money = say_money(finding.money_minor, currency=finding.currency, language=language)
    bar = money_bar(finding.money_minor, before=finding.previous_minor, most=most)
    return (
        f'<article><span class="rank">{rank}</span><div><h3>{escape(finding.title)}<span class="note">'
        f'{escape(finding.effect)}</span></h3><p class="why">{escape(finding.cause)}</p>{repair}</div>'
        f'<div class="money"><b>{escape(money)}</b>{bar}{_moved(finding, language=language)}</div>'
        f'<div class="who">{escape(finding.fixer)}<br>{escape(_minutes(finding, language=language))}</div></article>'
    )


def _moved(finding: Finding, *, language: str) -> str:
    if finding.previous_minor is None or finding.previous_minor == finding.money_minor:
        return ""
    moved = finding.money_minor - finding.previous_minor
    money = say_money(abs(moved), currency=finding.currency, language=language)
    kind = "worse" if moved > 0 else "better"
    return f'<span class="{kind}">{escape(text(f"moved_{kind}", language=language, money=money))}</span>'


def _minutes(finding: Finding, *, language: str) -> str:
    if not finding.minutes:
        return text("nothing", language=language)
    return text("minutes", language=language, minutes=finding.minutes)


def _short(finding: Finding, *, rank: int, language: str) -> str:
    money = say_money(finding.money_minor, currency=finding.currency, language=language)
    return (
        f'<li><span class="rank">{rank}</span><span class="title">{escape(finding.title)}</span>'
        f"<b>{escape(money)}</b></li>"
    )


def _channels(report: Report) -> str:
    here = report.language
    heads = "".join(
        f'<th class="{kind}">{escape(text(name, language=here))}</th>'
        for name, kind in (("channel", ""), ("period", ""), ("orders", "n"), ("sales", "n"), ("known", "n"))
    )
    shown, rest = report.channels[:_CHANNELS], report.channels[_CHANNELS:]
    rows = "".join(_channel(channel, report=report) for channel in shown) + _others(rest, report=report)
    title = escape(text("channels", language=here))
    return (
        f'<section class="channels"><h2>{title}</h2><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _channel(channel: Channel, *, report: Report) -> str:
    here = report.language
    known = channel.attached_minor / channel.sales_minor if channel.sales_minor > 0 else 0.0
    period = f"{say_day(channel.first_on, language=here)} – {say_day(channel.last_on, language=here)}"
    money = say_money(channel.sales_minor, currency=report.currency, language=here)
    return (
        f'<tr><td>{escape(channel.name)}</td><td>{escape(period)}</td><td class="n">{say_count(channel.orders)}</td>'
        f'<td class="n">{escape(money)}</td><td class="n">{say_share(known)}</td></tr>'
    )


def _others(rest: Sequence[Channel], *, report: Report) -> str:
    if not rest:
        return ""
    here = report.language
    sales = sum(channel.sales_minor for channel in rest)
    attached = sum(channel.attached_minor for channel in rest)
    orders = sum(channel.orders for channel in rest)
    money = say_money(sales, currency=report.currency, language=here)
    words = text("other_channels", language=here, n=len(rest))
    return (
        f'<tr><td colspan="2">{escape(words)}</td><td class="n">{say_count(orders)}</td>'
        f'<td class="n">{escape(money)}</td><td class="n">{say_share(attached / sales if sales > 0 else 0.0)}</td></tr>'
    )


def _foot(report: Report) -> str:
    words = text("footnote", language=report.language)
    return f'<footer><span>{escape(words)}</span><span class="brand">熟客 Shuke</span></footer>'
