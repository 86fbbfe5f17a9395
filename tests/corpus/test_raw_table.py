import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import raw_table
from corpus.model import Role
from corpus.raw_table import RawTable, rebuild_table
from corpus.text import normalise

PLANS = Path(raw_table.__file__).parent / "data" / "plans"

# Read out of the source by eye, one cell a line.
GOLDEN = """
1
Ứng dụng công nghệ thông tin phục vụ cho công tác truyền thông kết hợp với các hoạt động chuyên môn như tuyển sinh, đào tạo, đánh giá kết quả
Sở Lao động - Thương binh và Xã hội và các cơ sở giáo dục nghề nghiệp
Cơ quan chủ quản của các cơ sở GDNN; các đơn vị có liên quan
Các sản phẩm công nghệ thông tin được công bố, sử dụng
2
Xây dựng các ấn phẩm và số hóa các nội dung, ấn phẩm tuyên truyền
Sở Lao động - Thương binh và Xã hội; các cơ sở giáo dục nghề nghiệp
Cơ quan chủ quản của các cơ sở GDNN
Các ấn phẩm, sản phẩm số được phát hành
3
Phối hợp với các cơ quan thông tấn báo chí, các tổ chức xã hội nghề nghiệp tuyên truyền về giáo dục nghề nghiệp
Sở Lao động - Thương binh và Xã hội, các cơ sở giáo dục nghề nghiệp và Báo Bình Thuận; Đài Phát thanh truyền hình Bình Thuận
Cơ quan chủ quản của các cơ sở GDNN; các đơn vị có liên quan
Các chương trình, phóng sự, tin tức được phát sóng; các tin, bài, ảnh, chuyên trang được đăng tải
4
Truyền thông qua mạng viễn thông và internet
Sở Lao động - Thương binh và Xã hội; các cơ sở giáo dục nghề nghiệp
Các cơ quan thông tấn, báo chí, truyền thông; cơ quan chủ quản của các cơ sở GDNN
Các sản phẩm được phát hành trên internet (Website, Mạng xã hội, YouTube...)
5
Tổ chức các sự kiện về giáo dục nghề nghiệp mang tính chất truyền thông, có thông điệp cụ thể để định hướng phân luồng học sinh sau trung học cơ sở và trung học phổ thông đăng ký tham gia giáo dục nghề nghiệp
Sở Lao động - Thương binh và Xã hội; các cơ sở giáo dục nghề nghiệp
Các cơ quan thông tấn, báo chí, truyền thông; cơ quan chủ quản của các cơ sở GDNN và các cơ quan, đơn vị có liên quan
Các hoạt động, sự kiện được tổi chức
6
Tăng cường sự tham gia của các cơ sở giáo dục nghề nghiệp trong việc tham gia xây dựng chương trình, tài liệu giáo dục hướng nghiệp và cử giáo viên giáo dục nghề nghiệp tham gia giảng dạy giáo dục hướng nghiệp trong trường trung học cơ sở, trung học phổ thông
Các cơ sở giáo dục nghề nghiệp
Sở Lao động – Thương binh và Xã hội; Sở Giáo dục và Đào tạo; cơ quan chủ quản của các cơ sở GDNN
Chương trình, tài liệu giáo dục hướng nghiệp giáo dục nghề nghiệp
7
Xây dựng và phát triển không gian truyền thông, hình thành hệ sinh thái truyền thông giáo dục nghề nghiệp
Sở Lao động - Thương binh và Xã hội; cơ quan chủ quản của các cơ sở GDNN và các cơ sở giáo dục nghề nghiệp
Các cơ quan thông tấn, báo chí, truyền thông; doanh nghiệp và các cơ quan, đơn vị liên quan đến giáo dục nghề nghiệp
Các mô hình của giáo dục nghề nghiệp; các bộ nhận diện, logo, khẩu hiệu, biển quản bá; các nhân vật hoạt hình, hoạt họa; hình ảnh, thông điệp… về giáo dục nghề nghiệp; các hoạt động, sự kiện, hội nghị, các cuộc thi, tin bàn, ảnh, phóng sự, phim; truyện, các video, thơ, nhạc, kịch… về giáo dục nghề nghiệp
8
Truyền thông qua các hoạt động và sự kiện của lĩnh vực giáo dục nghề nghiệp, ngành Lao động - Thương binh và Xã hội và các ngành, lĩnh vực có liên quan; trọng tâm vào các sự kiện như: Kỳ thi kỹ năng nghề quốc gia; Hội giảng nhà giáo giáo dục nghề nghiệp; Lễ tuyên dương học sinh, sinh viên các cơ sở giáo dục nghề nghiệp xuất sắc, tiêu biểu...
Sở Lao động - Thương binh và Xã hội; các cơ sở giáo dục nghề nghiệp
Các cơ quan thông tấn, báo chí, truyền thông; cơ quan chủ quản của các cơ sở GDNN
Các bài viết, tin tức, ảnh, phóng sự… được đưa tin, đăng tải…
"""  # noqa: E501 - a cell is a line

