"""All doors of the people room."""

from fastapi import APIRouter

from wangge.people import roster_routes, second_step_routes, session_routes, staff_routes

router = APIRouter(prefix="/api/v1")
router.include_router(session_routes.router)
router.include_router(second_step_routes.router)
router.include_router(staff_routes.router)
router.include_router(roster_routes.router)
