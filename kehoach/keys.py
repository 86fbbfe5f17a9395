"""The command ``kehoach keys``: who may use a server, and for what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search_api.access import NAME, KeyFile, Scope

keys = typer.Typer(
    help="Tạo, xem, thay và thu hồi khóa.", no_args_is_help=True, rich_markup_mode=None
)

File = Annotated[
    Path, typer.Option("--keys", envvar="KEHOACH_KEYS", metavar="FILE", help="Tệp khóa.")
]


def _name(value: str | None) -> str | None:
    if value is not None and not NAME.match(value):
        raise typer.BadParameter(value)
    return value


Name = Annotated[
    str, typer.Argument(callback=_name, help="Tên khóa: chữ thường không dấu, số, gạch nối.")
]


@keys.command()
def add(
    name: Name,
    file: File,
    scope: Annotated[
        list[Scope], typer.Option("--scope", help="Quyền (lặp lại được); admin gồm mọi quyền.")
    ] = [Scope.READ],
    tenant: Annotated[
        str | None, typer.Option(callback=_name, help="Đơn vị mà khóa chỉ thấy kế hoạch của mình.")
    ] = None,
) -> None:
    """Tạo khóa và in ra: chỉ in một lần này, tệp khóa không giữ khóa."""
    typer.echo(KeyFile(file).add(name, scope, tenant))


@keys.command("list")
def list_keys(file: File) -> None:
    """Liệt kê các khóa: tên, quyền, đơn vị, ngày tạo."""
    for key in KeyFile(file).keys().values():
        typer.echo("\t".join((key.name, ",".join(key.scopes), key.tenant or "-", key.created_at)))


@keys.command()
def rotate(name: Name, file: File) -> None:
    """Thay khóa bằng khóa mới và in ra; khóa cũ hết dùng được ngay."""
    typer.echo(KeyFile(file).rotate(name))


@keys.command()
def revoke(name: Name, file: File) -> None:
    """Thu hồi khóa: hết dùng được ngay, máy chủ không cần khởi động lại."""
    KeyFile(file).revoke(name)
    typer.echo(f"Đã thu hồi khóa “{name}”.", err=True)