# Rows nobody tuned for: other topics, other columns. Cells are separated by "|".
SIX_COLUMNS = (
    "STT|Nhiệm vụ|Cơ quan chủ trì|Cơ quan phối hợp|Thời gian hoàn thành|Sản phẩm",
    "1|Rà soát, bổ sung quy hoạch mạng lưới cấp nước sinh hoạt nông thôn tại các xã vùng hạn mặn|Sở Nông nghiệp và Phát triển nông thôn|Sở Xây dựng; UBND các huyện ven biển|Quý II/2024|Báo cáo rà soát trình UBND tỉnh",  # noqa: E501
    "2|Tập huấn kỹ năng số cho cán bộ, công chức cấp xã làm việc tại bộ phận một cửa|Sở Thông tin và Truyền thông|Sở Nội vụ và UBND các huyện, thành phố|Tháng 9/2024|05 lớp tập huấn, mỗi lớp từ 40 đến 50 học viên",  # noqa: E501
    "3|Xây dựng cơ sở dữ liệu dùng chung về đất đai, kết nối với Cổng dịch vụ công của tỉnh|Sở Tài nguyên và Môi trường|Công an tỉnh, Sở Tư pháp, Cục Thuế tỉnh|Trước ngày 30/11/2024|Cơ sở dữ liệu đất đai được vận hành chính thức",  # noqa: E501
    "4|Kiểm tra việc chấp hành quy định về an toàn thực phẩm tại các bếp ăn tập thể, khu công nghiệp|Sở Y tế|Sở Công Thương; Ban Quản lý các khu công nghiệp; Liên đoàn Lao động tỉnh|Thường xuyên|Biên bản kiểm tra, kết luận xử lý vi phạm",  # noqa: E501
    "5|Tổ chức ngày hội đọc sách và văn hóa đọc trong các trường học trên địa bàn tỉnh|Sở Giáo dục và Đào tạo|Tỉnh đoàn, Thư viện tỉnh|Tháng 4 hằng năm|Ngày hội được tổ chức tại ít nhất 80% số trường",  # noqa: E501
    "6|Hỗ trợ hợp tác xã đăng ký mã số vùng trồng, truy xuất nguồn gốc nông sản chủ lực|Liên minh Hợp tác xã tỉnh|Sở Nông nghiệp và Phát triển nông thôn; Hội Nông dân tỉnh; các doanh nghiệp thu mua|Giai đoạn 2024 - 2025|Danh sách mã số vùng trồng được cấp mới",  # noqa: E501
    "7|Diễn tập phòng cháy, chữa cháy rừng cấp huyện và củng cố lực lượng dân quân tại chỗ|Bộ Chỉ huy Quân sự tỉnh|Chi cục Kiểm lâm, UBND các huyện miền núi|Quý I/2024|Kế hoạch và kết quả diễn tập",  # noqa: E501
    "8|Đánh giá tác động của chính sách hỗ trợ tiền điện cho hộ nghèo, hộ chính sách xã hội|Sở Tài chính|Điện lực tỉnh, Sở Lao động - Thương binh và Xã hội|Tháng 12/2024|Báo cáo đánh giá",  # noqa: E501
    "9|Lắp đặt hệ thống camera giám sát giao thông tại các nút giao trọng điểm trong đô thị|Công an tỉnh|Sở Giao thông vận tải; UBND thành phố|Trong năm 2024|Hệ thống camera tại 24 nút giao",  # noqa: E501
    "10|Phát hành sổ tay pháp luật song ngữ cho đồng bào dân tộc thiểu số|Ban Dân tộc|Sở Tư pháp, các già làng, người có uy tín|Quý III/2024|3.000 cuốn sổ tay",  # noqa: E501
)
FIVE_COLUMNS = (
    "TT|Nội dung công việc|Đơn vị thực hiện|Thời gian thực hiện|Kết quả đạt được",
    "1|Ban hành quy chế phối hợp quản lý hoạt động karaoke, vũ trường|Sở Văn hóa, Thể thao và Du lịch|Quý I năm 2025|Quyết định của UBND tỉnh",  # noqa: E501
    "2|Khảo sát nhu cầu nhà ở của công nhân tại các cụm công nghiệp mới thành lập|Sở Xây dựng|Từ tháng 3 đến tháng 6 năm 2025|Báo cáo kết quả khảo sát kèm số liệu từng cụm",  # noqa: E501
    "3|Sửa chữa, nâng cấp hồ chứa nước bảo đảm an toàn trong mùa mưa lũ|Công ty TNHH MTV Khai thác công trình thủy lợi|Trước ngày 31/8/2025|Các hồ chứa được nghiệm thu, bàn giao",  # noqa: E501
    "4|Tuyên truyền, vận động nhân dân thu gom bao gói thuốc bảo vệ thực vật sau sử dụng|Hội Liên hiệp Phụ nữ tỉnh và Hội Nông dân tỉnh|Thường xuyên|Mỗi xã có ít nhất 10 bể thu gom",  # noqa: E501
    "5|Cập nhật bản đồ du lịch số, giới thiệu điểm đến mới trên nền tảng trực tuyến|Trung tâm Xúc tiến Du lịch|Hằng quý|Bản đồ du lịch số được cập nhật đủ các điểm đến",  # noqa: E501
    "6|Thực hiện tinh giản biên chế, sắp xếp lại các đơn vị sự nghiệp công lập|Các sở, ban, ngành; UBND các huyện|Theo kế hoạch được duyệt|Giảm tối thiểu 5% số đơn vị",  # noqa: E501
    "7|Tổ chức hội chợ hàng Việt Nam về nông thôn, miền núi|Sở Công Thương|Tháng 10 năm 2025|Hội chợ được tổ chức tại 3 huyện",  # noqa: E501
    "8|Thanh tra việc quản lý, sử dụng quỹ bảo trì đường bộ tại địa phương|Thanh tra tỉnh|Quý IV năm 2025|Kết luận thanh tra",  # noqa: E501
)

