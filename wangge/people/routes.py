"""All doors of the people room."""

from fastapi import APIRouter

from wangge.people import session_routes

router = APIRouter(prefix="/api/v1")
router.include_router(session_routes.router)
