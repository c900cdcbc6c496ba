"""The public notice without an account: page, poster and code, none of them kept by anybody."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.encoders import jsonable_encoder

from wangge.kernel.description import Pdf, Svg
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, json, neighbourhood
from wangge.public_service import serve

router = APIRouter(prefix="/api/v1/public/serve", tags=["public"])
# A name and a phone that have been taken down must not live on in anybody's cache.
NO_STORE = {"Cache-Control": "no-store"}
LOOKS = Bucket(rate=5, burst=120)
POSTERS = Bucket(rate=0.5, burst=30)
Code = Annotated[str, Path(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


@router.get("/{area_code}", operation_id="whoServesHere")
def who_serves_here(tx: PublicDb, request: Request, area_code: Code) -> Response:
    """Name everybody who serves an area; codes that it had before lead here too."""
    LOOKS.take(neighbourhood(request))
    found = serve.here(tx, area_code)
    body: dict[str, Any] = {
        "area": {
            "id": found.id,
            "code": found.code,
            "name": found.name,
            "level": found.level,
            "names": found.names,
        },
        **{
            key: value
            for key, value in asdict(found).items()
            if key in {"people", "up", "desk", "hotline", "supervision_phone", "notices"}
        },
    }
    return json(jsonable_encoder(body), headers=NO_STORE)


@router.get("/{area_code}/poster.pdf", operation_id="servePoster", response_class=Pdf)
def poster(
    tx: PublicDb, request: Request, area_code: Code, paper: Literal["a3", "a4"] = "a3"
) -> Response:
    """Print the notice to hang out."""
    POSTERS.take(neighbourhood(request))
    content = serve.poster(tx, area_code, paper=paper)
    name = f'inline; filename="serve-{area_code}.pdf"' if area_code.isalnum() else "inline"
    headers = NO_STORE | {"Content-Disposition": name}
    return Pdf(content, headers=headers)


@router.get("/{area_code}/qr.svg", operation_id="serveCode", response_class=Svg)
def code(tx: PublicDb, request: Request, area_code: Code) -> Response:
    LOOKS.take(neighbourhood(request))
    return Svg(serve.qr(tx, area_code), headers=NO_STORE)
