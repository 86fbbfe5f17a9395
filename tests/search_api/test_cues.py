"""Every cue says what it means and not its nearest neighbour, with all, some or no marks."""

import re

import pytest

from corpus.text import strip_marks
from search_api import cues

# Cue, a phrase it must find, a near miss it must leave alone.
CASES = [
    (cues.WHO_CUE, "đơn vị nào chủ trì", "đơn vị chủ trì"),
    (cues.WHO_CUE, "những sở, ban, ngành nào", "năm nào"),
    (cues.WHO_CUE, "ai ký", "ai cập"),
    (cues.EVERY_YEAR, "làm đủ cả ba năm", "làm trong năm 2024"),
    (cues.EVERY_YEAR, "tất cả các năm", "cả năm"),
    (cues.EVERY_YEAR, "đánh dấu đủ cả 2024, 2025 và 2026", "cả năm 2024"),
    (cues.GONE, "sở này đã giải thể", "giải quyết thủ tục"),
    (cues.GONE, "sở đó không còn, vậy ai làm", "xã không còn ma túy"),
    (cues.END, "kết thúc hôm nào", "kết thúc đợt kiểm tra"),
    (cues.EARLIER, "tỉnh nào ban hành trước", "báo cáo trước ngày nào"),
    (
        cues.LEGAL_BASIS,
        "nghị quyết của tỉnh ủy về ma túy số bao nhiêu",
        "quyết định bao nhiêu việc",
    ),
    (cues.LEGAL_BASIS, "kế hoạch dẫn chiếu văn bản gì", "chỉ dẫn giao thông"),
    (cues.REPORT_TO, "báo cáo kết quả thông qua đơn vị nào", "báo cáo kết quả thông qua"),
    (cues.ALONE, "do mỗi sở chủ trì", "mỗi năm một lần"),
    (cues.YES_NO, "có làm thơ không hay tôi nhớ nhầm", "không hay biết"),
    (cues.WHAT_PRODUCT, "ai chủ trì và phải ra cái gì", "phải ra quân"),
    (cues.AMOUNT, "bao nhiêu đồng", "bao nhiêu dòng"),
    (cues.RECIPIENTS, "gửi bản kế hoạch cho những cơ quan trung ương nào", "gửi báo cáo cho ai"),
    (cues.ALSO_DATED, "ai ký, ngày nào", "ai ký ngày 30/3"),
    (cues.WHO_LEADS, "đơn vị nào chủ trì", "phối hợp với báo chí"),
    (cues.WHO_LEADS, "giao cho đơn vị nào", "kèm theo văn bản nào"),
    (cues.WHO_SUPPORTS, "phối hợp với đơn vị nào", "phối hợp với báo chí"),
    (cues.SEVERAL, "những ai chỉ đạo", "các hoạt động do ai chỉ đạo"),
    (cues.LEAD_VERB, "chủ trì", "chủ tịch"),
    (cues.LEAD_VERB, "sở nào cầm", "cầm cố tài sản"),
    (cues.WHO_LEADS, "ai cầm việc này", "ai cam kết"),
    (cues.LEAD_VERB, "đơn vị chính", "tín dụng chính sách"),
    (cues.LEAD_CUE, "chịu trách nhiệm chính", "có trách nhiệm"),
    (cues.SUPPORT_VERB, "phối hợp", "phù hợp"),
    (cues.SUPPORT_VERB, "ai phụ", "hội phụ nữ"),
    (cues.SUPPORT_VERB, "phụ là ai", "ai phụ trách"),
    (cues.CONTACT, "gọi số nào", "gọi sở nào"),
    (cues.INNER_CONFLICT, "số ở trang đầu và ở phụ lục có giống nhau không", "hai tỉnh giống nhau"),
    (cues.INNER_CONFLICT, "có chỗ nào mâu thuẫn", "có chỗ nào mau hỏng"),
    (cues.INNER_CONFLICT, "mâu thuẫn ở đâu", "hòa giải mâu thuẫn trong nhân dân"),
    (cues.NUMBER_OF_PLAN, "số kế hoạch", "số hóa hồ sơ"),
    (cues.SIGNED_BY, "bà nguyễn thị lan giữ", "ba nguồn cấu thành là"),
    (cues.LEAD_FIELD, "đơn vị chủ trì là", "chủ trì một mình"),
    (cues.SUPPORT_FIELD, "đơn vị phối hợp", "đơn vị phối hợp với báo chí"),
    (cues.SUPPORT_FIELD, "có những thành viên nào", "các thành viên Ban Chỉ đạo"),
    (cues.SUPPORT_VERB, "phụ một tay", "phụ lục"),
    (cues.PRODUCT, "sản phẩm dự kiến", "sản xuất"),
    (cues.PRODUCT, "cho ra cái gì", "cho ai"),
    (cues.YEARS, "thực hiện vào những năm nào", "năm 2024"),
    (cues.WHICH_YEAR, "năm nào", "năm năm"),
    (cues.DEADLINE, "nộp báo cáo khi nào", "báo cáo do ai ký ngày nào"),
    (cues.DEADLINE, "hạn chót", "hạn chế"),
    (cues.REPORTING, "báo cáo", "báo chí"),
    (cues.MOST_MONEY, "việc nào tốn tiền nhất", "muộn nhất phải bố trí kinh phí khi nào"),
    (cues.MOST_MONEY, "nhiệm vụ nào kinh phí cao nhất", "sở nào có kinh phí"),
    (cues.LEAST_MONEY, "việc nào ít kinh phí nhất", "việc nào tốn tiền nhất"),
    (cues.LEAST_MONEY, "hoạt động nào kinh phí thấp nhất", "kinh phí cho ít nhất 80% số xã"),
    (cues.NO_ROW_OF_MONEY, "tổng kinh phí cao nhất", "việc nào tốn tiền nhất"),
    (cues.SENDS, "gửi cho ai?", "nơi nhận gồm những ai"),
    (cues.WHO_SIGNS, "ai ký kế hoạch", "người ký là ai"),
    (cues.JUDGEMENT, "ai làm tốt nhất?", "ai khen thưởng tập thể thành công nhất?"),
    (cues.JUDGEMENT, "đơn vị nào tổ chức tốt nhất trong năm 2024?", "ai chủ trì mô hình tốt nhất"),
    (cues.JUDGEMENT, "tỉnh làm tốt nhất là tỉnh nào", "nâng cao hiệu quả hơn"),
    (cues.JUDGEMENT, "kế hoạch Kiên Giang hay Bình Thuận tốt hơn?", "phát tờ rơi hay nhất"),
    (cues.WHAT_PRODUCT, "ai chủ trì và sản phẩm là gì", "ai chủ trì và sản phẩm của ai"),
    (cues.REPORT_TO, "gặp vướng mắc thì báo cho ai", "báo Lâm Đồng cho biết ai"),
    (cues.ANY_AT_ALL, "doanh nghiệp phối hợp gì trong kế hoạch không?", "phối hợp gì với sở"),
    (cues.REPORT_TO, "gửi báo cáo cho ai", "ai gửi báo cáo"),
    (cues.REPORT_TO, "báo cáo kết quả về đâu", "báo cáo những gì"),
    (cues.RANK, "xếp hạng thứ mấy", "hình thức truyền thông thứ mấy"),
    (cues.JUDGEMENT, "tỉnh nào làm hiệu quả hơn", "nâng cao hiệu quả hơn nữa"),
    (cues.JUDGEMENT, "sở nào tuyên truyền tốt nhất?", "sở nào xây dựng mô hình tốt nhất?"),
    (cues.JUDGEMENT, "đơn vị nào tốt hơn", "đơn vị nào làm tốt hơn nữa việc tuyên truyền"),
    (cues.BASED_ON, "căn cứ vào những văn bản nào", "cán bộ cơ sở"),
    (cues.OPEN_FIRST, "công bố lúc nào, xã có phải làm không", "có phải xã làm, không phải sở"),
    (cues.ANY_AT_ALL, "có chủ trì hoạt động nào không", "hoạt động nào không có kinh phí"),
    (cues.REASON, "tại sao phải làm", "sao y bản chính"),
    (cues.MOTTO, "chủ đề năm 2026", "chủ trì năm 2026"),
    (cues.MOTTO, "lĩnh vực đột phá của năm", "lĩnh vực giáo dục"),
    (cues.LATE, "có trễ hạn không", "là muộn nhất"),
    (cues.DUTIES, "có nhiệm vụ gì", "nhiệm vụ trọng tâm"),
    (cues.DUTY_OF, "nhiệm vụ của Sở", "nhiệm vụ chủ trì"),
    (cues.WHAT_ACTIVITY, "hoạt động nào", "hoạt động tuyên truyền"),
    (cues.WHICH_ACTIVITY, "dòng nào", "dòng 5"),
    (cues.LIST, "liệt kê", "thiết kế"),
    (cues.LIST_ACTIVITIES, "liệt kê các hoạt động", "hoạt động được liệt kê"),
    (cues.HOLDS_ROLE, "chủ trì", "chủ tịch"),
    (cues.ALONE, "chủ trì một mình", "một mái trường"),
    (cues.WHO_SUPPORTS_VERB, "cùng đơn vị nào", "cùng cố"),
    (cues.AMOUNT, "bao nhiêu tiền", "bao nhiêu hoạt động"),
    (cues.AMOUNT, "mấy chục triệu", "mấy chục người"),
    (cues.CONTACT, "số điện thoại", "điện thắp sáng"),
    (cues.ADDRESS, "trang web nào", "địa chỉ trường"),
    (cues.PEOPLE, "bao nhiêu học sinh", "bao nhiêu hoạt động"),
    (cues.REPLACES, "thay thế", "thay đổi"),
    (cues.WHICH_PROVINCE, "tỉnh nào", "tỉnh Bình Thuận"),
    (cues.ONLY, "chỉ năm 2024", "chủ trì"),
    (cues.COUNT, "bao nhiêu", "bao giờ"),
    (cues.NOT_COUNT, "mục mấy", "mấy mục tiêu"),
    (cues.COUNTED, "bao nhiêu hoạt động", "bao nhiêu tiền"),
    (cues.COMPARE, "khác nhau", "các đơn vị khác"),
    (cues.MONITORS, "đơn vị nào theo dõi", "theo dõi đơn vị"),
    (cues.MONITORS, "ai kiểm tra chợ", "phối hợp với ai kiểm tra chợ"),
    (cues.EACH, "mỗi tỉnh có mấy việc", "mỗi năm có mấy việc"),
    (cues.EITHER_ROLE, "kể cả chủ trì lẫn phối hợp", "chủ trì, phối hợp với ai"),
    (cues.COUNTED, "số hoạt động do sở chủ trì", "hoạt động số"),
    (cues.DUTY_OF, "có vai trò gì", "vai trò quan trọng"),
    (cues.DEADLINE, "nộp báo cáo hạn nào", "quá hạn nào"),
    (cues.HOLDS_ROLE, "là thành viên", "thành viên gồm ai"),
    (cues.WHERE_DUTIES_STAND, "trong tổ chức thực hiện", "tổ chức thực hiện hội thi"),
    (cues.OF_APPENDIX, "phụ lục II", "phụ lục của tỉnh"),
    (cues.COUNTED, "bao nhiêu dòng", "bao nhiêu triệu đồng"),
    (cues.SIGNED_BY, "người đặt bút ký", "người đăng ký"),
    (cues.NUMBER_OF_PLAN, "kế hoạch số bao nhiêu", "bao nhiêu số"),
    (cues.THROUGH, "báo cáo qua cơ quan nào", "qua các năm"),
    (cues.OF_EACH, "mỗi nguồn bao nhiêu", "mỗi năm bao nhiêu"),
    (cues.TOTAL, "tổng kinh phí", "tổng rà soát"),
    (cues.REPORTING, "phải báo về sở", "thông báo về việc"),
    (cues.AMOUNT, "chi bao nhiêu cho phòng cháy", "chỉ bao nhiêu"),
    (cues.PARTNERS, "phối hợp với ai", "ai phối hợp với báo chí"),
    (cues.MONITORS, "ai kiểm tra", "ai phối hợp kiểm tra"),
    (cues.WHEN, "khi nào", "khi triển khai"),
    (cues.TODAY, "hiện nay", "nhận diện"),
    (cues.MUST, "phải làm", "phải là"),
    (cues.MUST, "phải lập", "phải không"),
    (cues.MUST, "sở phải nộp", "có phải sở nộp"),
    (cues.TIME, "mấy giờ", "giờ hành chính"),
    (cues.LEGAL_BASIS, "căn cứ pháp lý", "cứ như thế"),
    (cues.LEGAL_BASIS, "theo quyết định nào", "quyết định nghề nghiệp"),
    (cues.BARE_DOCUMENT, "quyết định 2239", "quyết định 3"),
    (cues.BARE_DOCUMENT, "QĐ số 534".lower(), "quyết định 10 năm"),
    (cues.DOCUMENT_NUMBER, "97/KH-UBND", "2023-2025"),
    (cues.DOCUMENT_NUMBER, "45/2025/NĐ-CP", "30/3/2023"),
    (cues.MONEY_FROM, "lấy từ đâu", "từ đầu năm"),
    (cues.EXCEPT, "ngoài ngân sách", "ngoại ngữ"),
    (cues.BUDGET, "kinh phí", "kinh nghiệm"),
    (cues.YES_NO, "đúng không", "đúng không gian"),
    (cues.YES_NO, "hay không", "không chuyên trách"),
    (cues.YES_NO, "có làm phải không ạ?", "xã nào phải không ma túy"),
    (cues.LEAD_VERB, "chính thức", "hành chính"),
    (cues.TIME, "vào tháng mấy", "mỗi tháng mấy buổi"),
    (cues.DEADLINE, "hạn là ngày nào", "đúng hạn là bao nhiêu"),
    (cues.COUNTED, "bao nhiêu phần", "bao nhiêu phần trăm"),
    (cues.BY, "chậm nhất", "chậm tiến độ"),
    (cues.IS_TODAY, "hiện nay là sở nào", "hiện nay là hoạt động nào"),
    (cues.IS_TODAY, "sáp nhập vào tỉnh nào", "sáp nhập các đơn vị nào"),
    (cues.ENDS_LIKE_YES_NO, "có làm không?", "không làm năm 2024"),
    (cues.HAS, "có", "công"),
    (cues.PLAN_WORD, "kế hoạch", "kế toán"),
    (cues.ATTACHED_TO, "phụ lục kèm theo", "phụ lục 2"),
    (cues.APPENDIX, "phụ lục", "phụ nữ"),
    (cues.LINE, "dòng 5", "đóng góp"),
    (cues.SIGNER, "người ký", "người khuyết tật"),
    (cues.SIGNED_BY, "ai ký", "ký hiệu"),
    (cues.SIGNED_BY, "đơn vị nào được giao ký", "đơn vị nào được giao đăng ký"),
    (cues.SIGNED_BY, "ai ky", "ai dang ky"),
    (cues.RECIPIENTS, "nơi nhận", "nhận diện"),
    (cues.TITLE_OF, "tiêu đề", "đề tài"),
    (cues.OTHER_DOCUMENT, "quyết định của tổng cục ký", "quyết định kế hoạch"),
    (cues.SECTION_WORDS, "mục tiêu", "mục sư"),
    (cues.FILLER, "cho tôi hỏi", "chuyên đề"),
    (cues.STOP_PHRASES, "phối hợp", "phối hợp với báo chí"),
]
HEAD_CASES = [
    ("number", "số mấy", "sổ tay"),
    ("issued_on", "ban hành ngày nào", "ban hành quy chế"),
    ("issuer", "cơ quan ban hành", "cơ quan báo chí"),
    ("title", "tên kế hoạch", "tên gọn"),
    ("period", "giai đoạn nào", "giai đoạn 2023-2025"),
]


