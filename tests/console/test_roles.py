"""Each role lands where its work begins; people get the new roles on the people page."""

import pytest
from django.db import IntegrityError, transaction

from shuke.access.models import User
from shuke.access.rules import Permission, may
from shuke.kernel.actor import PEOPLE, Actor, Role
from tests.console.conftest import Browser

LANDINGS = {
    "owner": "/week/",
    "operator": "/week/",
    "manager": "/week/",
    "associate": "/tasks/",
    "finance": "/loyalty/",
    "analyst": "/loyalty/",
    "auditor": "/week/",
    "engineer": "/checkup/",
}


@pytest.mark.parametrize("role", [role.value for role in PEOPLE])
def test_a_role_lands_where_its_work_begins(role: str, browser: Browser) -> None:
    client = browser(role)
    found = client.get("/")["Location"]
    assert found == LANDINGS[role]
    assert client.get(found).status_code == 200


def test_the_people_page_offers_every_role_and_says_what_it_may_do(browser: Browser) -> None:
    boss = browser("owner")
    text = boss.get("/people/").content.decode()
    for role, words in (("finance", "财务"), ("analyst", "分析"), ("auditor", "审计"), ("engineer", "工程师")):
        assert f'<option value="{role}">{words} · ' in text
    made = boss.post("/people/new/", {"username": "qian", "name": "钱会计", "role": "finance", "stores": ["滨江店"]})
    assert made.status_code == 200
    user = User.objects.get(username="qian")
    assert user.role == "finance"
    assert not user.grants.exists(), "finance sees every store: no grant is kept"


@pytest.mark.django_db
def test_the_database_knows_no_other_role(workspace: object) -> None:
    for role in PEOPLE:
        User.objects.create(username=f"a-{role}", name="甲", role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="b", name="乙", role="client")


def test_who_may_move_points_and_who_may_only_look() -> None:
    def holders(right: Permission) -> set[str]:
        scoped = (Role.MANAGER, Role.ASSOCIATE)
        return {
            role.value
            for role in PEOPLE
            if may(Actor(name="甲", role=role, stores=frozenset({"甲店"}) if role in scoped else None), right)
        }

    assert holders(Permission.WORK_LOYALTY) == {"owner", "operator", "manager", "associate"}
    assert holders(Permission.ADJUST_POINTS) == {"owner", "operator", "manager", "finance"}
    assert holders(Permission.APPROVE_POINTS) == {"owner", "operator", "finance"}
    assert holders(Permission.SEE_FINANCE) == {"owner", "operator", "finance", "auditor"}
    assert holders(Permission.MANAGE_PROGRAMME) == {"owner", "operator"}
    assert holders(Permission.SEE_MEMBERS) == {"owner", "operator", "manager", "associate", "finance", "auditor"}
    assert holders(Permission.SEE_LOYALTY) == {role.value for role in PEOPLE} - {"engineer"}
    changing = {right for right in Permission if not right.value.startswith("see_")}
    auditor = Actor(name="审", role=Role.AUDITOR)
    assert not any(may(auditor, right) for right in changing)
