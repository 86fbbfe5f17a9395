"""Words of one thing: what an official calls it and what a plan calls it.

General administrative Vietnamese, not the wording of any plan. A member is written with its marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.text import fold, tokenise
from search_api.cues import cue

GROUPS: tuple[tuple[str, ...], ...] = (
    (
        "báo chí", "thông tấn", "tạp chí", "báo điện tử", "báo in", "phóng viên", "nhà báo",
        "đài phát thanh", "phát thanh", "truyền hình", "truyền thông đại chúng",
        "thông tin đại chúng",
    ),
    (
        "internet", "mạng xã hội", "trực tuyến", "online", "website",
        "trang thông tin điện tử", "facebook", "youtube", "zalo", "không gian mạng",
    ),
    (
        "pa-nô", "pano", "pa nô", "áp phích", "poster", "băng rôn", "đề-can", "decal",
        "biển quảng cáo", "bảng tuyên truyền",
    ),
    ("học nghề", "đào tạo nghề", "giáo dục nghề nghiệp", "dạy nghề", "trường nghề"),
    ("tiền", "kinh phí", "chi phí", "ngân sách", "nguồn vốn", "tài chính"),
    ("tập huấn", "bồi dưỡng", "lớp học", "huấn luyện"),
    (
        "trường phổ thông", "trường trung học", "trung học phổ thông", "trung học cơ sở",
        "trường học", "cấp 2", "cấp 3",
    ),
    ("quảng cáo", "quảng bá", "giới thiệu"),
    ("công nghệ thông tin", "phần mềm", "tin học", "công nghệ số", "app"),
    ("ấn phẩm", "tờ rơi", "sách mỏng", "tài liệu in"),
    ("phát sóng", "lên sóng", "lên truyền hình", "lên đài"),
    ("khó khăn", "vướng mắc", "trở ngại", "trục trặc", "bất cập"),
    ("doanh nghiệp", "công ty", "cơ sở sản xuất kinh doanh"),
    ("đoàn thanh niên", "tỉnh đoàn", "thanh niên cộng sản"),
    ("giảng dạy", "dạy", "giáo viên", "nhà giáo", "thầy cô", "giảng viên", "người dạy"),
    ("mục tiêu", "mục đích"),
    ("người khuyết tật", "người tàn tật"),
    ("tuyên truyền", "truyền thông", "thông tin", "cổ động"),
    ("bộ nhận diện", "logo", "nhận diện thương hiệu"),
    ("hướng nghiệp", "tư vấn nghề", "chọn nghề"),
    ("phân luồng", "định hướng"),
    ("đối tượng", "nhắm tới", "nhắm đến", "hướng tới", "hướng đến", "dành cho ai"),
    ("thông điệp", "slogan", "khẩu hiệu", "câu hiệu triệu"),
    ("học sinh", "học trò", "các em"),
    ("khen", "khen thưởng", "tôn vinh", "tuyên dương", "biểu dương", "vinh danh"),
    ("cộng tác viên", "báo cáo viên", "tuyên truyền viên"),
    ("giao lưu", "gặp gỡ", "trao đổi"),
    ("quân nhân", "bộ đội"),
    ("hội thảo", "hội nghị", "tọa đàm", "diễn đàn"),
    ("cuộc thi", "hội thi", "kỳ thi"),
    ("video", "clip", "phim", "phóng sự"),
    ("ai", "trí tuệ nhân tạo"),
    ("chấp hành xong án phạt tù", "mãn hạn tù", "ra tù", "chấp hành án xong"),
    ("xuất ngũ", "ra quân", "giải ngũ"),
    ("trung học cơ sở", "lớp 9"),
    ("trung học phổ thông", "lớp 12"),
    ("báo điện tử", "báo mạng"),
    ("đài phát thanh", "truyền hình", "đài tỉnh"),
    ("vận động", "kêu gọi"),
    ("hạn", "thời hạn", "chậm nhất", "trước ngày"),
    ("phối hợp", "cùng", "hợp tác"),
    ("soạn", "biên soạn", "biên tập", "xây dựng"),
    ("giáo trình", "chương trình", "tài liệu"),
    ("xe buýt", "phương tiện giao thông", "phương tiện giao thông công cộng"),
    ("công viên", "nơi đông người", "nơi công cộng", "khu công cộng", "không gian công cộng"),
    ("kiểm tra", "giám sát", "theo dõi"),
    ("nông thôn", "nông dân", "vùng quê"),
    ("miền núi", "vùng cao", "dân tộc thiểu số"),
    ("việc làm", "tuyển dụng"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Words of one thing: `pattern` finds any as typed, `members` are they as syllables.

    Where none of the keys in `openings` stands, none of them does.
    """

    pattern: re.Pattern[str]
    members: tuple[str, ...]
    openings: frozenset[str]


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups, compiled."""
    compiled = []
    for members in GROUPS:
        spoken = [" ".join(token.text for token in tokenise(member)) for member in members]
        pattern = cue("|".join(sorted(spoken, key=len, reverse=True)))
        openings = frozenset(fold(member.partition(" ")[0]) for member in spoken)
        compiled.append(Group(pattern, tuple(spoken), openings))
    return tuple(compiled)