@pytest.mark.parametrize(("pattern", "said", "near"), CASES)
def test_a_cue_finds_its_phrase_and_not_its_neighbour(pattern: re.Pattern[str], said, near):
    assert pattern.search(said.lower())
    assert not pattern.search(near.lower())


@pytest.mark.parametrize(("part", "said", "near"), HEAD_CASES)
def test_a_part_of_the_head_is_asked_for_by_name(part, said, near):
    pattern = dict(cues.HEAD_PARTS)[part]
    assert pattern.search(said)
    assert not pattern.search(near)


@pytest.mark.parametrize(("pattern", "said"), [(p, said) for p, said, _ in CASES])
def test_a_cue_is_found_without_any_marks(pattern: re.Pattern[str], said):
    assert pattern.search(strip_marks(said.lower()))


@pytest.mark.parametrize("name", [n for n, v in vars(cues).items() if isinstance(v, re.Pattern)])
def test_every_public_cue_has_a_near_miss(name):
    if name.startswith("_"):
        return
    assert any(pattern is getattr(cues, name) for pattern, _, _ in CASES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("chủ trì", True),
        ("chu tri", True),
        ("chủ tri", True),
        ("chú trì", False),
        ("chủ trị", False),
        ("chú tri", False),
    ],
)
def test_a_typed_mark_must_agree(text, found):
    assert bool(cues.cue("chủ trì").search(text)) is found


def test_a_word_whose_bare_vowel_is_another_word_needs_its_tone_or_nothing():
    assert cues.cue("đầu").search("dau")
    assert not cues.cue("đầu").search("đâu")


def test_a_letter_may_keep_only_some_of_its_marks():
    assert cues.cue("hoạt động").search("hoạt dộng")
    assert cues.cue("chậm nhất").search("chậm nhát")
    assert not cues.cue("chậm nhất").search("chậm nhạt")


def test_several_alternatives_are_one_cue():
    both = cues.cue("chủ trì", "phối hợp")
    assert both.search("don vi phoi hop")
    assert both.search("đơn vị chủ trì")
    assert not both.search("phù hợp")
