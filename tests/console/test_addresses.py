"""Every address as every role: a new address without a line here fails."""

import pytest
from django.urls import URLPattern, get_resolver

from shuke.access.rules import Permission
from shuke.console.frame.page import permission_of
from shuke.kernel.actor import PEOPLE
from tests.console.conftest import Browser

ROLES = tuple(role.value for role in PEOPLE)
EVERYBODY = frozenset(ROLES)
LEADS = frozenset({"owner", "operator"})
STORE_LEADS = LEADS | {"manager"}
ALL = STORE_LEADS | {"associate"}
READERS = STORE_LEADS | {"auditor"}
FLOOR = ALL | {"auditor"}
NUMBERS = READERS | {"finance", "analyst"}
CHECKERS = LEADS | {"analyst", "auditor", "engineer"}
IMPORTERS = LEADS | {"engineer"}
MEMBERS = FLOOR | {"finance"}
OWNER = frozenset({"owner"})

# name: (method, address, who may, status for them in an empty shop)
TABLE: dict[str, tuple[str, str, frozenset[str], int]] = {
    "landing": ("GET", "/", EVERYBODY, 302),
    "sign_in": ("GET", "/sign-in/", EVERYBODY, 302),
    "sign_out": ("POST", "/sign-out/", EVERYBODY, 302),
    "language": ("POST", "/language/", EVERYBODY, 302),
    "people": ("GET", "/people/", OWNER, 200),
    "people_new": ("POST", "/people/new/", OWNER, 400),
    "new_password": ("POST", "/people/nobody/password/", OWNER, 404),
    "close_account": ("POST", "/people/nobody/close/", OWNER, 404),
    "journal": ("GET", "/journal/", LEADS | {"auditor", "engineer"}, 200),
    "loyalty": ("GET", "/loyalty/", EVERYBODY - {"engineer"}, 200),
    "loyalty_rules": ("GET", "/loyalty/rules/", EVERYBODY - {"engineer"}, 200),
    "loyalty_tiers": ("GET", "/loyalty/tiers/", EVERYBODY - {"engineer"}, 200),
    "loyalty_benefits": ("GET", "/loyalty/benefits/", EVERYBODY - {"engineer"}, 200),
    "loyalty_coupons": ("GET", "/loyalty/coupons/", EVERYBODY - {"engineer"}, 200),
    "loyalty_campaign": ("GET", "/loyalty/coupons/none/", MEMBERS, 404),
    "adjustments": ("GET", "/loyalty/adjustments/", STORE_LEADS | {"finance"}, 200),
    "adjustment_decide": ("POST", "/loyalty/adjustments/1/", LEADS | {"finance"}, 404),
    "members": ("GET", "/loyalty/members/", MEMBERS, 200),
    "member_enrol": ("POST", "/loyalty/members/enrol/", ALL, 409),
    "member": ("GET", "/loyalty/members/none/", MEMBERS, 404),
    "member_statement": ("GET", "/loyalty/members/none/statement/", MEMBERS, 404),
    "benefit_take": ("POST", "/loyalty/members/none/benefit/", ALL, 404),
    "coupon_issue": ("POST", "/loyalty/members/none/coupon/", ALL, 404),
    "adjustment_ask": ("POST", "/loyalty/members/none/adjust/", STORE_LEADS | {"finance"}, 404),
    "card_give": ("POST", "/loyalty/members/none/card/", ALL, 404),
    "card_close": ("POST", "/loyalty/members/none/card/close/", ALL, 404),
    "card": ("GET", "/card/none/", EVERYBODY, 404),
    "card_claim": ("GET", "/card/none/claim/", EVERYBODY, 404),
    "loyalty_finance": ("GET", "/loyalty/finance/", LEADS | {"finance", "auditor"}, 200),
    "loyalty_liability": ("GET", "/loyalty/finance/liability/", LEADS | {"finance", "auditor"}, 200),
    "loyalty_day": ("GET", "/loyalty/finance/day/2026-01-01/", LEADS | {"finance", "auditor"}, 404),
    "loyalty_file": ("GET", "/loyalty/finance/file/days.csv", LEADS | {"finance", "auditor"}, 200),
    "metrics": ("GET", "/metrics/", NUMBERS, 200),
    "meeting": ("GET", "/metrics/meeting/", NUMBERS, 200),
    "why": ("GET", "/metrics/why/", NUMBERS, 200),
    "predictions": ("GET", "/predictions/", NUMBERS, 200),
    "scoreboard_file": ("GET", "/predictions/scoreboard/", NUMBERS, 200),
    "why_file": ("GET", "/metrics/why/file/", NUMBERS, 409),
    "cohorts": ("GET", "/metrics/cohorts/", NUMBERS, 200),
    "cohorts_file": ("GET", "/metrics/cohorts/file/", NUMBERS, 200),
    "sources": ("GET", "/metrics/sources/", NUMBERS, 200),
    "campaigns": ("GET", "/metrics/campaigns/", NUMBERS, 200),
    "metric": ("GET", "/metrics/none/", NUMBERS, 404),
    "metric_rows": ("GET", "/metrics/none/rows/", NUMBERS, 404),
    "metric_file": ("GET", "/metrics/none/file/", NUMBERS, 404),
    "settings": ("GET", "/settings/", LEADS, 200),
    "set_numbers": ("POST", "/settings/numbers/", LEADS, 302),
    "programs": ("GET", "/settings/programs/", OWNER, 200),
    "program_new": ("POST", "/settings/programs/new/", OWNER, 400),
    "program_close": ("POST", "/settings/programs/close/", OWNER, 404),
    "webhooks": ("GET", "/settings/webhooks/", OWNER, 200),
    "webhook_new": ("POST", "/settings/webhooks/new/", OWNER, 400),
    "webhook": ("GET", "/settings/webhooks/1/", OWNER, 404),
    "webhook_change": ("POST", "/settings/webhooks/1/change/", OWNER, 404),
    "webhook_replay": ("POST", "/settings/webhooks/1/replay/", OWNER, 404),
    "stores": ("GET", "/settings/stores/", LEADS, 200),
    "policy": ("GET", "/settings/policy/", LEADS, 200),
    "save_policy": ("POST", "/settings/policy/save/", LEADS, 409),
    "scripts": ("GET", "/settings/scripts/", LEADS, 200),
    "script": ("GET", "/settings/scripts/none/", LEADS, 404),
    "save_script": ("POST", "/settings/scripts/none/save/", LEADS, 404),
    "home": ("GET", "/week/", READERS, 200),
    "run_week": ("POST", "/week/run/", LEADS, 409),
    "checkup": ("GET", "/checkup/", CHECKERS, 200),
    "import_files": ("GET", "/checkup/import/", IMPORTERS, 200),
    "customers": ("GET", "/customers/", FLOOR, 200),
    "import_new": ("POST", "/checkup/import/new/", IMPORTERS, 400),
    "import_job": ("GET", "/checkup/import/job/", IMPORTERS, 200),
    "mapping": ("POST", "/checkup/import/mapping/none/", IMPORTERS, 400),
    "quarantine": ("GET", "/checkup/import/1/rows/", IMPORTERS, 404),
    "checkup_print": ("GET", "/checkup/print/", CHECKERS, 200),
    "checkup_file": ("GET", "/checkup/file/pdf/", CHECKERS, 404),
    "finding": ("GET", "/checkup/finding/none/", CHECKERS, 404),
    "customer": ("GET", "/customers/1/", FLOOR, 404),
    "timeline": ("GET", "/customers/1/timeline/", FLOOR, 404),
    "review": ("GET", "/customers/review/", READERS, 200),
    "apply_decisions": ("POST", "/customers/review/apply/", LEADS, 302),
    "identity_job": ("GET", "/customers/review/job/", LEADS, 200),
    "sample": ("GET", "/customers/review/sample/", LEADS, 200),
    "sample_again": ("POST", "/customers/review/sample/again/", LEADS, 302),
    "label_pair": ("POST", "/customers/review/sample/1-2/", LEADS, 302),
    "one_pair": ("GET", "/customers/review/pair/1-2/", READERS, 302),
    "decide_pair": ("POST", "/customers/review/pair/1-2/decide/", LEADS, 302),
    "show_pair_in_full": ("POST", "/customers/review/pair/1-2/full/", STORE_LEADS, 404),
    "undo_decision": ("POST", "/customers/review/undo/1/", LEADS, 404),
    "unmerge_preview": ("GET", "/customers/merged/1/", LEADS, 409),
    "unmerge_start": ("POST", "/customers/merged/1/undo/", LEADS, 409),
    "merge": ("GET", "/customers/1/merge/", LEADS, 404),
    "merge_preview": ("GET", "/customers/1/merge/2/", LEADS, 404),
    "merge_start": ("POST", "/customers/1/merge/2/start/", LEADS, 302),
    "split": ("GET", "/customers/1/split/", LEADS, 404),
    "split_start": ("POST", "/customers/1/split/start/", LEADS, 404),
    "reveal": ("POST", "/customers/1/reveal/", STORE_LEADS, 404),
    "segments": ("GET", "/segments/", FLOOR, 200),
    "segment_new": ("GET", "/segments/new/", LEADS, 200),
    "segment_build": ("POST", "/segments/build/", LEADS, 200),
    "segment_count": ("POST", "/segments/count/", LEADS, 200),
    "segment_save": ("POST", "/segments/save/", LEADS, 409),
    "segment": ("GET", "/segments/about_to_leave/", FLOOR, 200),
    "segment_edit": ("GET", "/segments/own_1/edit/", LEADS, 404),
    "segment_remove": ("GET", "/segments/own_1/remove/", LEADS, 404),
    "segment_removed": ("POST", "/segments/own_1/removed/", LEADS, 404),
    "segment_why": ("GET", "/segments/about_to_leave/why/", FLOOR, 200),
    "segment_file": ("POST", "/segments/about_to_leave/file/", STORE_LEADS, 200),
    "play_stores": ("GET", "/proposals/play/none/", READERS, 404),
    "approve_play": ("POST", "/proposals/play/none/approve/", LEADS, 302),
    "proposal_people": ("GET", "/proposals/1/people/", READERS, 404),
    "proposal_change_people": ("POST", "/proposals/1/people/change/", LEADS, 302),
    "proposal_edit": ("GET", "/proposals/1/edit/", LEADS, 404),
    "proposal_effects": ("POST", "/proposals/1/effects/", LEADS, 404),
    "proposal_save": ("POST", "/proposals/1/save/", LEADS, 404),
    "reassign": ("POST", "/tasks/reassign/", STORE_LEADS, 400),
    "proposals": ("GET", "/proposals/", READERS, 200),
    "proposal": ("GET", "/proposals/1/", READERS, 404),
    "approve": ("POST", "/proposals/1/approve/", LEADS, 404),
    "reject": ("POST", "/proposals/1/reject/", LEADS, 404),
    "withdraw": ("POST", "/proposals/1/withdraw/", LEADS, 404),
    "tasks": ("GET", "/tasks/", FLOOR, 200),
    "task_list": ("GET", "/tasks/list/", FLOOR, 200),
    "task": ("GET", "/tasks/1/", FLOOR, 404),
    "outcome": ("POST", "/tasks/1/outcome/", ALL, 404),
    "sheets": ("POST", "/tasks/sheets/", STORE_LEADS, 200),
    "results": ("POST", "/tasks/results/", STORE_LEADS, 302),
}
OPEN = {"sign_in", "language", "card", "card_claim"}


