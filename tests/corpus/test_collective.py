"""Which bodies a collective name covers."""

import pytest

from corpus.collective import falls_under
from corpus.units import Unit


def body(level: str) -> Unit:
    return Unit("a", "A", (), level, False)


def group(name: str) -> Unit:
    return Unit("cac", name, (), "province", True)


@pytest.mark.parametrize(
    ("name", "level", "covered"),
    [
        ("Các sở, ban, ngành", "province", True),
        ("Các sở, ban, ngành", "district", False),
        ("Các sở, ngành, địa phương", "district", True),
        ("Ủy ban nhân dân các huyện, thành phố", "district", True),
        ("Ủy ban nhân dân các huyện, thành phố", "province", False),
        ("Ủy ban nhân dân các xã, phường", "commune", True),
        ("Các cơ quan thông tấn báo chí", "press", True),
        ("Các cơ quan thông tấn báo chí", "province", False),
        ("Các cơ sở giáo dục nghề nghiệp", "school", True),
        ("Các cơ sở giáo dục nghề nghiệp", "province", False),
        ("Các doanh nghiệp", "enterprise", True),
        ("Các doanh nghiệp", "press", False),
        ("Các tổ chức chính trị - xã hội, đoàn thể", "organisation", True),
        ("Các đơn vị có liên quan", "press", True),
        ("Các đơn vị có liên quan", "enterprise", False),
    ],
)
def test_a_collective_covers_bodies_of_its_kind(name, level, covered):
    assert falls_under(body(level), group(name)) is covered


def test_a_collective_is_no_member_and_a_body_has_none():
    assert not falls_under(group("Các sở"), group("Các sở, ban, ngành"))
    assert not falls_under(body("province"), body("province"))
