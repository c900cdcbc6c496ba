"""`wangge classify`: train from closed cases, evaluate on a labelled file, list, go back."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from wangge.classify import service, training
from wangge.classify.features import Told
from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.kernel.errors import Invalid
from wangge.settings import settings

cli = typer.Typer(no_args_is_help=True, help="类型建议 Suggesting types from the words.")
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]
BY = "wangge classify"


def _told(scores: training.Scores) -> str:
    return (
        f"{scores.examples} 条 texts, {scores.types} 类 types, {scores.folds} 折 folds:"
        f" macro-F1 {scores.macro_f1:.3f}  准确率 accuracy {scores.accuracy:.3f}"
        f"  有把握 certain {scores.certain:.1%}（其中正确 right {scores.certain_right:.1%}）"
        f"  不确定 uncertain {1 - scores.certain:.1%}"
    )


@cli.command()
def train(tenant: Tenant = "dongying") -> None:
    """Learn from the tenant's closed cases; the new version is in use at once."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        made = service.train(tx, author=BY)
        typer.echo(f"第 {made['version']} 版 version, {made['cases']} 件 cases, {made['bytes']} B")
        typer.echo(_told(training.Scores(**made["scores"])))


@cli.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="CSV：title, text, label 三列 columns")],
    folds: Annotated[int, typer.Option(min=2, max=20, help="折数 folds")] = 10,
    seed: int = 0,
) -> None:
    """Cross-validate on a labelled file, beside the plain baseline on the same folds."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"text", "label"} <= rows[0].keys():
        raise Invalid(
            "columns_missing",
            "文件里要有 text 和 label 两列（title 可有可无）",
            "the file needs the columns text and label (title if there is one)",
        )
    known = [
        training.Example(Told(row.get("title") or "", row["text"]), row["label"])
        for row in rows
        if row["label"]
    ]
    for name, fit in (("基线 baseline", training.plain), ("本系统 wangge", training.ours)):
        scores = training.crossed(known, count=folds, seed=seed, fit=fit)
        typer.echo(f"{name:14} {_told(scores)}")


@cli.command("list")
def list_(tenant: Tenant = "dongying") -> None:
    """Every version with its date, its count and its scores."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        for row in service.listed(tx):
            mark = "*" if row["active"] else " "
            typer.echo(f"{mark}{row['version']:>3}  {row['trained_at']:%Y-%m-%d %H:%M}  "
                       f"{_told(training.Scores(**row['scores']))}")  # fmt: skip


@cli.command()
def use(version: int, tenant: Tenant = "dongying") -> None:
    """Go back to a version; 0 leaves the suggesting to the keywords."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        service.use(tx, version)
        typer.echo(f"现用 in use: {version or '关键词 keywords'}")


@cli.command("import")
def import_(file: Path, tenant: Tenant = "dongying") -> None:
    """Use a model file that this installation wrote for this tenant; any other is refused."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        made = service.take(tx, file.read_bytes(), author=BY)
        typer.echo(f"第 {made['version']} 版 version")


@cli.command()
def export(version: int, file: Path, tenant: Tenant = "dongying") -> None:
    """Write the file of a version."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        file.write_bytes(service.data_of(tx, version))
    typer.echo(str(file))