def addresses() -> list[URLPattern]:
    """All named addresses of the running site."""

    def walk(resolver: object) -> list[URLPattern]:
        return [
            found for one in resolver.url_patterns for found in ([one] if isinstance(one, URLPattern) else walk(one))
        ]

    return walk(get_resolver("shuke.console.urls"))  # programs ask at the API, which tests/api walks


def test_every_address_has_its_line() -> None:
    assert {pattern.name for pattern in addresses()} == set(TABLE)


def test_every_page_states_the_permission_it_needs() -> None:
    without = {p.name for p in addresses() if permission_of(p.callback) is None}
    assert without == {"landing", "sign_in", "sign_out", "language", "card", "card_claim"}
    assert {permission_of(p.callback) for p in addresses()} - {None} <= set(Permission)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_exactly_its_addresses(role: str, browser: Browser) -> None:
    client = browser(role)
    for name, (method, address, allowed, status) in TABLE.items():
        if name == "sign_out":
            continue
        answer = client.generic(method, address)
        wanted = status if role in allowed else 403
        assert answer.status_code == wanted, f"{role} at {name}: {answer.status_code}, expected {wanted}"


def test_nobody_gets_in_without_signing_in(browser: Browser) -> None:
    client = browser("anonymous")
    for name, (method, address, _allowed, _status) in TABLE.items():
        answer = client.generic(method, address)
        if name in OPEN:
            assert answer.status_code in (200, 302, 404), name
        else:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/sign-in/"), name


@pytest.mark.parametrize("role", ROLES)
def test_a_wrong_method_is_refused(role: str, browser: Browser) -> None:
    client = browser(role)
    for name, (method, address, _allowed, _status) in TABLE.items():
        if name in {"landing", "sign_in"}:
            continue
        wrong = "GET" if method == "POST" else "DELETE"
        assert client.generic(wrong, address).status_code == 405, name


def test_forms_from_elsewhere_are_refused(browser: Browser) -> None:
    client = browser("owner")
    client.handler.enforce_csrf_checks = True
    for name, (method, address, _allowed, _status) in TABLE.items():
        if method == "POST":
            assert client.post(address, {}).status_code == 403, name
