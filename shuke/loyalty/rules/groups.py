"""Opening accounts, and linking them: a merge is a link, so that a split gives back what stood before."""

from dataclasses import replace

from shuke.loyalty.rules.books import Books, Change
from shuke.loyalty.rules.refusals import MemberKnown, NotMerged, SameAccount
from shuke.loyalty.values import commands
from shuke.loyalty.values.ledger import Account


def enrol(ledger: Books, command: commands.Enrol) -> Change:
    """A new account. Raises `MemberKnown`."""
    if command.member in ledger.members:
        raise MemberKnown(f"Member {command.member} has an account.", hint="Use it, or choose another number.")
    number = next(ledger.account_ids)
    opened = Account(number, command.programme, command.member, command.customer_id, number, None, command.at)
    return Change(number, accounts=[opened])


def merge(ledger: Books, command: commands.Merge) -> Change:
    """The group of `other` joins the group of `kept`; lots, debts and uses stay whose they are."""
    kept, other = ledger.root(command.kept), ledger.root(command.other)
    if kept == other:
        raise SameAccount("Both members share one account already.", hint="Nothing to do.")
    moved = [
        replace(one, group=kept, merged_into=kept if one.id == other else one.merged_into)
        for one in [ledger.accounts[account] for account in ledger.groups[other]]
    ]
    return Change(kept, accounts=moved, details={"other": command.other})


def split(ledger: Books, command: commands.Split) -> Change:
    """The account leaves the one it was merged into, with those that were merged into it before. Raises `NotMerged`."""
    root = ledger.root(command.member)
    account = ledger.members[command.member]
    if account == root:
        raise NotMerged(f"{command.member} was not merged into another.", hint="Split the member that was merged.")
    leaving = _under(ledger, account, among=ledger.groups[root])
    moved = [
        replace(one, group=account, merged_into=None if one.id == account else one.merged_into)
        for one in [ledger.accounts[number] for number in leaving]
    ]
    return Change(account, accounts=moved, details={"from": ledger.accounts[root].member})


def _under(ledger: Books, account: int, *, among: list[int]) -> list[int]:
    """An account and all that were merged into it, directly or through others."""
    found = [account]
    for one in found:
        found += [other for other in among if ledger.accounts[other].merged_into == one]
    return found
