"""The check-up on one printed page: plain HTML that needs nothing else."""

from html import escape

from shuke.checkup.rules.figures import say_count, say_day, say_money, say_share
from shuke.checkup.rules.words import text, tongue
from shuke.checkup.values import Channel, Finding, Report

_STYLE = """
@page { size: A4; margin: 12mm }
:root { --ink: #23231f; --ink-2: #57534a; --ink-3: #6b665b; --accent: #14655a; --caution: #9a4510; --mid: #c98b5c;
  --line: #e7e2d8; --wash: #f3efe8 }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 186mm; color: var(--ink); background: #fff;
  font: 9.5px/1.45 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif;
  font-variant-numeric: tabular-nums }
h1 { font-size: 20px; line-height: 1.3; font-weight: 600; margin: 2px 0 4px }
h2 { font-size: 11px; font-weight: 600; margin: 8px 0 2px }
p { margin: 0 0 4px } .note { color: var(--ink-3); font-size: 9px }
.top { display: flex; gap: 16px; align-items: center } .top svg { flex: none }
table { width: 100%; border-collapse: collapse }
th { text-align: left; font-weight: 400; color: var(--ink-3); font-size: 9px; border-bottom: 1px solid var(--line) }
td { vertical-align: top; padding: 3px 10px 3px 0; border-bottom: 1px solid var(--line) }
th.n, td.n { text-align: right } th, td.n, td.who { white-space: nowrap }
td svg { display: block; margin: 2px 0 0 auto }
@media screen { body { padding: 8mm 4mm } }
b { font-weight: 600 } .why { color: var(--ink-2) }
tr { break-inside: avoid }
"""


def one_page(report: Report) -> str:
    """A standalone HTML document of one A4 page in the report's language, without personal data."""
    here = report.language
    heading = text("page_title", language=here)
    day = text("as_of", language=here, day=say_day(report.as_of, language=here))
    lang = "zh-Hans" if tongue(here) == "zh" else "en"
    body = [
        f'<p class="note">{escape(report.shop)} · {escape(heading)} · {escape(day)}</p>',
        f"<h1>{escape(report.headline)}</h1>",
        f'<div class="top">{_ring(report.attachable_sales_share)}<p>{escape(report.sentence)}</p></div>',
        _findings(report),
        _channels(report),
        f'<p class="note">{escape(text("footnote", language=here))}</p>',
    ]
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(heading)} {report.as_of}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _ring(share: float) -> str:
    around = 2 * 3.14159265 * 30
    return (
        f'<svg width="76" height="76" viewBox="0 0 76 76" role="img" aria-label="{say_share(share)}">'
        '<circle cx="38" cy="38" r="30" fill="none" stroke="#e7e2d8" stroke-width="9"/>'
        '<circle cx="38" cy="38" r="30" fill="none" stroke="#14655a" stroke-width="9" transform="rotate(-90 38 38)"'
        f' stroke-dasharray="{around * max(0.0, min(share, 1.0)):.1f} {around:.1f}"/>'
        f'<text x="38" y="42" text-anchor="middle" font-size="14" font-weight="600" fill="#23231f">'
        f"{say_share(share)}</text></svg>"
    )


def _findings(report: Report) -> str:
    here = report.language
    if not report.findings:
        return f"<p>{escape(text('clean', language=here))}</p>"
    widest = max(abs(finding.money_minor) for finding in report.findings) or 1
    heads = "".join(
        f'<th class="{kind}">{escape(text(name, language=here))}</th>'
        for name, kind in (("problem", ""), ("money", "n"), ("rows", "n"), ("orders", "n"), ("who", ""))
    )
    # the dearest are told in full, of the others the page says what to do: so that all stay on one page
    in_full = max(2, min(8, 19 - len(report.findings)))
    rows = "".join(
        _finding(finding, widest=widest, language=here, in_full=place < in_full)
        for place, finding in enumerate(report.findings)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _finding(finding: Finding, *, widest: int, language: str, in_full: bool) -> str:
    share = abs(finding.money_minor) / widest
    minutes = (
        text("minutes", language=language, minutes=finding.minutes)
        if finding.minutes
        else text("nothing", language=language)
    )
    money = say_money(finding.money_minor, currency=finding.currency, language=language)
    why = f'<div class="why">{escape(finding.cause)}</div>' if in_full else ""
    return (
        f'<tr><td><b>{escape(finding.title)}</b> <span class="note">{escape(finding.effect)}</span>'
        f"{why}<div>→ {escape(finding.repair[0])}</div></td>"
        f'<td class="n"><b>{escape(money)}</b><svg width="90" height="6" aria-hidden="true">'
        f'<rect width="{90 * share:.1f}" height="6" rx="1" fill="#c98b5c"/></svg></td>'
        f'<td class="n">{say_count(finding.rows)}</td><td class="n">{say_count(finding.orders)}</td>'
        f'<td class="who">{escape(finding.fixer)} · {escape(minutes)}</td></tr>'
    )


def _channels(report: Report) -> str:
    here = report.language
    heads = "".join(
        f'<th class="{kind}">{escape(text(name, language=here))}</th>'
        for name, kind in (("channel", ""), ("period", ""), ("orders", "n"), ("sales", "n"), ("known", "n"))
    )
    rows = "".join(_channel(channel, currency=report.currency, language=here) for channel in report.channels)
    title = escape(text("channels", language=here))
    return f"<h2>{title}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _channel(channel: Channel, *, currency: str, language: str) -> str:
    known = channel.attached_minor / channel.sales_minor if channel.sales_minor > 0 else 0.0
    period = f"{say_day(channel.first_on, language=language)} – {say_day(channel.last_on, language=language)}"
    money = say_money(channel.sales_minor, currency=currency, language=language)
    return (
        f'<tr><td>{escape(channel.name)}</td><td>{escape(period)}</td><td class="n">{say_count(channel.orders)}</td>'
        f'<td class="n">{escape(money)}</td><td class="n">{say_share(known)}</td></tr>'
    )
