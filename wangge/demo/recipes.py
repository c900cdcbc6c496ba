"""What each demo tenant is made of: two a demo begins with, and those that are added at will."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from wangge.areas.models import AreaDraft
from wangge.demo import forces, ground, sample_forces, sample_plans, samples
from wangge.demo.ground import City
from wangge.demo.staff import USUAL, Manning
from wangge.demo.units import Unit
from wangge.kernel.db import Tx

DAYS = 30
SOME = 0.4  # of the matters of the last days: a sample town is there in seconds
RaiseUp = Callable[[Tx, Sequence[AreaDraft], Sequence[Unit]], tuple[int, int]]


class Recipe(NamedTuple):
    """What a demo tenant is made of.

    ``share`` says how many of the told and invented matters of the last three days, ``days`` how
    long a past is computed besides.
    """

    tenant: str
    build: Callable[[], City]
    rules: str
    share: float = 1.0
    days: int = 0
    manning: Manning = USUAL
    raise_up: RaiseUp = forces.raise_up
    area_code: str = "0546"


def _sample(tenant: str, build: Callable[[], City], manning: Manning, area_code: str) -> Recipe:
    raise_up = partial(sample_forces.raise_up, order=samples.TEAMS[tenant])
    return Recipe(tenant, build, f"{tenant}.yaml", SOME, 0, manning, raise_up, area_code)


RECIPES = (
    Recipe("dongying", ground.build, "dongying.yaml", days=DAYS),
    _sample("beixin", sample_plans.beixin, samples.BEIXIN, "0632"),
)
MORE = (
    _sample("dongchangfu", sample_plans.dongchangfu, samples.DONGCHANGFU, "0635"),
    _sample("dacun", sample_plans.dacun, samples.DACUN, "0532"),
)
BY_TENANT = {recipe.tenant: recipe for recipe in (*RECIPES, *MORE)}