# Measured when the weights stood; a rule for page numbers and two weights were changed after it.
LATER = (
    "TT|Hoạt động|Cơ quan chủ trì|Cơ quan phối hợp|Tiến độ|Kinh phí|Ghi chú",
    "1|Phun hóa chất diệt muỗi, xử lý ổ dịch sốt xuất huyết tại các khu dân cư đông người|Trung tâm Kiểm soát bệnh tật tỉnh|Trung tâm y tế các huyện, thị xã|Tháng 6 - 8/2025|350 triệu đồng|",  # noqa: E501
    "2|Nạo vét kênh mương nội đồng, khơi thông dòng chảy trước mùa mưa bão|Chi cục Thủy lợi|UBND các xã, phường|Trước ngày 30/4/2025|1,2 tỷ đồng|Lồng ghép vốn sự nghiệp",  # noqa: E501
    "3|Mở lớp dạy bơi miễn phí cho trẻ em có hoàn cảnh khó khăn|Sở Văn hóa, Thể thao và Du lịch|Tỉnh đoàn; Hội Bảo vệ quyền trẻ em tỉnh; các nhà thiếu nhi|Hè năm 2025|Xã hội hóa|Ưu tiên vùng sông nước",  # noqa: E501
    "4|Số hóa hồ sơ lưu trữ lịch sử giai đoạn 1976 - 2005|Sở Nội vụ|Văn phòng UBND tỉnh, các cơ quan nộp lưu|Quý III/2025|Ngân sách tỉnh 800 triệu đồng|",  # noqa: E501
    "5|Vận hành tổng đài hỗ trợ doanh nghiệp và hộ kinh doanh kê khai thuế điện tử|Cục Thuế tỉnh|Hiệp hội Doanh nghiệp tỉnh|Thường xuyên||Không phát sinh kinh phí",  # noqa: E501
    "6|Khôi phục nghề dệt chiếu truyền thống gắn với du lịch trải nghiệm|UBND huyện|Sở Công Thương; Liên minh Hợp tác xã tỉnh|Giai đoạn 2025 - 2027|Nguồn khuyến công 200 triệu đồng|Thí điểm tại 02 làng nghề",  # noqa: E501
    "7|Bồi dưỡng tiếng Khmer cho cán bộ công tác ở vùng đồng bào dân tộc|Trường Chính trị tỉnh|Ban Dân tộc|Quý IV/2025|90 triệu đồng|",  # noqa: E501
    "8|Giám sát việc thực hiện quy chế dân chủ ở cơ sở|Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh|Ban Dân vận, các tổ chức chính trị - xã hội|Hằng năm|Kinh phí tự chủ|",  # noqa: E501
)

