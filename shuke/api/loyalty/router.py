"""`/api/v1/loyalty`."""

from ninja import Router

from shuke.api.loyalty.members import router as members
from shuke.api.loyalty.office import router as office
from shuke.api.loyalty.webhooks import router as webhooks
from shuke.api.loyalty.writes import router as writes

router = Router()
router.add_router("", writes)
router.add_router("", members)
router.add_router("", office)
router.add_router("/webhooks", webhooks)
