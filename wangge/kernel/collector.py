"""Python's collector of circles, spared what stays as long as the process.

Looking through everything stops all requests of a server at once: modules, descriptions and the
ground of a city are a million objects, and none of them ever goes. Off unless a process that serves
says so, because what is frozen in the middle of a circle is never freed.
"""

import gc


def begin() -> None:
    """Say it once, when all is loaded: from now on what is kept need not be looked through."""
    gc.collect()
    gc.freeze()


def keep() -> None:
    """Whatever has just been read stays until something newer takes its place."""
    if gc.get_freeze_count():
        gc.freeze()