# Written last and measured once: nothing was changed after it.
HELD_OUT = (
    "STT|Nội dung, nhiệm vụ|Đơn vị chủ trì|Đơn vị phối hợp|Sản phẩm, kết quả|Thời hạn",
    "1|Lập hồ sơ khoa học cho di tích đình làng xếp hạng cấp tỉnh|Bảo tàng tỉnh|Phòng Văn hóa và Thông tin các huyện|Hồ sơ trình Hội đồng thẩm định|Tháng 5/2026",  # noqa: E501
    "2|Cắm mốc hành lang bảo vệ nguồn nước mặt trên các sông, suối lớn|Sở Nông nghiệp và Môi trường|UBND cấp xã nơi có sông, suối chảy qua|Mốc giới được bàn giao cho địa phương quản lý|Quý III/2026",  # noqa: E501
    "3|Khám sức khỏe định kỳ, lập sổ theo dõi cho người cao tuổi|Trạm Y tế các xã, phường|Hội Người cao tuổi, Bảo hiểm xã hội khu vực|90% người cao tuổi được lập sổ|Hằng năm",  # noqa: E501
    "4|Thay thế đèn đường cao áp bằng đèn LED tiết kiệm điện|Sở Xây dựng|Công ty Điện lực; UBND các phường|1.200 bộ đèn được thay mới|Trước ngày 15/12/2026",  # noqa: E501
    "5|Đào tạo nghề ngắn hạn cho lao động nữ nông thôn chưa có việc làm|Hội Liên hiệp Phụ nữ tỉnh|Các cơ sở giáo dục nghề nghiệp; Sở Nội vụ|15 lớp, trên 400 học viên có chứng chỉ|Từ tháng 3 đến tháng 11/2026",  # noqa: E501
    "6|Tháo gỡ vướng mắc trong giải phóng mặt bằng dự án đường ven biển|Ban Quản lý dự án đầu tư xây dựng|Thanh tra tỉnh, Sở Tài chính, UBND các xã liên quan|Mặt bằng sạch được bàn giao cho nhà thầu|Quý II/2026",  # noqa: E501
    "7|Đối thoại với thanh niên về khởi nghiệp, đổi mới sáng tạo|Văn phòng UBND tỉnh|Tỉnh đoàn|Thông báo kết luận buổi đối thoại|Tháng 3/2026",  # noqa: E501
    "8|Sắp xếp, xử lý trụ sở dôi dư sau khi sáp nhập đơn vị hành chính|Sở Tài chính|Các sở, ban, ngành; UBND các xã, phường|Phương án xử lý từng trụ sở được phê duyệt|Thường xuyên",  # noqa: E501
)


def grid(rows: Sequence[str]) -> list[list[str]]:
    return [row.split("|") for row in rows]


