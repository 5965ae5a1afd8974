from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "shuke.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"
