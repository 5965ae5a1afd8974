"""Words for those who work with the console, and for what they did."""

from django.utils.translation import gettext_lazy as _

from shuke.console.frame.words.lookup import Words

ROLES: Words = {
    "owner": _("Owner"),
    "operator": _("Operator"),
    "manager": _("Store manager"),
    "associate": _("Associate"),
    "system": _("System"),
    "client": _("Program"),
}
SCOPES: Words = {"metrics:read": _("the metrics")}
ROLE_NOTES: Words = {
    "owner": _("everything, and who may sign in"),
    "operator": _("plans the week for all stores"),
    "manager": _("own stores, their customers and tasks"),
    "associate": _("own tasks and own store's customers"),
}
VERBS: Words = {
    "person_added": _("Made an account"),
    "password_renewed": _("Gave a new password"),
    "account_closed": _("Closed an account"),
    "revealed": _("Looked at a hidden value"),
    "proposed": _("Drew the people"),
    "drawn": _("Drew the people"),
    "redrawn": _("Drew the people anew"),
    "import": _("Imported files"),
    "mapping_accepted": _("Took a mapping of columns"),
    "tasks made": _("Made tasks"),
    "tasks taken back": _("Took tasks back"),
    "reassigned": _("Gave tasks to somebody else"),
    "expired": _("Let old tasks expire"),
    "unfinished": _("Moved unfinished tasks, or let them expire"),
    "save_segment": _("Saved a segment"),
    "remove_segment": _("Removed a segment"),
    "exported": _("Exported data"),
    "outcome taken back": _("Took an outcome back"),
    "outcome changed": _("Changed an outcome"),
    "contact closed": _("Closed the contact: they asked for it"),
    "customers_resolved": _("Matched customers"),
    "approve": _("Approved a proposal"),
    "edit": _("Changed a proposal"),
    "reject": _("Rejected a proposal"),
    "withdraw": _("Withdrew a proposal"),
    "export": _("Handed out task sheets"),
    "client_added": _("Gave a program a key"),
    "client_closed": _("Closed a program's access"),
    "metrics_simple": _("Chose which metrics are shown"),
    "policy_saved": _("Changed the brand policy"),
    "play_saved": _("Changed a play"),
}
OBJECTS: Words = {
    "customer": _("customer"),
    "proposal": _("proposal"),
    "task": _("task"),
    "tasks": _("task sheets"),
    "customers": _("customers up to number"),
    "user": _("account"),
    "table": _("table"),
    "generation": _("run"),
    "mapping": _("mapping"),
    "policy": _("brand policy"),
    "client": _("program"),
    "setting": _("setting"),
    "play": _("play"),
    "segment": _("segment"),
    "quarantine": _("rows set aside of import"),
}