def golden_grid() -> list[list[str]]:
    cells = GOLDEN.strip().split("\n")
    header = ["STT", "Nội dung/hoạt động", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm dự kiến"]
    return [header, *(cells[start : start + 5] for start in range(0, len(cells), 5))]


def tabbed_grid(*, with_years: bool) -> list[list[str]]:
    text = (PLANS / "001_dd44a5c3ed61e0b7.txt").read_text(encoding="utf-8")
    rows = [normalise(line).split("\t") for line in text.split("\n") if line.count("\t") == 7]
    kept = [rows[0], *(row for row in rows if row[0] != "STT")]
    return kept if with_years else [row[:5] for row in kept]


def plan_000() -> list[str]:
    text = (PLANS / "000_2034609a6a56d60e.txt").read_text(encoding="utf-8")
    return [normalise(line) for line in text.split("\n")]


@dataclass
class Printer:
    """Prints a table the way raw PDF text shows it, with columns of random widths."""

    seed: int
    together: bool = False
    page: int = 2
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - layouts, not secrets

    def print(self, rows: Sequence[Sequence[str]]) -> list[str]:
        header = rows[0]
        marks = [name.startswith("Năm 20") for name in header]
        widths = [
            9.0
            if mark
            else self.random.uniform(24, 42)
            if index == 1
            else self.random.uniform(14, 27)
            for index, mark in enumerate(marks)
        ]
        self.put(["PHỤ LỤC"])
        for row in rows:
            cells = [self.wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
            self.put(
                self.join(cells) if self.together else [line for cell in cells for line in cell]
            )
            if self.random.random() < 0.2:
                self.put([str(self.page)])
                self.page += 1
        return self.lines

    def put(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.lines.append(line)
            if self.random.random() < 0.7:
                self.lines.append("")

    def join(self, cells: Sequence[Sequence[str]]) -> list[str]:
        """A cell of one line and the first line of the next stand on one line."""
        lines: list[str] = []
        glue = False
        for cell in cells:
            if not cell:
                continue
            lines[-1:] = [f"{lines[-1]} {cell[0]}"] if glue else [*lines[-1:], cell[0]]
            lines += cell[1:]
            glue = len(cell) == 1
        return lines

    def wrap(self, text: str, width: float) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            if lines and self.measure(f"{lines[-1]} {word}") <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    @staticmethod
    def measure(text: str) -> float:
        """Not the metrics of the module: a sans-serif of its own."""
        narrow, wide = "iltjfrIíìịỉ.,;:()'/ ", "mwMWGOQÔƠĐ"
        return sum(0.5 if c in narrow else 1.5 if c in wide else 1.0 for c in text)


@dataclass
class Score:
    cells: int = 0
    of_cells: int = 0
    rows: int = 0
    of_rows: int = 0
    doubted: int = 0
    wrong_and_sure: int = 0

    def add(self, table: RawTable | None, rows: Sequence[Sequence[str]]) -> None:
        found = list(table.rows) if table else []
        for index, expected in enumerate(rows[1:]):
            row = found[index] if index < len(found) else None
            got = row.cells if row else ("",) * len(expected)
            right = sum(a == b for a, b in zip(got, expected, strict=False))
            self.cells += right
            self.of_cells += len(expected)
            self.rows += right == len(expected)
            self.of_rows += 1
            if row and table:
                self.doubted += row in table.doubtful
                self.wrong_and_sure += row not in table.doubtful and right < len(expected)

    def __str__(self) -> str:
        return (
            f"cells {self.cells}/{self.of_cells} = {self.cells / self.of_cells:.1%}, "
            f"rows {self.rows}/{self.of_rows} = {self.rows / self.of_rows:.1%}, "
            f"doubted {self.doubted}, wrong and not doubted {self.wrong_and_sure}"
        )


def score_layouts(rows: Sequence[Sequence[str]], *, together: bool, layouts: int) -> Score:
    score = Score()
    for seed in range(layouts):
        score.add(rebuild_table(Printer(seed, together=together).print(rows)), rows)
    return score


# --- the real one ------------------------------------------------------------------------------


def test_the_broken_table_of_a_real_plan_is_rebuilt_cell_by_cell() -> None:
    table = rebuild_table(plan_000())
    assert table is not None
    assert [list(row.cells) for row in table.rows] == golden_grid()[1:]


def test_the_sub_heads_of_a_two_level_header_take_the_place_of_the_head_above() -> None:
    table = rebuild_table(plan_000())
    assert table is not None
    assert table.header == (
        "Số TT",
        "Nội dung/hoạt động",
        "Đơn vị chủ trì",
        "Đơn vị phối hợp",
        "Sản phẩm dự kiến",
    )


def test_the_table_says_which_lines_it_took() -> None:
    lines = plan_000()
    table = rebuild_table(lines)
    assert table is not None
    assert lines[table.first_line] == "Số"
    assert lines[table.end_line - 1] == "đăng tải…"


def test_the_rows_of_a_real_plan_leave_no_doubt() -> None:
    table = rebuild_table(plan_000())
    assert table is not None
    assert table.doubtful == ()


def test_a_real_table_takes_less_than_half_a_second() -> None:
    lines = plan_000()
    start = time.process_time()
    rebuild_table(lines)
    assert time.process_time() - start < 0.5


# --- printed ones; the rates are in docs/findings/raw-tables.md -----------------------------------


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    ("rows", "least"),
    [
        (golden_grid(), 0.99),
        (tabbed_grid(with_years=False), 0.98),
        (grid(SIX_COLUMNS), 0.95),
        (grid(FIVE_COLUMNS), 0.95),
    ],
    ids=["real", "real with sub-rows", "six columns", "five columns"],
)
def test_most_cells_survive_random_layouts(
    rows: list[list[str]], least: float, *, together: bool
) -> None:
    score = score_layouts(rows, together=together, layouts=6)
    assert score.cells / score.of_cells >= least, score


def test_marks_at_the_end_of_a_row_stand_under_their_years() -> None:
    rows = tabbed_grid(with_years=True)
    table = rebuild_table(Printer(1).print(rows))
    assert table is not None
    assert table.header[-3:] == ("Năm 2023", "Năm 2024", "Năm 2025")
    assert [row.cells[-3:] for row in table.rows] == [tuple(row[-3:]) for row in rows[1:]]


def test_a_missing_mark_leaves_the_years_open_and_the_row_in_doubt() -> None:
    rows = [list(row) for row in tabbed_grid(with_years=True)]
    rows[1][-2] = ""
    table = rebuild_table(Printer(1).print(rows))
    assert table is not None
    assert (table.rows[0].cells[-3:], table.rows[0].confidence) == (("", "", ""), 0.0)


def test_doubt_finds_most_of_the_wrong_rows() -> None:
    score = score_layouts(grid(SIX_COLUMNS), together=True, layouts=8)
    assert score.wrong_and_sure <= 0.03 * score.of_rows, score


# --- rows --------------------------------------------------------------------------------------

HEAD = ["STT", "Nội dung", "Đơn vị chủ trì", "Sản phẩm"]


def table_of(*lines: str) -> RawTable:
    table = rebuild_table([*HEAD, *lines])
    assert table is not None
    return table


def test_a_page_number_is_not_a_row() -> None:
    lines = [
        "1",
        "Xây dựng kế hoạch",
        "Sở Y tế",
        "Kế hoạch",
        "2",
        "2",
        "Kiểm tra",
        "Sở Y tế",
        "Báo cáo",
    ]
    assert [row.cells for row in table_of(*lines, "3").rows[:2]] == [
        ("1", "Xây dựng kế hoạch", "Sở Y tế", "Kế hoạch"),
        ("2", "Kiểm tra", "Sở Y tế", "Báo cáo"),
    ]


def test_a_page_number_inside_a_row_is_left_out() -> None:
    lines = ["1", "Xây dựng kế", "17", "hoạch", "Sở Y tế", "Kế hoạch"]
    table = table_of(*lines, "2 Kiểm tra", "Sở Y tế", "Báo cáo")
    assert table.rows[0].cells == ("1", "Xây dựng kế hoạch", "Sở Y tế", "Kế hoạch")


def test_a_number_that_wrapped_to_a_line_start_is_not_a_row() -> None:
    lines = ["1", "Tổ chức", "2 hội nghị tập huấn", "Sở Y tế", "Báo cáo"]
    table = table_of(*lines, "2", "Kiểm tra", "Sở Y tế", "Báo cáo")
    assert table.rows[0].cells[1] == "Tổ chức 2 hội nghị tập huấn"


def test_sub_rows_and_printed_full_stops_are_read() -> None:
    lines = ["1.", "Truyền thông", "1.1.", "Phát tờ rơi", "Sở Y tế", "Tờ rơi", "2.", "Kiểm tra"]
    table = table_of(*lines, "Sở Y tế", "Báo cáo")
    assert [row.ordinal for row in table.rows] == ["1", "1.1", "2"]
    assert table.rows[0].cells == ("1.", "Truyền thông", "", "")


def test_numbers_start_again_under_a_roman_group() -> None:
    work = ["Kiểm tra", "Sở Y tế", "Báo cáo"]
    lines = ["I", "NHIỆM VỤ CHUNG", "1", *work, "2", *work, "II", "NHIỆM VỤ RIÊNG", "1", *work]
    assert [row.ordinal for row in table_of(*lines).rows] == ["I", "1", "2", "II", "1"]


def test_a_header_repeated_on_the_next_page_is_dropped() -> None:
    work = ["Kiểm tra", "Sở Y tế", "Báo cáo"]
    table = table_of("1", *work, *HEAD, "2", *work)
    assert [row.cells[1:] for row in table.rows] == [tuple(work)] * 2


def test_the_first_row_number_may_stand_in_the_header_line() -> None:
    head = "TT Nội dung Trách nhiệm thực hiện Thời gian (Năm 2026)"
    work = ["Kiểm tra", "Sở Y tế", "Tháng 4"]
    table = rebuild_table([f"{head} 1 {work[0]}", *work[1:], f"{head} 2", *work])
    assert table is not None
    assert [row.cells for row in table.rows] == [("1", *work), ("2", *work)]


def test_a_row_that_numbers_the_columns_is_no_row() -> None:
    work = ["Kiểm tra", "Sở Y tế", "Báo cáo"]
    for numbers in (["1", "2", "3", "4"], ["(1) (2) (3) (4)"]):
        table = table_of(*numbers, "1", *work, "2", *work)
        assert [row.ordinal for row in table.rows] == ["1", "2"]


def test_the_table_ends_where_the_recipients_begin() -> None:
    work = ["Kiểm tra", "Sở Y tế", "Báo cáo"]
    table = table_of("1", *work, "2", *work, "Nơi nhận:", "- Như trên;")
    assert table.end_line == len(HEAD) + 8
    assert table.rows[-1].cells == ("2", *work)


def test_units_are_found_where_the_header_names_them_late() -> None:
    rows = [row[:1] + row[1:2] + row[2:3] + row[4:] for row in golden_grid()]
    lines = Printer(3).print(rows)
    start = lines.index("1")
    header = ["STT", "Nội dung", "Sản phẩm dự kiến", "Đơn vị chủ trì"]
    table = rebuild_table(header + lines[start:])
    assert table is not None
    assert table.header == ("STT", "Nội dung", "Đơn vị chủ trì", "Sản phẩm dự kiến")


# --- headers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (
            "STT|Nhiệm vụ|Sản phẩm|Thời gian hoàn|thành|Chủ trì thực hiện Phối hợp thực hiện",
            "STT|Nhiệm vụ|Sản phẩm|Thời gian hoàn thành|Chủ trì thực hiện|Phối hợp thực hiện",
        ),
        (
            "TT|NỘI DUNG|CÔNG VIỆC|CƠ QUAN|CHỦ TRÌ|CƠ QUAN PHỐI HỢP|THỜI GIAN|GHI CHÚ",
            "TT|NỘI DUNG CÔNG VIỆC|CƠ QUAN CHỦ TRÌ|CƠ QUAN PHỐI HỢP|THỜI GIAN|GHI CHÚ",
        ),
        (
            "Số thứ|tự|Tên nhiệm vụ, Đề án|Kinh phí (triệu đồng)|Cơ quan, đơn vị|thực hiện",
            "Số thứ tự|Tên nhiệm vụ, Đề án|Kinh phí (triệu đồng)|Cơ quan, đơn vị thực hiện",
        ),
        (
            "STT|Nội dung|Đơn vị chủ trì|Thời gian thực hiện|Năm 2023|Năm|2024",
            "STT|Nội dung|Đơn vị chủ trì|Năm 2023|Năm 2024",
        ),
    ],
)
def test_headers_are_cut_into_their_names(head: str, names: str) -> None:
    rows = ["1", "Kiểm tra", "Sở Y tế", "2", "Kiểm tra", "Sở Y tế"]
    table = rebuild_table([*head.split("|"), *rows])
    assert table is not None
    assert table.header == tuple(names.split("|"))


