"""The truth is the truth of these files, and every planted problem is really there, as large as it says."""

from tests.demo.conftest import AS_OF, CUSTOMERS, Retailer

_LINES = """(select distinct * exclude (file) from pos where "小票号" <> '')"""
_STOPPED, _SLOW, _TYPED = "萧山店", "观前店", "七宝店"


def problem(retailer: Retailer, code: str) -> dict[str, object]:
    """One planted problem by name of its columns."""
    (row,) = retailer.sql(
        f"select rows, orders, money_minor, first_on, last_on, note from truth_problems where code = '{code}'"
    )
    return dict(zip(("rows", "orders", "money", "first_on", "last_on", "note"), row, strict=True))


def counted(retailer: Retailer, where: str, table: str = _LINES) -> tuple[object, ...]:
    """Rows, receipts and money of till lines."""
    (row,) = retailer.sql(
        f"""select count(*), count(distinct "小票号"), coalesce(sum(cast("实收金额" as decimal(18,2)) * 100), 0)::bigint
        from {table} where {where}"""
    )
    return row


def test_orders_of_the_truth_are_the_orders_of_the_files(retailer: Retailer) -> None:
    for source, query in {
        "pos": f"""select distinct "小票号" from {_LINES}""",
        "tmall": """select distinct regexp_extract("订单编号", '\\d+') from tmall""",
        "jd": """select distinct "订单号" from jd""",
        "youzan": """select distinct trim("订单号", chr(9)) from youzan""",
    }.items():
        written = {row[0] for row in retailer.sql(query)}
        known = [row[0] for row in retailer.sql(f"select order_no from truth_orders where source = '{source}'")]
        assert written == set(known) and len(known) == len(written)


def test_every_record_stands_once_with_a_person_of_the_truth(retailer: Retailer) -> None:
    assert retailer.one("select count(*) from truth_persons") == CUSTOMERS + 84
    doubled = retailer.one("select count(*) - count(distinct source || '|' || source_row_id) from truth_records")
    strangers = retailer.one(
        """select count(*) from truth_records where person_id is not null
        and person_id not in (select person_id from truth_persons)"""
    )
    sources = {row[0] for row in retailer.sql("select distinct source from truth_records")}
    assert (doubled, strangers) == (0, 0)
    assert sources == {"pos", "tmall", "jd", "youzan", "meituan", "wecom", "member", "interaction", "consent", "coupon"}


def test_cards_on_receipts_belong_to_the_person_of_the_record(retailer: Retailer) -> None:
    wrong = retailer.one(
        f"""select count(*) from {_LINES} l join truth_records r on r.source = 'pos' and r.source_row_id = "小票号"
        left join truth_persons p on p.person_id = r.person_id and "会员卡号" in (p.card, p.card_later)
        where "会员卡号" <> '' and p.person_id is null"""
    )
    assert wrong == 0


def test_nobody_buys_after_the_dropout_or_before_the_entry(retailer: Retailer) -> None:
    wrong = retailer.one(
        """select count(*) from truth_orders o join truth_persons p using (person_id)
        where o.status <> 'return' and (o.ordered_on > p.dropout_on or o.ordered_on < p.entered_on)"""
    )
    assert wrong == 0


def test_people_keep_their_own_clock(retailer: Retailer) -> None:
    """Over people who stayed all the time the purchases are rate x days: within 10 % over the lot."""
    (row,) = retailer.sql(
        """with stayed as (select person_id, purchase_rate from truth_persons where kind = 'customer'
                and entered_on < date '2024-11-23' and (dropout_on is null or dropout_on > date '2026-11-22')),
            bought as (select person_id, count(*) n from truth_orders
                where status <> 'return' and duplicate_of is null group by 1)
        select sum(coalesce(n, 0)), sum(purchase_rate * 730), corr(coalesce(n, 0), purchase_rate), count(*)
        from stayed left join bought using (person_id)"""
    )
    bought, expected, correlation, people = row
    assert people > 100
    assert 0.9 < float(str(bought)) / float(str(expected)) < 1.1
    assert float(str(correlation)) > 0.85


def test_seasons_move_the_channels(retailer: Retailer) -> None:
    def a_day(where: str) -> float:
        query = f"select count(*) / count(distinct ordered_on) from truth_orders where {where}"
        return float(str(retailer.one(query)))

    online = "source in ('tmall', 'jd', 'youzan')"
    usual = a_day(f"{online} and month(ordered_on) in (3, 4, 8)")
    assert a_day(f"{online} and monthname(ordered_on) = 'November' and day(ordered_on) between 10 and 12") > 1.8 * usual
    before = a_day("source = 'pos' and ordered_on between '2026-01-27' and '2026-02-16'")
    during = a_day("source = 'pos' and ordered_on between '2026-02-17' and '2026-02-23'")
    assert before > 2 * during


def test_a_period_is_exported_twice_and_two_overlap(retailer: Retailer) -> None:
    twice = problem(retailer, "file_exported_twice")
    copy = f"""(select * from pos where file = '{twice["note"]}')"""
    assert counted(retailer, "true", copy) == (twice["rows"], twice["orders"], twice["money"])
    original = str(twice["note"]).replace(" (1)", "")
    missing = retailer.one(
        f"""select count(*) from (select * exclude (file) from pos where file = '{twice["note"]}'
        except all select * exclude (file) from pos where file = '{original}')"""
    )
    assert missing == 0
    overlap = problem(retailer, "periods_overlap")
    again = """(select any_value(columns(*)) from (select * exclude (file), file f from pos
        where file not like '%(1)%' and "小票号" <> '') group by "小票号", "行号" having count(*) > 1)"""
    assert counted(retailer, "true", again) == (overlap["rows"], overlap["orders"], overlap["money"])


