"""Users, their store grants, failed sign-ins, and programs with a key."""

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from shuke.kernel.actor import PEOPLE

_ROLES = [(role.value, role.value) for role in PEOPLE]


class User(AbstractBaseUser):
    """Someone who signs in. Managers and associates see the stores of their grants and no other.

    `language` is empty until they choose one: then they read the shop's.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=_ROLES)
    associate = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(role__in=[value for value, _ in _ROLES]), name="user_role_is_known"
            ),
        )


class StoreGrant(models.Model):
    """One store that a manager or associate may see."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    store = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "store"], name="one_grant_a_user_and_store"),)


class SignInTrouble(models.Model):
    """Failed sign-ins in a row of one user name from one address; removed by the first that succeeds."""

    username = models.CharField(max_length=60)
    address = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["username", "address"], name="one_trouble_a_name_and_address"),)


class ApiClient(models.Model):
    """A program with a key. The key itself is not kept, only its SHA-256; `stores` null: every store.

    `expires_on` is the last day on which the key works; `per_minute` null: the usual allowance.
    """

    name = models.CharField(max_length=60, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    stores = models.JSONField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    per_minute = models.PositiveIntegerField(null=True)
    last_used_on = models.DateField(null=True)