# --- what is no table ----------------------------------------------------------------------------


def prose(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


@pytest.mark.parametrize(
    "lines",
    [
        prose("""
            III. NỘI DUNG VÀ NHIỆM VỤ
            1. Xây dựng kế hoạch, đơn vị chủ trì là Sở Y tế
            2. Tổ chức thực hiện theo thời gian quy định
            3. Báo cáo sản phẩm, kết quả"""),
        prose("""
            Nơi nhận:
            - TT Tỉnh ủy;
            - Các đơn vị chủ trì;
            1. Như Điều 3
            2. Lưu: VT"""),
        prose("""
            TT-BTC quy định nội dung chi, đơn vị chủ trì
            1
            Nội dung
            2
            Sản phẩm"""),
        prose("""
            Số
            97/KH-UBND Nội dung, đơn vị chủ trì
            1 Xây dựng
            2 Tổ chức"""),
        prose("""
            STT
            Họ và tên
            Chức vụ
            1
            Nguyễn Văn A
            Trưởng ban
            2
            Trần Thị B
            Ủy viên"""),
        ["STT", "Nội dung", "Đơn vị chủ trì", "1", "Kiểm tra", "Sở Y tế"],
        ["STT", "Nội dung", "Đơn vị chủ trì"],
        ["", ""],
        [],
    ],
    ids=["clauses", "recipients", "circular", "number", "people", "one row", "no row", "blank", ""],
)
def test_what_is_no_table_is_left_alone(lines: list[str]) -> None:
    assert rebuild_table(lines) is None


def test_the_body_of_a_plan_is_no_table() -> None:
    text = (PLANS / "001_dd44a5c3ed61e0b7.txt").read_text(encoding="utf-8")
    body = text[: text.index("STT\t")]
    assert rebuild_table([normalise(line) for line in body.split("\n")]) is None


# --- bounds --------------------------------------------------------------------------------------


def hostile() -> dict[str, list[str]]:
    eight = "Sông Núi Biển Đồng Rừng Hồ Suối Đèo"
    return {
        "a row of words": [*HEAD, "1", *[eight] * 2000, "2", "Rà soát"],
        "a row of brackets": [*HEAD, "1", "Sở", *["("] * 1990, "2", "Sở Y tế"],
        "long rows": [*HEAD, *[line for n in range(1, 81) for line in (str(n), *[eight] * 24)]],
        "numbers": [*HEAD, *map(str, range(5, 2001))],
        "the same numbers": [*HEAD, *["1", "Rà soát", "2", "Sở Y tế"] * 500],
        "heads": ["STT"] * 2000,
        "rows": [
            *HEAD,
            *[line for n in range(1, 401) for line in (str(n), "Rà soát", "Sở A", "B")],
        ],
    }


@pytest.mark.parametrize("lines", hostile().values(), ids=hostile())
def test_two_thousand_lines_of_anything_take_bounded_time(lines: list[str]) -> None:
    start = time.process_time()
    rebuild_table(lines)
    assert time.process_time() - start < 5


WORDS = [
    "1",
    "2",
    "1.1",
    "II",
    "Sở Y tế",
    "và",
    "(",
    "X",
    "STT",
    "",
    "Nội dung",
    "báo cáo,",
    "Quý I",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_word_of_the_rows_is_lost_or_made_up(lines: list[str]) -> None:
    table = rebuild_table([*HEAD, *lines])
    if table is None:
        return
    taken = [line for line in [*HEAD, *lines][len(HEAD) : table.end_line] if line]
    words = " ".join(cell for row in table.rows for cell in row.cells).split()
    assert set(words) <= set(" ".join(taken).split())
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    assert all(0.0 <= row.confidence <= 1.0 for row in table.rows)


# --- expressions, each with its near misses ------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "matches", "misses"),
    [
        ("_ORDINAL_HEAD", ["stt", "tt noi dung", "so tt"], ["tt-btc", "so: 97", "- tt"]),
        ("_ORDINAL_HEAD_OPENING", ["so", "so thu"], ["so 97", "so y te"]),
        ("_COLUMN_NUMBERS", ["1", "(1) (2)", "1 2 3"], ["2023", "1 hội nghị", "1.1"]),
        ("_HEAD_AND_ROW", ["Thời gian 1", "(Năm 2026) 1 Giải đáp"], ["Quý 1", "Giai đoạn 1"]),
        ("_ANCHOR", ["5", "5.2. Rà soát", "II", "3)"], ["5.000 đồng/", "1/2024", "Bước 1"]),
        ("_PAGE_NUMBER", ["12", "- 3 -", "Trang 2/7"], ["12 hội nghị", "2024", "1.1"]),
        (
            "_AFTER_TABLE",
            ["Nơi nhận:", "PHỤ LỤC II", "KT. CHỦ TỊCH"],
            ["Phụ lục kèm theo", "Ghi chú"],
        ),
        ("_MARKS", ["X", "x X", "tổ chức X X X", "XXX"], ["Box", "X quang", "fax"]),
        (
            "_DANGLING",
            ["Sở Y tế và", "tập huấn,", "Sở Lao động -", "A;"],
            ["Sở Y tế", "hòa vào nhau"],
        ),
        ("_UNFINISHED", ["của Sở", "Văn phòng", "UBND"], ["Xã hội", "UBND tỉnh", "cán bộ"]),
        (
            "_BEFORE_A_NUMBER",
            ["Nghị định số", "trong tháng", "Năm"],
            ["dân số liệu", "hằng tháng."],
        ),
        (
            "_A_UNIT",
            ["Sở Y tế", "Ban Dân tộc", "Các cơ quan", "Hội Nông dân"],
            ["Ban hành", "Hội nghị"],
        ),
        ("_CAPITALISED", ["Nội dung Đơn vị"], ["Số TT", "Lãnh đạo UBND", "nhiệm vụ, Đề án"]),
        ("_CAPS_NAME", ["stt", "ten nhiem vu"], ["x va san pham", "/ket qua"]),
        ("_NUMBER", ["12"], ["mười"]),
    ],
)
def test_expressions_match_what_they_say_and_no_more(
    name: str, matches: list[str], misses: list[str]
) -> None:
    found = getattr(raw_table, name)
    pattern = re.compile(found) if isinstance(found, str) else found
    find = pattern.search if name in SEARCHED else pattern.match
    assert [text for text in matches if not find(text)] == []
    assert [text for text in misses if find(text)] == []


SEARCHED = {"_MARKS", "_DANGLING", "_UNFINISHED", "_BEFORE_A_NUMBER", "_CAPITALISED", "_CAPS_NAME"}


@pytest.mark.parametrize(
    ("role", "matches", "misses"),
    [
        (Role.ACTIVITY, ["Xây dựng", "Thường xuyên kiểm tra"], ["Xây xát", "Thường xuyên"]),
        (Role.TIME, ["Quý II", "Thường xuyên", "12/2024", "Từ năm 2023"], ["Từ điển", "12/5"]),
        (Role.PRODUCT, ["Báo cáo", "Bộ tiêu chí", "05 lớp"], ["Bộ Công an", "05/2024"]),
        (Role.BUDGET, ["Ngân sách tỉnh", "350 triệu"], ["Ngân hàng", "Không"]),
    ],
)
def test_the_words_of_a_role_are_not_those_of_another(
    role: Role, matches: list[str], misses: list[str]
) -> None:
    words = raw_table._WORDS[role]
    assert [text for text in matches if not words.match(text)] == []
    assert [text for text in misses if words.match(text)] == []


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Số TT", Role.ORDINAL),
        ("Tên nhiệm vụ, đề án", Role.ACTIVITY),
        ("Nội dung phối hợp", Role.ACTIVITY),
        ("Cơ quan, đơn vị chủ trì", Role.LEAD),
        ("Trách nhiệm thực hiện", Role.LEAD),
        ("Đơn vị phối hợp", Role.SUPPORT),
        ("Theo dõi, kiểm tra, đôn đốc", Role.MONITOR),
        ("Thời gian (Năm 2026)", Role.TIME),
        ("Năm 2026", Role.YEARS),
        ("Dự kiến kinh phí", Role.BUDGET),
        ("Kết quả thực hiện nhiệm vụ", Role.PRODUCT),
        ("Ghi chú", Role.NOTE),
        ("Địa điểm", Role.OTHER),
    ],
)
def test_a_column_is_known_by_its_name(name: str, role: Role) -> None:
    assert raw_table._role_of(name) is role


def measure() -> Iterator[str]:
    """Yield the table of docs/findings/raw-tables.md: ``python -m tests.corpus.test_raw_table``."""
    for name, rows in (
        ("real", golden_grid()),
        ("real with sub-rows", tabbed_grid(with_years=False)),
        ("real with marks", tabbed_grid(with_years=True)),
        ("six columns", grid(SIX_COLUMNS)),
        ("five columns", grid(FIVE_COLUMNS)),
        ("later", grid(LATER)),
        ("held out", grid(HELD_OUT)),
    ):
        for together in (False, True):
            score = score_layouts(rows, together=together, layouts=60)
            yield f"{name}, {'one-line cells joined' if together else 'a cell a line'}: {score}"


if __name__ == "__main__":
    for line in measure():
        print(line)
