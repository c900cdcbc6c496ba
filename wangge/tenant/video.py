"""From where snapshots of video sites may be fetched: nothing else is ever asked for one."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.models import Part, mistake, refuse_repeated

Host = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$", max_length=260
    ),
]


class Video(Part):
    """The document ``video``; no host: no snapshot is fetched, which is how the product comes.

    ``hosts``: names or addresses, with a port where it is not the usual one of its scheme.
    ``seconds``, ``kilobytes``: what one snapshot may take.
    """

    hosts: tuple[Host, ...] = Field(default=(), max_length=200)
    seconds: Annotated[int, Field(ge=1, le=15)] = 6
    kilobytes: Annotated[int, Field(ge=50, le=8000)] = 3000

    @model_validator(mode="after")
    def sensible(self) -> Self:
        refuse_repeated(list(self.hosts), "允许的主机", "allowed hosts")
        for host in self.hosts:
            port = host.partition(":")[2]
            if port and not 0 < int(port) < 65536:
                mistake(f"端口无效：{host}", f"not a port: {host}")
        return self