def test_one_file_ends_in_a_total(retailer: Retailer) -> None:
    total = problem(retailer, "total_row")
    rows = retailer.sql("""select cast("实收金额" as decimal(18,2)) * 100, file from pos where "门店编码" = '合计'""")
    assert rows == [(total["money"], total["note"])]


def test_a_store_stops_registering(retailer: Retailer) -> None:
    stopped = problem(retailer, "store_stopped_registering")
    since = f"""cast("交易时间" as timestamp) >= '{stopped["first_on"]}'"""
    own = f""""门店" = '{_STOPPED}' and {since} and "外部订单号" is null"""
    assert counted(retailer, own) == (stopped["rows"], stopped["orders"], stopped["money"])
    named = retailer.one(f"""select count(*) from {_LINES} where {own} and "会员卡号" <> '' """)
    late = f"home_store = '{_STOPPED}' and registered_on >= '{stopped['first_on']}'"
    assert named == 0
    assert retailer.one(f"select count(*) from truth_persons where {late}") == 0


def test_one_till_runs_eight_hours_slow(retailer: Retailer) -> None:
    skew = problem(retailer, "clock_skew")
    at_night = """hour(cast("交易时间" as timestamp)) < 9"""
    rows = counted(retailer, at_night)
    stores = retailer.sql(f"""select distinct "门店" from {_LINES} where {at_night}""")
    assert stores == [(_SLOW,)]
    assert 0 < int(str(rows[1])) <= int(str(skew["orders"]))
    shifted = retailer.one(
        f"""select count(*) from {_LINES} l join truth_orders t on t.source = 'pos' and t.order_no = "小票号"
        where (t.ordered_at at time zone 'Asia/Shanghai') <> cast("交易时间" as timestamp)"""
    )
    assert shifted == skew["rows"]


def test_a_cashier_types_the_own_phone_and_others_invent_some(retailer: Retailer) -> None:
    cashier, dummy = problem(retailer, "cashier_phone"), problem(retailer, "dummy_phone")
    invented = """"手机号" in ('13800138000', '11111111111', '13000000000', '12345678901')"""
    assert counted(retailer, invented) == (dummy["rows"], dummy["orders"], dummy["money"])
    nobody = f"""(select l.* from {_LINES} l join truth_records r on r.source = 'pos' and r.source_row_id = "小票号"
        where r.person_id is null and not {invented})"""
    assert counted(retailer, "true", nobody) == (cashier["rows"], cashier["orders"], cashier["money"])
    numbers = retailer.sql(f"""select distinct "手机号", "门店" from {nobody}""")
    assert len(numbers) == 1 and numbers[0][1] == _TYPED
    assert retailer.one(f"select kind from truth_persons where phone = '{numbers[0][0]}'") == "staff"


def test_returns_are_negative_rows_some_without_an_original(retailer: Retailer) -> None:
    back = f"""(select * from {_LINES} where "交易类型" = '退货')"""
    assert retailer.one(f"""select bool_and("数量"::int < 0 and "实收金额"::double <= 0) from {back}""")
    blank = problem(retailer, "return_original_blank")
    assert counted(retailer, """coalesce("原小票号", '') = ''""", back) == (
        blank["rows"],
        blank["orders"],
        blank["money"],
    )
    orphans = problem(retailer, "return_without_original")
    lost = f""""原小票号" <> '' and "原小票号" not in (select "小票号" from {_LINES})"""
    assert counted(retailer, lost, back) == (orphans["rows"], orphans["orders"], orphans["money"])
    unmatched = retailer.one(
        """select count(*) from truth_orders r left join truth_orders o on o.source = 'pos' and o.order_no = r.return_of
        where r.return_of is not null
            and (o.order_no is null or o.ordered_at >= r.ordered_at or o.gross_minor < -r.net_minor)"""
    )
    assert unmatched == 0


def test_numbers_pass_to_others_only_after_120_days(retailer: Retailer) -> None:
    pairs = retailer.sql(
        """select g.phone_changed_on, t.entered_on from truth_persons t join truth_persons g
            on g.person_id = t.phone_recycled_from where g.phone = t.phone"""
    )
    assert len(pairs) >= 3
    assert all((taken - released).days >= 120 for released, taken in pairs)


def test_families_share_a_phone_and_some_have_two_cards(retailer: Retailer) -> None:
    shared = retailer.sql(
        """select a.phone = b.phone, a.home_store = b.home_store, a.card <> b.card from truth_persons a
        join truth_persons b on b.person_id = a.shares_phone_with"""
    )
    assert len(shared) >= 10 and set(shared) == {(True, True, True)}
    assert (
        retailer.one("select count(*) from truth_persons where card_later <> ''")
        == problem(retailer, "two_cards")["rows"]
    )


def test_no_file_reaches_the_as_of_day(retailer: Retailer) -> None:
    assert retailer.one("select max(ordered_on) from truth_orders") < AS_OF
    assert retailer.one("""select max(cast("交易时间" as timestamp)) from pos where "小票号" <> ''""")
    assert retailer.one("select min(ordered_on) from truth_orders") == AS_OF.replace(year=AS_OF.year - 2)
