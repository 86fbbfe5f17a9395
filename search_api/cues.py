"""The words by which a question says what it wants: who, leads, product, deadline, how many.

A cue is written once, with marks, and matches what people type: with all marks, with none, or with
some. A typed mark must agree ("số" never matches the cue "sở"), a missing one may be any.
"""

from __future__ import annotations

import re

from corpus.text import letter_forms, may_be

# Words that a cue becomes when it lacks a mark, and that mean something else in a question.
_OTHER_WORDS = frozenset(
    ("đâu", "đây", "sau", "năm", "nhân", "cho", "hay", "trong", "theo", "công", "máy", "dòng")
)
_WORD = re.compile(r"[a-zA-Z]*[^\x00-\x7f][^\W\d_]*")


def cue(*alternatives: str) -> re.Pattern[str]:
    """Compile marked, lower-case patterns, any of them, so that each word may lack its marks.

    A letter counts with all of its marks, some or none, unless that makes another common word:
    "đâu" is not "đầu". Words with marks stand outside of character classes.

    >>> bool(cue("sở nào").search("so nao")), bool(cue("sở nào").search("số nào"))
    (True, False)
    """
    return re.compile(rf"(?<!\w)(?:{_WORD.sub(_any_marks, '|'.join(alternatives))})(?!\w)")


def _any_marks(match: re.Match[str]) -> str:
    word = match[0]
    letters = "".join(
        f"[{forms}]" if len(forms := letter_forms(letter)) > 1 else letter for letter in word
    )
    others = [other for other in _OTHER_WORDS if other != word and may_be(other, word)]
    return f"(?!(?:{'|'.join(sorted(others))})(?!\\w)){letters}" if others else letters


# What may stand between the last word of a claim and its end.
_ENDS = r"(?=(?: ạ| vậy| nhỉ| em| anh| thế| ad| admin)*\s*(?:[?.!,;:]|$))"
_BODY = (
    r"(?:đơn vị|cơ quan|sở ngành|sở|ban ngành|ban|ngành|bên|tổ chức|nơi|phòng|bộ phận|đầu mối|phía"
    r"|cấp|chủ thể|cá nhân|trường|hội|đoàn thể|lực lượng|đội|đơn vị chủ trì|đơn vị phối hợp"
    r"|đơn vị thực hiện)"
)
# "ai", "đơn vị nào", "những sở, ban, ngành nào", "cơ quan, tổ chức nào", "đơn vị gì".
WHO = (
    rf"(?:(?:những |các )?(?:ai(?! cập)|{_BODY}(?:,? (?:và |hay |hoặc )?{_BODY}){{0,3}} "
    r"(?:chuyên môn |cấp tỉnh |cụ thể )?(?:nào|gì)))"
)
# Whatever may be said of the one who does a thing, also where nobody says "chủ trì".
LEAD = (
    r"(?:chủ trì|đứng đầu|phụ trách|chịu trách nhiệm|đảm nhiệm|đảm nhận|đảm trách|làm đầu mối"
    r"|mũi chịu sào|đầu mối|cầm trịch|cầm(?! (?:cố|máu|đồ|chừng|kết|đoan|ơn))|đứng ra"
    r"|dẫn dắt|chủ quản|lãnh đạo|điều hành|lo liệu|lo"
    r"|quán xuyến"
    r"|gánh vác|làm chủ|làm|thực hiện|triển khai|thi hành|tiến hành|được giao|giao|tổ chức"
    r"|chỉ đạo|hướng dẫn|xây dựng|chính thức"
    r"|(?<!hành )(?<!hanh )(?<!tài )(?<!tai )chính(?! (?:sách|phủ|quyền|trị|xác)))"
)
SUPPORT = (
    r"(?:phối hợp|hỗ trợ|cùng tham gia|tham gia phối hợp|cùng phối hợp|cùng làm|cùng thực hiện"
    r"|cùng triển khai|chung tay|hợp tác|giúp|phụ giúp|cùng|tham gia|đồng hành|sát cánh|góp sức"
    r"|góp mặt"
    r"|phụ(?! (?:huynh|nữ|lục|cấp|trách|thuộc|trội|phẩm|tùng|kiện))"
    r"|(?:giúp|đỡ) (?:một )?tay|tiếp sức|bắt tay)"
)
# What only the one who leads does.
_STRICT_LEAD = (
    r"(?:chủ trì|phụ trách|chịu trách nhiệm(?: chính)?|đảm nhiệm|đảm nhận|đảm trách"
    r"|(?:làm )?đầu mối|cầm trịch|đứng ra|đứng đầu|(?:đứng )?mũi chịu sào)"
)

# "những ai", "các sở nào", "kể tên": more than one; not "các hoạt động … do đơn vị nào".
SEVERAL = cue(rf"(?:những|các) (?:ai|{_BODY})(?! chủ trì| phối hợp)|kể|liệt kê|danh sách")
LEAD_VERB = cue(LEAD)
SUPPORT_VERB = cue(SUPPORT)
LEAD_CUE = cue(_STRICT_LEAD)
WHO_CUE = cue(WHO)
# The role asked for, nearest to the question word.
WHO_LEADS = cue(
    rf"{WHO}(?: \w+){{0,3}}? {LEAD}",
    rf"{LEAD}(?: \w+){{0,16}}? (?:là |gồm (?:những |có )?|thuộc về |cho |bởi |do ){WHO}",
    rf"(?:do|bởi|giao cho|giao|thuộc|(?:phần )?việc của) {WHO}",
)
# "ai phối hợp", "phối hợp với đơn vị nào", "có sự tham gia của những ai".
WHO_SUPPORTS = cue(
    rf"{WHO}(?: \w+){{0,3}}? {SUPPORT}|{SUPPORT}(?: \w+){{0,2}}? {WHO}",
    rf"{SUPPORT}(?: \w+){{0,16}}? (?:là |gồm (?:những |có )?|có ){WHO}",
    rf"(?:có )?sự (?:phối hợp|hỗ trợ|tham gia) của {WHO}|(?:với|cùng) {WHO}",
)
# The name of the column: "đơn vị chủ trì"; not "chủ trì một mình".
LEAD_FIELD = cue(
    r"(?:đơn vị|cơ quan|bên|sở|tổ chức|đầu mối) (?:chủ trì|thực hiện chính|đầu mối|phụ trách)",
    r"chủ trì(?= là|$)",
)
# "đơn vị phối hợp"; not "đơn vị phối hợp với báo chí", which is an activity.
SUPPORT_FIELD = cue(
    r"(?:đơn vị|cơ quan|bên|các đơn vị|tổ chức) (?:phối hợp|hỗ trợ)(?! với)",
    r"(?:thành viên|thành phần)(?: tham gia)? (?:nào|gồm|là|của)|những thành viên",
)

