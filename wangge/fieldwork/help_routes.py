"""The door of help: whom a worker can call, kept on his phone for where there is no line."""

from fastapi import APIRouter
from pydantic import BaseModel

from wangge.fieldwork import help_calls
from wangge.fieldwork.permissions import WORK
from wangge.people.doors import Me, OfficeDb

router = APIRouter(prefix="/api/v1/fieldwork", tags=["fieldwork"])


class CallableView(BaseModel):
    name: str
    phone: str


class WhomToCall(BaseModel):
    public: list[CallableView]
    leaders: list[CallableView]


@router.get("/help", operation_id="readHelpNumbers", response_model=WhomToCall)
def read_help(tx: OfficeDb, me: Me) -> dict[str, list[dict[str, str]]]:
    """Numbers to dial; a call for help itself goes by ``help.call`` of sync."""
    me.must(WORK)
    return {"public": help_calls.help_of(tx), "leaders": help_calls.numbers(tx, me)}
