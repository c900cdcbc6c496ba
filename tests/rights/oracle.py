"""Who may see what, written down by hand from the rules of the city, never computed."""

POSTS = (
    "lihong",  # worker of grid 1
    "wangqiang",  # worker of grid 2, next door
    "zhouping",  # worker in the other town
    "wuhua",  # leader of the community of grids 1 and 2
    "acceptor",  # desk of the sub-district
    "liulin",  # desk of the other town
    "citydesk",  # the city's sorting desk
    "handler",  # a department of the county
    "property",  # the property company of the community
    "sysadmin",  # looks after accounts and rules, never after cases
)
T, F = True, False
SEES: dict[str, tuple[bool, ...]] = {
    # situation           li wq zp wu ac ll cd ha pr sy
    "grid_1": (T, F, F, T, T, F, T, F, F, F),
    "grid_2": (F, T, F, T, T, F, T, F, F, F),
    "community_only": (F, F, F, T, T, F, T, F, F, F),
    "unplaced": (F, F, F, F, F, F, T, F, F, F),
    "outside_the_city": (F, F, F, F, F, F, T, F, F, F),
    "dispatched_to_the_county": (F, F, F, F, T, F, T, T, F, F),
    "returned_by_the_county": (F, F, F, F, T, F, T, T, F, F),
    "reported_by_the_neighbour": (T, T, F, T, T, F, T, F, F, F),
    "confidential": (T, F, F, T, T, F, T, F, F, F),
    "handled_by_property": (T, F, F, T, T, F, T, F, T, F),
    "corrected_to_grid_2": (F, T, F, T, T, F, T, F, F, F),
    "other_town": (F, F, T, F, F, T, T, F, F, F),
}
# Names and numbers of askers: desks alone, a confidential one's only at the desk in charge.
ASKERS: dict[str, frozenset[str]] = {
    "acceptor": frozenset(
        {
            "grid_1",
            "grid_2",
            "community_only",
            "dispatched_to_the_county",
            "returned_by_the_county",
            "reported_by_the_neighbour",
            "confidential",
            "handled_by_property",
            "corrected_to_grid_2",
        }
    ),
    "liulin": frozenset({"other_town"}),
    "citydesk": frozenset(SEES) - {"confidential"},
}


def seen_by(post: str) -> set[str]:
    """The situations that the table gives to one post."""
    column = POSTS.index(post)
    return {situation for situation, row in SEES.items() if row[column]}
