"""`/api/v1/loyalty`."""

from ninja import Router

from shuke.api.loyalty.webhooks import router as webhooks
from shuke.api.loyalty.writes import router as writes

router = Router()
router.add_router("", writes)
router.add_router("/webhooks", webhooks)