# "sản phẩm dự kiến", "cho ra cái gì"; not "sản xuất".
PRODUCT = cue(
    r"sản phẩm(?: dự kiến| đầu ra| cụ thể| cuối cùng)?|đầu ra",
    r"kết quả(?: dự kiến| đầu ra| cần đạt| phải đạt| mong đợi)?",
    r"(?:cho|tạo|làm) ra (?:cái |những |sản phẩm )?gì|thu được (?:những |cái )*gì",
    r"(?:thì )?(?:ra|được) (?:cái )?gì",
)
# "và ra sản phẩm gì", beside another question; not "ra mắt sản phẩm".
WHAT_PRODUCT = cue(
    r"(?:sản phẩm|đầu ra|kết quả)(?: dự kiến)?(?: \w+){0,2}? "
    r"(?:là )?(?:gì|nào|(?:như )?thế nào|ra sao)",
    r"(?:cho|tạo|làm|phải) ra (?:cái |những )?gì",
)
# "đào tạo cán bộ: chủ trì, phối hợp, kinh phí?": columns by their names.
COLUMNS = {
    column: cue(rf"(?:(?<=[:,+] )|(?<= và )){name}(?= ?[,+?;]| và |$)")
    for column, name in (
        ("lead", "(?:(?:đơn vị|cơ quan|bên) )?chủ trì"),
        ("support", "(?:các )?(?:(?:đơn vị|cơ quan|bên) )?phối hợp"),
        ("product", "(?:sản phẩm|kết quả)"),
        ("budget", "kinh phí"),
        ("time", "(?:thời gian|ngày|thời hạn|hạn)(?: (?:làm|tổ chức|thực hiện|hoàn thành))?"),
    )
}
# "những năm nào", "triển khai khi nào"; not "năm 2024", "báo cáo khi nào".
YEARS = cue(
    r"(?:kể|nêu|lịch) (?:các|những) năm|các năm (?:thực hiện|triển khai)|đến năm nào",
    r"(?:những |các )?năm (?:nào|mấy|bao nhiêu)|mấy năm|bao nhiêu năm|từ năm nào|thực hiện khi nào",
    r"khi nào thực hiện",
    r"(?:triển khai|thực hiện|diễn ra|tiến hành|làm)(?: \w+){0,3}? (?:vào )?(?:khi nào|lúc nào"
    r"|bao giờ|thời gian nào)",
    r"(?:khi nào|bao giờ)(?: thì)? (?:triển khai|thực hiện|tiến hành|làm)",
    r"thời gian (?:triển khai|thực hiện|tiến hành)|tiến độ(?: thực hiện)?|lộ trình",
)
WHICH_YEAR = cue("năm nào")
# "chậm nhất", "trước ngày nào", "nộp báo cáo khi nào"; not "hạn chế", "ai ký báo cáo".
DEADLINE = cue(
    r"(?<!đúng )(?<!quá )(?<!trễ )(?<!trước )(?:thời )?hạn (?:chót|cuối|cuối cùng|nộp|báo cáo|gửi"
    r"|chậm nhất|hoàn thành|là)|thời hạn",
    r"(?<!quá )(?<!đúng )hạn (?:là )?(?:nào|khi nào|bao giờ|ngày nào|lúc nào)",
    r"hạn chót|trước ngày (?:nào|mấy|bao nhiêu)|chậm nhất(?: là)?|muộn nhất|deadline",
    r"(?:trước|vào|đến) (?:ngày|tháng) (?:nào|mấy|bao nhiêu)",
    r"(?:báo cáo|nộp|gửi|tổng hợp)(?:(?! ai\b| ký\b) \w+){0,12}? (?:khi nào|lúc nào|bao giờ"
    r"|ngày nào|ngày mấy|ngày bao nhiêu|thời điểm nào|thời gian nào|tháng mấy|tháng nào)",
    r"(?:khi nào|lúc nào|bao giờ|ngày nào)(?: \w+){0,8}? (?:báo cáo|nộp|gửi báo cáo)",
    r"báo cáo (?:mấy|bao nhiêu) lần|(?:mấy|bao nhiêu) lần (?:một|mỗi|trong) năm",
    r"thời (?:điểm|gian|hạn) (?:gửi |nộp )?báo cáo|mốc (?:nộp |gửi )?(?:báo cáo|thời gian)",
    r"báo cáo định kỳ|định kỳ báo cáo|bao lâu(?: \w+){0,5}? báo cáo|lịch báo cáo",
    r"mốc(?: \w+){0,3}? \d{1,2}/\d{1,2}",
    r"báo cáo(?: \w+){0,8}? trước(?: ngày)? \d{1,2}/\d{1,2}",
)
# "có trễ hạn không", "kịp hạn": a day is held against a deadline; not "muộn nhất".
LATE = cue(r"(?:trễ|quá) hạn|(?:bị|là) (?:trễ|muộn|chậm)(?! nhất)|kịp(?: hạn)?|đúng hạn")
# Dates of reports stand in the body, dates of activities in the rows.
REPORTING = cue(r"báo cáo|bc|gửi kết quả|tổng hợp kết quả|(?<!thông )báo (?:về|lên)")
# "báo cáo thông qua đơn vị nào": not whom it is for; "nộp qua đâu" may be either.
THROUGH = cue(rf"qua {WHO}")
# "gửi báo cáo cho ai", "báo cáo về đâu"; not "ai báo cáo", "báo cáo những gì".
REPORT_TO = cue(
    rf"(?:báo cáo|bc)(?: \w+){{0,10}}? (?:gửi|nộp|về|cho|lên|tới|đến|qua)(?: về| cho| lên| tới"
    rf"| đến| qua)? (?:{WHO}|đâu)",
    rf"(?:gửi|nộp)(?: \w+){{0,2}}? (?:báo cáo|bc)(?: \w+){{0,8}}? (?:về|cho|lên|tới|đến|qua) "
    rf"(?:{WHO}|đâu)",
    rf"(?:phải )?báo cáo (?:{WHO}|đâu)",
    rf"báo cáo[^?]*(?:nộp|gửi) (?:cho |về |lên |tới |đến |qua )(?:{WHO}|đâu)",
    rf"(?:báo cáo|bc|kết quả|vướng mắc|khó khăn)[^?]*? (?:thông )?qua (?:{WHO}|đâu)",
    rf"(?:báo|phản ánh|kiến nghị|phản hồi) (?:cho|với|về|lên|tới|đến|qua) (?:{WHO}|đâu)",
)
# "có nhiệm vụ gì", "phải làm những gì"; not "nhiệm vụ trọng tâm".
DUTIES = cue(
    r"(?:có |được giao |phải |cần |sẽ )?(?:những |các )?(?:nhiệm vụ|trách nhiệm|vai trò|phần việc"
    r"|việc|bổn phận|đầu việc|nghĩa vụ)(?: \w+){0,2}? (?:gì|nào|ra sao|thế nào)",
    r"lo (?:những )?(?:phần|khâu|việc|vụ|chuyện) (?:nào|gì)",
    r"(?:phải|cần|sẽ|được giao|được phân công|thì|có)? ?(?:làm|lo|thực hiện|triển khai|đảm nhiệm"
    r"|phụ trách) (?:những |các )?(?:gì|việc gì|việc nào|những gì|cái gì)",
    r"(?:nhiệm vụ|trách nhiệm|vai trò|phần việc|phân công)(?: cụ thể)? (?:của|cho|đối với|thuộc)",
    r"làm sao|giao (?:những )?(?:gì|việc gì)|có trách nhiệm|trách nhiệm là gì|nhiệm vụ là gì",
)
# What a row of a table is called.
WORK = r"(?:hoạt động|nhiệm vụ|việc|công việc|nội dung|đầu việc|dòng|hạng mục|phần việc|đợt)"
# "hoạt động nào", "chủ trì những gì"; not "hoạt động tuyên truyền".
WHAT_ACTIVITY = cue(
    rf"(?:những |các |toàn bộ |tất cả (?:các |những )?)?{WORK}(?: \w+){{0,4}}? (?:nào|gì)",
    rf"(?:những|các) {WORK}(?: (?!ai|đơn|cơ|sở|bên|năm|ngày|tỉnh)\w+){{0,9}}? nào",
    rf"{WORK} (?:số|thứ) mấy",
    r"(?:chủ trì|phối hợp|phụ trách|tham gia|đảm nhiệm|hỗ trợ)(?: \w+){0,3}? (?:những gì|việc gì"
    r"|cái gì|gì|những việc|các việc|những hoạt động|các hoạt động|hoạt động nào|nội dung nào)",
    r"những gì|ở đâu trong (?:phụ lục|kế hoạch)",
)
# "dòng nào cho ra …": the product is known, the activity is asked for.
WHICH_ACTIVITY = cue(
    rf"{WORK}(?: \w+){{0,2}}? nào|{WORK} (?:số|thứ) mấy",
)
# "liệt kê", "kể ra", "toàn bộ": all there is, not the best.
LIST = cue(
    r"liệt kê|kể (?:tên|ra|hết)|kể|danh sách|danh mục|nêu(?: tên| rõ| hết| ra)?",
    r"cho (?:tôi |em |anh |mình )?(?:xem |biết )?(?:danh sách|toàn bộ|tất cả|hết|các|những)",
    r"toàn bộ|tất cả|gồm những|bao gồm|thống kê|tổng hợp các|đầy đủ|đủ",
)
# A role that an activity is held in, without the verbs that only sound like one.
HOLDS_ROLE = cue(
    rf"{_STRICT_LEAD}|phối hợp|hỗ trợ|tham gia(?= (?:những|các|việc|vào|mấy|{WORK}))|đồng chủ trì",
    r"theo dõi|đôn đốc|giám sát|(?:góp|có) mặt (?:trong|ở)|là thành viên"
    r"|cùng tham gia",
)
# "nhiệm vụ của Sở …"; not "nhiệm vụ chủ trì".
DUTY_OF = cue(
    r"(?:nhiệm vụ|trách nhiệm|phần việc|vai trò)(?: cụ thể)?(?: chính)? (?:của|cho|đối với|thuộc)",
    r"(?:nhiệm vụ|trách nhiệm|vai trò) (?:gì|nào|là gì)",
)
# "trách nhiệm trong tổ chức thực hiện": the part of a plan where duties stand.
WHERE_DUTIES_STAND = cue(
    r"(?:ở|trong|tại|theo|thuộc)(?: phần| mục| khâu)? tổ chức thực hiện",
)
# "Phụ lục II": rows of that one.
OF_APPENDIX = cue(r"phụ lục (?:số )?(?P<number>[ivx]+|\d{1,2})")
# "liệt kê các hoạt động"; not "hoạt động được liệt kê".
LIST_ACTIVITIES = cue(
    r"(?:liệt kê|tìm(?! việc làm)|kể(?: tên| ra)?|nêu(?: tên| rõ)?|danh sách|danh mục|thống kê"
    r"|toàn bộ|tất cả)(?: các| những| toàn bộ| tất cả)* (?:hoạt động|nhiệm vụ|việc|công việc"
    r"|nội dung|dòng)",
)
# "chủ trì một mình": nobody else in the column.
ALONE = cue(r"một mình|riêng|duy nhất|độc lập|tự mình|chỉ do|chỉ có|do mỗi|không chung với")
# "kể cả chủ trì lẫn phối hợp": in whichever role.
EITHER_ROLE = cue(
    r"(?:cả|dù|dù là|bất kể) (?:vai |vai trò )?(?:chủ trì|phối hợp) (?:lẫn|và|hay|hoặc)"
    r"(?: là)? (?:chủ trì|phối hợp)",
    r"bất kể vai(?: trò)?(?: gì| nào)?",
)
# "làm đủ cả ba năm": marked in every year of the table.
EVERY_YEAR = cue(
    r"(?:đủ |trong |suốt |liên tục )*(?:cả|đủ) (?:hai|ba|bốn|năm|[2-5]) năm|tất cả các năm",
    r"(?:(?:đủ|ở|trong|suốt) )?cả (?:năm )?20\d\d(?:(?:,| và|, và) (?:năm )?20\d\d)+",
)
# "cùng ai", "còn đơn vị nào tham gia"; what "phối hợp với" may be stays in the topic.
WHO_SUPPORTS_VERB = cue(
    rf"(?:(?:cùng|còn|có) )?{WHO}(?:(?: \w+){{0,2}}? {SUPPORT}(?: tham gia| phối hợp| làm"
    rf"| thực hiện)?)?(?! với)",
)
# "Sở X phối hợp với ai": whoever works with it, whoever of them leads.
PARTNERS = cue(rf"(?:phối hợp|hợp tác|cộng tác|làm việc|làm) (?:với|cùng) {WHO}")
# The wants that only a clause with such a thing in it can answer.
AMOUNT = cue(
    r"(?:bao nhiêu|mấy)(?: chục| trăm)? (?:tiền|tỷ|triệu|nghìn|đồng|kinh phí|ngân sách|vốn)",
    r"(?:kinh phí|ngân sách|tiền|vốn|mức hỗ trợ|tổng mức|dự toán)(?: [^ ]+){0,20}? bao nhiêu",
    r"chi (?:hết |tổng cộng |tất cả |ra )?bao nhiêu",
    r"mức (?:chi|hỗ trợ|kinh phí)|(?:hỗ trợ|tốn|hết|tốn hết) bao nhiêu(?! \w)",
)
# "việc nào tốn tiền nhất", "kinh phí cao nhất"; not "muộn nhất", "hiệu quả nhất".
_MONEY = r"(?:tiền|kinh phí|ngân sách|chi phí|vốn)"
MOST_MONEY = cue(
    rf"tốn(?: kém)?(?: {_MONEY})? nhất|nhiều {_MONEY} nhất",
    rf"{_MONEY}(?: \w+){{0,2}}? (?:nhiều|lớn|cao) nhất",
)
LEAST_MONEY = cue(
    rf"(?:ít|đỡ) tốn(?: kém)?(?: {_MONEY})? nhất|ít {_MONEY} nhất",
    rf"{_MONEY}(?: \w+){{0,2}}? (?:ít|thấp|nhỏ) nhất(?! (?:một|mỗi|hai|ba|\d))",
)
# Of these the sums of rows say nothing: "tổng kinh phí cao nhất", "hộ nghèo được vay cao nhất".
NO_ROW_OF_MONEY = cue(r"tổng|mỗi|vay|mức|tỉnh nào|kế hoạch nào|đơn vị nào|sở nào")
# "số điện thoại", "email".
CONTACT = cue(
    r"(?:gọi|báo|bấm)(?: (?:vào|tới|đến|theo|về))? số(?= (?:nào|mấy|gì|bao nhiêu|máy))",
    r"(?:số )?(?:điện thoại|đt|sđt|fax)|số zalo|e-?mail|thư điện tử|hộp thư|đường dây nóng|hotline",
)
# "trang web nào", "địa chỉ website"; not "địa chỉ trường".
ADDRESS = cue(
    r"(?:trang )?web(?:site)? nào|địa chỉ (?:nào|web|trang|website|internet)|đường (?:link|dẫn)",
    r"cổng thông tin nào|trang thông tin nào|trang web",
)
# "bao nhiêu học sinh", "tỷ lệ … bao nhiêu"; not "bao nhiêu hoạt động".
PEOPLE = cue(
    r"bao nhiêu (?:người|học sinh|sinh viên|lao động|lượt|trường|doanh nghiệp|phần trăm|%)",
    r"tỷ lệ(?: \w+){0,6}? bao nhiêu",
)
# "xếp hạng thứ mấy".
RANK = cue(
    r"(?:xếp|đứng)(?: hạng| vị trí)?(?: thứ)? (?:mấy|bao nhiêu)|hạng (?:thứ )?(?:mấy|bao nhiêu)"
)
# "tỉnh nào làm hiệu quả hơn": a judgement, which no plan gives; not "ai chủ trì mô hình tốt nhất".
_DOING = (
    r"(?:làm|thực hiện|triển khai|tổ chức|phối hợp|tuyên truyền|tham gia|hoạt động|chủ trì"
    r"|hoàn thành)(?: việc này| công tác này| kế hoạch| nhiệm vụ)?"
)
_JUDGED = r"(?:tỉnh|đơn vị|cơ quan|sở|kế hoạch|địa phương|nơi|bên)"
_BETTER = r"(?:hiệu quả|tốt|giỏi|kém|hay|thành công) (?:hơn|nhất)"
JUDGEMENT = cue(
    rf"(?:{_JUDGED}(?: nào)?|ai)(?: (?:là|thì))?"
    rf"(?: {_DOING})? {_BETTER}(?:{_ENDS}|(?= (?:là|trong|ở|tại|năm)))",
    rf"hay(?: \w+){{1,6}}? {_BETTER}{_ENDS}",
    rf"{_JUDGED} nào"
    r"(?: (?!chủ trì|phụ trách|phối hợp|hỗ trợ|xây dựng|tổ chức|ban hành|phát hành)\w+){0,8}? "
    rf"{_BETTER}{_ENDS}",
)
# "thay thế kế hoạch nào".
REPLACES = cue(r"thay thế|bãi bỏ|hủy bỏ")
# "tỉnh nào", "địa phương nào"; not "tỉnh Bình Thuận".
WHICH_PROVINCE = cue(r"(?:những |các )?tỉnh nào|ở tỉnh nào|địa phương nào")
# A claim that excludes: "chỉ làm năm 2024".
ONLY = cue(r"chỉ|duy nhất|mỗi")
# What asks for a number, taken off the topic.
COUNT = cue(r"bao nhiêu|mấy|tổng (?:số|cộng)|số lượng|đếm(?: giúp)?")
# A number that is a place, a date or money: "mục mấy", "ngày bao nhiêu".
NOT_COUNT = cue(
    r"(?:số|thứ|mục|khoản|điểm|phần|nhóm|đối tượng|hình thức|câu) mấy",
    r"số (?:bao nhiêu|mấy)|(?:ngày|tháng|năm|quý|giờ|khi|lần) (?:bao nhiêu|mấy)",
    r"bao nhiêu (?:tiền|kinh phí|ngân sách|lần)|mấy lần",
    r"(?:kinh phí|ngân sách|tiền|tỷ lệ|vốn)(?=(?: \w+){2,6}? bao nhiêu)",
    r"(?:kinh phí|ngân sách|tiền|tỷ lệ|vốn)(?: \w+)? bao nhiêu",
)
# "so sánh", "khác nhau"; not "các đơn vị khác", "giống cây".
COMPARE = cue(
    r"so sánh|so với|khác (?:nhau|gì|biệt|với|ở)|giống (?:nhau|và khác|gì|với)|điểm chung",
    r"điểm (?:khác|giống)|đối chiếu|(?:có )?khác (?:hay|không)|giống hay khác|tương đồng",
    r"chung và riêng",
)
_IN_HEAD = (
    r"(?:trang đầu|phần đầu|trên đầu|ở đầu|đầu (?:văn bản|kế hoạch|trang)|phần lời|trong thân)"
)
_IN_TABLE = r"(?:phụ lục|bảng|dòng kèm theo|kèm theo)"
_AGREES = r"(?:giống|khớp|khác|trùng|như|lệch)(?: nhau)?"
# "có chỗ nào mâu thuẫn", "số ở trang đầu và ở phụ lục có giống nhau": of one plan, not of two.
INNER_CONFLICT = cue(
    r"(?<!giải )(?<!quyết )(?<!chấp )(?<!chấp, )mâu thuẫn"
    r"(?! (?:gia đình|trong|nội bộ|xã hội|lợi|phát))"
    r"|tự vênh|vênh nhau|không (?:khớp|thống nhất|nhất quán)(?: nhau)?",
    rf"{_IN_HEAD}(?: [^ ]+){{0,8}}? {_IN_TABLE}(?: [^ ]+){{0,6}}? {_AGREES}",
    rf"{_IN_TABLE}(?: [^ ]+){{0,8}}? {_IN_HEAD}(?: [^ ]+){{0,6}}? {_AGREES}",
    rf"phụ lục (?:1|i) (?:và|với|,) (?:ở )?(?:phụ lục )?(?:2|ii)(?: [^ ]+){{0,6}}? {_AGREES}",
)
NUMBER_OF_PLAN = cue(
    r"số(?: hiệu)? (?:của )?(?:kế hoạch|văn bản|kh|ghi)|mang số|số (?:mấy|bao nhiêu)"
)
# "đơn vị nào theo dõi, đôn đốc": the column beside lead and support.
MONITORS = cue(
    rf"(?<!với )(?<!cùng ){WHO}(?: (?!phối|chủ|hỗ|tham|cùng)\w+){{0,2}}? "
    r"(?:theo dõi|đôn đốc|giám sát|kiểm tra)"
)
# "bao nhiêu hoạt động", "mấy căn cứ"; not "bao nhiêu tiền", "mục mấy".
COUNTED = cue(
    r"(?:bao nhiêu|mấy|số lượng|tổng số|tổng cộng|đếm)(?: (?!triệu|tỷ|nghìn)\w+){0,2}? (?:hoạt động"
    r"|nhiệm vụ|việc"
    r"|công việc|đầu việc|dòng|đơn vị|cơ quan|sở|tổ chức|bên|đầu mối|căn cứ|quyết định|văn bản"
    r"|cơ sở pháp lý|mục|khoản|điểm|phần(?! trăm)|nguồn|hình thức|đối tượng|yêu cầu|mục tiêu"
    r"|nội dung|giải pháp|nhóm|năm|kế hoạch|tỉnh|nơi nhận|sản phẩm|sự kiện|hạng mục|trách nhiệm|ý"
    r"|đợt)",
    r"đếm|tổng (?:số|cộng)",
    r"^số (?:lượng )?(?:các )?(?:hoạt động|nhiệm vụ|việc|đầu việc|dòng|đơn vị|cơ quan|đợt)",
)
# "mỗi tỉnh có mấy việc": a number for each of them.
EACH = cue(r"(?:mỗi|từng) (?:tỉnh|nơi|bên|kế hoạch|địa phương|plan)")
# "mỗi nguồn bao nhiêu": of all that is named.
OF_EACH = cue(r"(?:mỗi|từng) (?:nguồn|loại|khoản|bên|cấp|phần|nơi|đơn vị|hạng mục)")
# What asks for a day, taken off the topic of a deadline.
WHEN = cue(
    r"(?:là |vào )?(?:ngày (?:nào|mấy|bao nhiêu)|bao giờ|khi nào|lúc nào|mấy giờ|hôm nào|quý mấy"
    r"|tháng (?:nào|mấy)|thời điểm nào)",
    r"thời hạn|hạn",
)
# "chậm nhất", "trước ngày": how plans write a day, not what has to be done by it.
BY = cue(r"(?:chậm|muộn) nhất(?: là)?|trước ngày|hạn (?:chót|cuối)")
# "hiện nay", "sau sắp xếp": the unit is called by its name of today.
TODAY = cue(
    r"hiện nay|hiện tại|bây giờ|ngày nay|hiện giờ|sau (?:khi )?(?:sắp xếp|sáp nhập|hợp nhất)",
    r"sở mới|tỉnh mới",
)
# "Sở X đã giải thể", "trước kia do ai": that it was and is no more, beside what is asked.
GONE = cue(
    r"(?:(?:sở|đơn vị|cơ quan) )?(?:này |đó |ấy )?(?:nay |giờ |đã |bị )*(?:giải thể|bị xóa|đổi rồi"
    r"|đổi tên|không còn(?: nữa)?(?= ?,))|trước (?:kia|đây)|hồi trước|thay vai(?: trò)?"
    r"|sau (?:đợt |khi )?sắp xếp(?: lại)?(?: bộ máy)?|cũ(?= ?[?,.)]|$)"
    r"|nay (?:về|thuộc)",
)
# "hiện nay là sở nào", "nay thuộc tỉnh nào", "đã sáp nhập vào đâu"; not "nay là hoạt động nào".
IS_TODAY = cue(
    r"(?:nay|hiện tại|bây giờ|hiện giờ|sau (?:sắp xếp|sáp nhập|hợp nhất))(?: đã)?"
    r" (?:là|thuộc|gọi là|thành|đổi thành|về) (?:tên )?"
    r"(?:(?:sở|đơn vị|cơ quan|tỉnh|ban|bộ) )?(?:nào|gì|ai|đâu)",
    r"(?:đổi (?:tên )?thành|sáp nhập (?:vào|với|về)|nhập vào|hợp nhất (?:vào|với|thành)"
    r"|chuyển (?:về|sang|cho)) (?:(?:sở|đơn vị|cơ quan|tỉnh|ban|bộ) )?(?:nào|gì|ai|đâu)",
    r"(?:sở|đơn vị|cơ quan) nào (?:hiện nay |nay )?(?:kế thừa|tiếp nhận|thay thế|nhận nhiệm vụ)",
)
# "phải làm": a duty; not "có phải", "phải không", "phải là".
MUST = cue(
    r"(?<!có )phải(?! (?:không|chăng|là)(?!\w))|chậm nhất|trước ngày|thời hạn|hạn chót|hạn cuối",
)
# "mấy giờ", "hạn … là ngày", "khi nào xong": the day of an activity, not its years.
TIME = cue(
    r"(?:ngày (?:nào|mấy|bao nhiêu)|bao giờ|khi nào|lúc nào|mấy giờ|hôm nào|quý mấy"
    r"|(?<!mỗi )(?<!một )(?<!hằng )(?<!hàng )tháng (?:nào|mấy))",
    r"hạn(?: \w+){0,10}? là (?:ngày|khi|bao (?:giờ|lâu))",
    r"(?:thời gian|thời hạn|hạn|mốc|tiến độ)(?: \w+){0,2}? (?:hoàn thành|phát sóng|diễn ra|tổ chức"
    r"|kết thúc)",
    r"(?:khi nào|bao giờ|lúc nào)(?: \w+){0,4}? (?:xong|hoàn thành|kết thúc)",
    r"(?:xong|hoàn thành|kết thúc|diễn ra|phát sóng|trả lời|tổ chức)(?: \w+){0,6}? (?:khi nào"
    r"|bao giờ|lúc nào|mấy giờ|ngày nào)",
    r"mấy giờ|(?:vào|trong) (?:khoảng )?(?:thời gian|thời điểm|quý) nào",
)
# "kết thúc hôm nào": the last day; not "bắt đầu khi nào".
END = cue(
    r"kết thúc(?: \w+){0,4}? (?:khi|lúc|hôm|ngày|bao|tháng|vào)",
    r"(?:khi|lúc|hôm|ngày) nào(?: \w+){0,3}? kết thúc",
)
# "tỉnh nào ra trước": the first of several.
EARLIER = cue(r"(?:ra|ban hành|ký|có)(?: kế hoạch| văn bản)? (?:trước|sớm hơn)|trước tiên|đầu tiên")
# "căn cứ nào", "theo quyết định nào", "cơ sở pháp lý"; not "căn cứ báo cáo".
LEGAL_BASIS = cue(
    r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?: \w+){0,16}? (?:ký"
    r"|ban hành)(?: vào)? (?:ngày|khi|năm|bởi|hôm)",
    r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?: \w+){1,16}? số"
    r" (?:mấy|bao nhiêu)",
    r"số (?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?: là)? (?:mấy|bao nhiêu|nào)",
    r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?: \w+){1,8}? nào được",
    r"căn cứ(?: pháp lý| nào| vào| những| theo)?(?! báo cáo)|cơ sở pháp lý|văn bản pháp lý",
    r"dựa (?:trên|vào|theo)",
    r"theo (?:những |các )?(?:quyết định|văn bản|chỉ đạo|nghị quyết) (?:nào|gì|số mấy)",
    r"viện dẫn|dẫn chiếu|trích dẫn|dẫn ra",
    r"(?:quyết định|qđ|nghị quyết|thông tư|nghị định|chỉ thị|văn bản) (?:nào|gì|số mấy"
    r"|số bao nhiêu)",
    r"nền tảng pháp lý|pháp lý",
)
# What asks for the bases, taken off the topic.
BASED_ON = cue(
    r"căn cứ(?: pháp lý)?(?: vào| theo)?|cơ sở pháp lý|dựa (?:trên|vào|theo)",
    r"viện dẫn|dẫn chiếu|trích dẫn|dẫn ra|(?:được )?phê duyệt|số quyết định",
)
# "Quyết định 534", "QĐ số 2239": a document by its bare number; not "quyết định 3 năm".
BARE_DOCUMENT = cue(
    r"(?:quyết định|qđ|nghị quyết|thông tư|chỉ thị|nghị định)(?: số)? (?P<digits>\d{2,5})(?! năm)",
)
DOCUMENT_NUMBER = re.compile(
    r"(?<!\w)\d{1,5}\s*/\s*(?:\d{4}\s*/\s*)?[a-zđ][\wđ]*(?:-[\wđ]+)+", re.I
)
# "lấy từ đâu", "nguồn nào": the question word of money.
MONEY_FROM = cue(
    r"lấy(?: ra)? (?:từ|ở) (?:đâu|nguồn nào)(?: ra)?|lấy đâu(?: ra)?|ở đâu(?: ra)?",
    r"từ (?:đâu|nguồn nào|những nguồn nào)|(?:do |các |những )?nguồn (?:nào|gì|chi)(?: chi trả)?",
    r"chi trả|nguồn",
)
# "ngoài ngân sách": all but that one.
EXCEPT = cue(r"ngoài|trừ|bên cạnh")
# "tổng kinh phí": all of it; not "tổng rà soát".
TOTAL = cue(r"tổng(?: số| cộng| mức)?(?= (?:kinh phí|vốn|tiền|ngân sách|dự toán|chi|nguồn))")
# "kinh phí", "tiền", "ngân sách"; not "tiến".
BUDGET = cue(
    r"kinh phí|ngân sách|nguồn (?:vốn|tiền|lực tài chính|chi|tài chính)|tiền|tài chính|chi trả",
    r"chi phí|vốn|xã hội hóa|tài trợ|bao nhiêu tiền|dự toán|nguồn lực|chi (?:hết |ra )?bao nhiêu",
)
# "đúng không", "có phải", "hay chưa"; not "không gian", "phải không ma túy".
YES_NO = cue(
    rf"(?:có |đã |được )?(?:phải|đúng|chăng)(?: là)? (?:không|ko|k|hông|chứ|chưa){_ENDS}",
    r"đúng hay sai|đúng chứ|có phải|có đúng|hay không",
    r"hay chưa|đúng chưa|không nhỉ|thật không|phải chăng",
    r"(?:có|được|đã|phải|còn|sẽ)(?: [^ ?]+){1,12}? (?:không|ko|chưa)"
    r"(?=,? hay (?:là )?(?:tôi|em|mình|do|chỉ))",
    r"hay (?:là )?(?:do )?(?:tôi|em|mình) (?:nhớ|nghe|hiểu|đọc|xem) (?:nhầm|lầm|sai)",
)
# "… không?", "… chưa ạ?": only at the end.
ENDS_LIKE_YES_NO = cue(
    rf"(?:không|ko|hông|chưa|chứ|à|hả){_ENDS}",
)
# "công bố lúc nào, xã có phải làm không?": what is asked first is asked openly.
OPEN_FIRST = cue(
    rf"(?:{WHO}|(?:khi|lúc|ngày|tháng|năm|nơi|chỗ) nào|bao giờ|bao nhiêu|là gì|ở đâu)"
    r"(?: [^ ,;?]+){0,2}[,;?](?= )"
)
# "có chủ trì hoạt động nào không": is there any such row.
ANY_AT_ALL = cue(
    rf"{WORK}(?: \w+){{0,2}}? (?:nào|gì) (?:không|ko|k|hông|chưa)(?:{_ENDS}|(?= hay))",
    rf"(?:chủ trì|phối hợp|tham gia|hỗ trợ) gì(?: [^ ,?]+){{0,10}}? (?:không|ko|hông|chưa){_ENDS}",
)
# What a claim that ends in "không" must have: "có … không", "là … chưa".
HAS = cue(r"có|được|đã|phải|còn|sẽ|là")

