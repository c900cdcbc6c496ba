"""The command desk 联动指挥: several units sent out in one act, their word awaited."""