# "tại sao", "vì lý do gì": no column holds a reason.
REASON = cue(r"tại sao|vì sao|(?:vì )?lý do(?: gì| nào)?|sao lại|nhằm mục đích gì")

# Parts of the head of a plan. Those in HEAD_PARTS count only where the plan itself is spoken of.
PLAN_WORD = cue(
    r"kế hoạch|văn bản(?! (?:quy phạm|pháp luật|hướng dẫn|chỉ đạo))|phụ lục|kh|pl|bản này|tài liệu"
)
# "kèm theo Kế hoạch nào".
ATTACHED_TO = cue(
    r"(?:đính )?kèm(?: theo)?(?: \w+){0,3}? (?:kế hoạch|văn bản|quyết định)",
    r"phụ lục(?: \w+){0,6}? (?:đính )?kèm(?: theo)?",
)
APPENDIX = cue(r"phụ lục|pl")
LINE = cue("dòng")
SIGNER = cue("người ký")
# "ai ký", "người ký", "chức vụ của người ký"; not "ký hiệu", "đăng ký".
SIGNED_BY = cue(
    r"(?:ai|\w+ nào|sếp)(?: \w+){0,8}?(?<!đăng) ký|người (?:đặt bút |đã )?ký|ký tên|ký bởi|chữ ký",
    r"(?:chức vụ|chức danh|chức gì|giữ chức|cương vị|tư cách)(?: \w+){0,6}? ký",
    r"ký(?: \w+){0,6}? (?:chức vụ|chức danh|chức gì|cương vị)",
    r"(?:ông|bà)(?: \w+){2,4} (?:giữ|ký)",
    # With its mark only: "ba nguồn vốn là" are three.
    r"(?:ông|b\u00e0)(?: \w+){2,4} là",
)
# "ai ký, ngày nào": the day beside the name; not "ai ký ngày 30/3".
ALSO_DATED = cue(
    r"ký(?: \w+){0,3}?,? (?:vào )?(?:ngày (?:tháng )?(?:nào|mấy)|hôm nào|khi nào|bao giờ)"
)
# "gửi cho ai"; not "nơi nhận".
SENDS = cue(r"^(?:thì |và )?(?:gửi|nộp)")
WHO_SIGNS = cue(r"(?:ai|người nào)(?: \w+){0,3}? ký")
# "nơi nhận", "gửi cho những ai"; not "gửi báo cáo".
RECIPIENTS = cue(
    r"nơi nhận|(?:được )?gửi (?:cho|đến|tới|về)(?: \w+){0,4}? (?:ai|nào|đâu|đơn vị|cơ quan|những)",
    r"(?:có |được )gửi|nhận (?:được )?(?:bản )?(?:kế hoạch|văn bản|kh|phụ lục)",
    r"gửi (?:bản )?(?:kế hoạch|văn bản|kh)(?: này)? (?:cho|đến|tới|về)(?: \w+){0,5}? "
    r"(?:ai|nào|đâu)",
    r"(?:kế hoạch|văn bản|kh)(?: [^ ]+){0,6}? gửi (?:những |các )?(?:bộ|sở|ban|cơ quan|nơi) nào",
    r"gửi (?:cho )?(?:những )?(?:ai|đâu)|(?:ai|đơn vị nào|cơ quan nào)(?: \w+){0,3}? nhận",
    r"lưu ở đâu|lưu tại|bản lưu",
)
# "tên gì", "tiêu đề".
TITLE_OF = cue(r"(?:tên|tiêu đề|nhan đề|tựa đề)(?: gọi)?|có tên")
# "Quyết định của Tổng cục trưởng … ký ngày nào": the head of another document.
OTHER_DOCUMENT = cue(
    r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?! "
    r"(?:ban hành )?kế hoạch)(?: \w+){0,16}? (?:ký|ban hành|ngày|của ai)",
)
# "chuyển đổi số của Quảng Ninh", "hoạt động số mấy" are about no number of a plan.
_DIGITAL = "".join(
    f"(?<!{word} )"
    for word in (
        "đổi",
        "hoạt động",
        "nhiệm vụ",
        "dòng",
        "mục",
        "chữ ký",
        "kỹ năng",
        "công nghệ",
        "chính quyền",
        "xã hội",
        "kinh tế",
        "nền tảng",
        "hạ tầng",
        "dữ liệu",
    )
)
HEAD_PARTS = (
    (
        "number",
        cue(
            rf"{_DIGITAL}số (?:hiệu|ký hiệu|mấy|bao nhiêu|gì|nào|là|của|văn bản|kế hoạch|kh)",
            r"mang số|đánh số",
            r"có số|(?:cả|xin|biết|hỏi|ghi|gồm|ký hiệu|có) số(?:,| và| lẫn)",
            r"số(?:,| và| lẫn) (?:ngày|ký hiệu)",
        ),
    ),
    (
        "issued_on",
        cue(
            r"ngày (?:ban hành|b/h|bh|ký|tháng|ra|đề)|(?:lẫn|và|,|số) ngày",
            r"(?:ban hành|b/h|ký|ra đời|phát hành|công bố|có hiệu lực|cho ra|ra)(?:,? \w+){0,8}?,? "
            r"(?:khi nào|ngày (?:tháng )?nào|ngày mấy|ngày bao nhiêu|lúc nào|bao giờ|hôm nào"
            r"|năm nào|tháng (?:nào|mấy)|thời gian nào|hồi|vào ngày)",
            r"(?:khi nào|ngày nào|bao giờ|hôm nào|lúc nào)(?: \w+){0,8}? (?:ban hành|được ký|ký"
            r"|ra đời)",
            r"thời (?:điểm|gian) ban hành|(?:ký|ban hành|đề)(?: \w+){0,3}? ngày \d+|ngày ghi",
            r"(?:ra|ban hành|có) (?:trước|sau)(?! ngày)",
        ),
    ),
    (
        "issuer",
        cue(
            r"(?:ai|cơ quan nào|đơn vị nào|cấp nào)(?: là)?(?: \w+){0,3}? ban hành",
            r"(?:cơ quan|đơn vị|nơi|người|chủ thể) (?:ban hành|b/h)|ban hành bởi",
            r"do (?:ai|cơ quan nào|đơn vị nào)(?: \w+){0,2}? ban hành|của cơ quan nào",
        ),
    ),
    (
        "title",
        cue(
            r"(?:(?<!họ )(?<!đứng )tên(?! người)|tiêu đề|trích yếu|tựa đề|nhan đề)(?: gọi| đầy đủ"
            r"| chính thức)*(?: của)?(?: \w+){0,2}? (?:kế hoạch|văn bản|phụ lục|kh|pl)",
            r"(?:kế hoạch|văn bản|phụ lục|kh|pl)(?: \w+){0,8}? (?:tên (?:là )?gì|tên gọi|nói về "
            r"(?:cái |vấn đề |điều |nội dung |lĩnh vực )?gì|về (?:việc |vấn đề |lĩnh vực "
            r"|nội dung )?gì|tiêu đề|trích yếu|nhan đề)",
            r"trích yếu|tiêu đề|nhan đề|tên gọi",
        ),
    ),
    (
        "period",
        cue(
            r"(?:giai đoạn|thời kỳ|khoảng thời gian|niên độ) (?:nào|bao lâu|mấy năm|gì|bao nhiêu|từ"
            r"|thực hiện)",
            r"(?:kế hoạch|văn bản|phụ lục|kh)[^?]{0,60}? (?:cho|áp dụng|hiệu lực|kéo dài|bao trùm"
            r"|dành cho|làm cho|trong|của|từ|là|cho cả)(?: \w+){0,2}? (?:giai đoạn(?: nào| mấy"
            r"| \d{4}-\d{4})?|năm (?:nào|mấy)|thời gian nào|những năm nào|bao lâu|mấy năm"
            r"|thời kỳ nào)",
            r"trong bao lâu|thời gian áp dụng",
        ),
    ),
)
# What a plan calls itself by, before its first section.
MOTTO = cue(
    r"chủ đề|phương châm|(?:lĩnh vực|khâu|nhiệm vụ) (?:đột phá|trọng tâm)(?= (?:của|trong|năm|là))"
)
# Headings nearly every plan has.
SECTION_WORDS = cue(
    r"mục tiêu|mục đích|yêu cầu|đối tượng|nội dung truyền thông|hình thức|giải pháp|phương thức",
    r"chế độ báo cáo|thông điệp|tổ chức thực hiện|quan điểm|phạm vi|điều khoản|mục [ivx]+",
    r"phần [ivx]+",
)
# What a question is wrapped in; it says nothing about the topic.
FILLER = cue(
    r"(?:xin |làm ơn |vui lòng |nhờ )?(?:cho|giúp) (?:tôi |em |anh |mình |chúng tôi |chị )?(?:hỏi"
    r"|biết|xem)(?: thêm| rõ| là)?",
    r"xin hỏi|cho hỏi|hỏi|hãy|xin|vui lòng|làm ơn|giúp|bạn",
    r"ad|admin|với ạ|thưa|dạ|alo|kính (?:thưa|gửi|nhờ|mong)|tra(?: cứu)? giúp",
    r"để (?:chúng )?(?:tôi|em|mình)[^?]*$",
    r"chúng (?:tôi|em|mình|ta)|anh chị|quý (?:cơ quan|vị|anh chị|đơn vị|sở)",
    r"theo (?:như )?(?:kế hoạch|văn bản|phụ lục|quy định)(?: này| trên)?",
    r"trong (?:kế hoạch|văn bản|phụ lục)(?: này| trên| của tỉnh)?",
    r"(?:có )?(?:quy định|nêu|ghi|đề cập|nói)(?: rõ| như)?(?: thế nào| ra sao)|như thế nào|ra sao",
    r"thế nào|làm sao|gồm những gì|gồm gì|là gì",
)
# Words of every question and every plan; "phối hợp với X" stays, for it may be the activity itself.
STOP_PHRASES = cue(
    r"(?:các |những )?hoạt động|nhiệm vụ|công tác|kế hoạch|kh|tỉnh(?! đoàn| ủy)|thành phố",
    r"giai đoạn|phụ lục|văn bản|quy định|thực hiện|triển khai|chủ trì|phụ trách|đảm nhiệm",
    r"chịu trách nhiệm(?: chính)?|đứng ra|đầu mối|đơn vị|cơ quan|trách nhiệm|nội dung|thời gian",
    r"tiến hành|dự kiến|được giao|bao nhiêu|việc|năm|phối hợp(?! với| cùng)|trong đó|nhóm|thuộc",
    r"(?:tính|kể|gồm) cả",
    r"có liên quan|mới|phần trăm|phần(?! mềm| thưởng)|mục(?! tiêu| đích)|khoản",
    r"điểm(?= (?:[a-z]|đ)(?!\w))|tức",
    r"(?:được )?(?:nhắc|nêu|ghi|nói|viết|đề cập|đưa|xếp)(?: tên| rõ)?(?: đến| tới| vào| về| ở"
    r"| ra)?",
    r"(?:trong |ở |ngoài )?bảng(?: phụ lục| phân công| nhiệm vụ| công việc| việc)",
    r"(?:dự )?định (?:làm|tổ chức|triển khai|thực hiện)|tính làm|dính (?:tới|đến|vào)",
    r"nằm ở|nguyên văn|đánh dấu(?: x)?|gồm những|gồm có|đóng vai|muốn|vụ|đồng chí|kéo dài|rơi vào",
    r"theo phụ lục|(?:trên )?địa bàn(?: tỉnh)?|(?:đính )?kèm(?: theo)?",
    r"(?:theo )?phân công|(?:sở|bên|đơn vị|cơ quan|xã|phường|trường|ngành|khối) (?:tôi|em|mình)",
)
STOPWORDS = frozenset(
    """
    đứng và của các cho với trong trên tại ở về là có được bị bởi do từ đến đi ra vào này đó
    kia ấy những một nào gì ai thì mà nếu khi như để theo bằng hay hoặc cũng đã đang sẽ
    phải cần nên rồi lại còn mỗi từng mọi sự cái không chưa chứ ạ nhé nhỉ vậy thế à hả đâu
    sao mấy nữa tôi em anh chị mình người ta giúp rằng cùng bên khác nhau giữa hai cả đều
    nói đây đấy thật đúng giao dùng cạnh gồm ngoài làm xong ông bà vụ lo phía
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
