"""The words by which a question says what it wants: who, leads, product, deadline, how many.

A cue is written once, with marks, and matches what people type: with all marks, with none, or with
some. A typed mark must agree ("số" never matches the cue "sở"), a missing one may be any.
"""

from __future__ import annotations

import re

from corpus.text import strip_marks, strip_tones

# Words that a cue becomes when its tone is dropped, and that mean something else in a question.
_OTHER_WORDS = frozenset(("đâu", "đây", "sau", "năm", "nhân", "cho", "hay", "trong", "theo", "công"))
_WORD = re.compile(r"[a-zA-Z]*[^\x00-\x7f][^\W\d_]*")


def cue(pattern: str) -> re.Pattern[str]:
    """Compile a marked, lower-case pattern so that each of its words may lack its marks.

    A word counts with all of its marks, without its tone, with none, or with its đ alone, unless that is
    another common word: "đâu" is not "đầu". Words with marks stand outside of character classes.

    >>> bool(cue("sở nào").search("so nao")), bool(cue("sở nào").search("số nào"))
    (True, False)
    """
    return re.compile(rf"(?<!\w)(?:{_WORD.sub(_any_marks, pattern)})(?!\w)")


def _any_marks(match: re.Match[str]) -> str:
    word = match[0]
    bare = strip_marks(word)
    without_tone = strip_tones(word)
    forms = dict.fromkeys((word, bare, bare.replace("d", "đ", 1) if word[0] == "đ" else bare))
    if without_tone not in _OTHER_WORDS:
        forms[without_tone] = None
    return f"(?:{'|'.join(forms)})"


_BODY = (
    r"(?:đơn vị|cơ quan|sở ngành|sở|ban ngành|ban|ngành|bên|tổ chức|nơi|phòng|bộ phận|đầu mối|phía|cấp|"
    r"chủ thể|cá nhân|đoàn thể|đội|đơn vị chủ trì|đơn vị phối hợp|đơn vị thực hiện)"
)
# "ai", "đơn vị nào", "những sở, ban, ngành nào", "cơ quan, tổ chức nào", "đơn vị gì".
WHO = rf"(?:(?:những |các )?(?:ai(?! cập)|{_BODY}(?:,? (?:và |hay |hoặc )?{_BODY}){{0,3}} (?:chuyên môn |cấp tỉnh |cụ thể )?(?:nào|gì)))"
LEAD = (
    r"(?:chủ trì|đứng đầu|phụ trách|chịu trách nhiệm|đảm nhiệm|đảm nhận|đảm trách|làm đầu mối|đầu mối|cầm trịch|"
    r"đứng ra|dẫn dắt|chủ quản|lãnh đạo|điều hành|lo liệu|lo|quán xuyến|gánh vác|làm chủ|làm|thực hiện|triển khai|"
    r"thi hành|tiến hành|được giao|giao|tổ chức|chỉ đạo|hướng dẫn|xây dựng|chính|chính thức)"
)
SUPPORT = (
    r"(?:phối hợp|hỗ trợ|cùng tham gia|tham gia phối hợp|cùng phối hợp|cùng làm|cùng thực hiện|cùng triển khai|chung tay|"
    r"hợp tác|giúp|phụ giúp|cùng|tham gia|đồng hành|sát cánh|góp sức|góp mặt)"
)
_STRICT_LEAD = r"(?:chủ trì|phụ trách|chịu trách nhiệm(?: chính)?|đảm nhiệm|đảm nhận|đảm trách|(?:làm )?đầu mối|cầm trịch|đứng ra|đứng đầu)"

LEAD_VERB = cue(LEAD)
SUPPORT_VERB = cue(SUPPORT)
LEAD_CUE = cue(_STRICT_LEAD)
WHO_CUE = cue(WHO)
# The role asked for, nearest to the question word.
WHO_LEADS = cue(
    rf"{WHO}(?: \w+){{0,3}}? {LEAD}|{LEAD}(?: \w+){{0,16}}? (?:là |gồm (?:những |có )?|thuộc về |cho |bởi |do ){WHO}|(?:do|bởi|giao cho|giao|thuộc) {WHO}"
)
WHO_SUPPORTS = cue(
    rf"{WHO}(?: \w+){{0,3}}? {SUPPORT}|{SUPPORT}(?: \w+){{0,2}}? {WHO}|{SUPPORT}(?: \w+){{0,16}}? (?:là |gồm (?:những |có )?|có ){WHO}"
    rf"|(?:có )?sự (?:phối hợp|hỗ trợ|tham gia) của {WHO}|(?:với|cùng) {WHO}"
)
LEAD_FIELD = cue(
    r"(?:đơn vị|cơ quan|bên|sở|tổ chức|đầu mối) (?:chủ trì|thực hiện chính|đầu mối|phụ trách)|chủ trì(?= là|$)"
)
SUPPORT_FIELD = cue(r"(?:đơn vị|cơ quan|bên|các đơn vị|tổ chức) (?:phối hợp|hỗ trợ)(?! với)")

PRODUCT = cue(
    r"sản phẩm(?: dự kiến| đầu ra| cụ thể| cuối cùng)?|đầu ra|kết quả(?: dự kiến| đầu ra| cần đạt| phải đạt| mong đợi)?|"
    r"(?:cho|tạo|làm) ra (?:cái |những |sản phẩm )?gì|thu được (?:những |cái )*gì|(?:thì )?(?:ra|được) (?:cái )?gì"
)
YEARS = cue(
    r"(?:kể|nêu|lịch) (?:các|những) năm|các năm (?:thực hiện|triển khai)|đến năm nào|(?:những |các )?năm (?:nào|mấy|bao nhiêu)|mấy năm|bao nhiêu năm|từ năm nào|thực hiện khi nào|khi nào thực hiện|"
    r"(?:triển khai|thực hiện|diễn ra|tiến hành|làm)(?: \w+){0,3}? (?:vào )?(?:khi nào|lúc nào|bao giờ|thời gian nào)|"
    r"(?:khi nào|bao giờ)(?: thì)? (?:triển khai|thực hiện|tiến hành|làm)|"
    r"thời gian (?:triển khai|thực hiện|tiến hành)|tiến độ(?: thực hiện)?|lộ trình"
)
DEADLINE = cue(
    r"(?:thời )?hạn (?:chót|cuối|cuối cùng|nộp|báo cáo|gửi|chậm nhất|hoàn thành|là)|thời hạn|hạn chót|"
    r"trước ngày (?:nào|mấy|bao nhiêu)|chậm nhất(?: là)?|muộn nhất|deadline|(?:trước|vào|đến) (?:ngày|tháng) (?:nào|mấy|bao nhiêu)|"
    r"(?:báo cáo|nộp|gửi|tổng hợp)(?:(?! ai\b| ký\b) \w+){0,12}? (?:khi nào|lúc nào|bao giờ|ngày nào|ngày mấy|ngày bao nhiêu|thời điểm nào|thời gian nào|tháng mấy|tháng nào)|"
    r"(?:khi nào|lúc nào|bao giờ|ngày nào)(?: \w+){0,8}? (?:báo cáo|nộp|gửi báo cáo)|"
    r"báo cáo (?:mấy|bao nhiêu) lần|(?:mấy|bao nhiêu) lần (?:một|mỗi|trong) năm|thời (?:điểm|gian|hạn) (?:gửi |nộp )?báo cáo|mốc (?:báo cáo|thời gian)|"
    r"định kỳ báo cáo|báo cáo định kỳ|bao lâu(?: \w+){0,5}? báo cáo|mốc(?: \w+){0,3}? \d{1,2}/\d{1,2}|lịch báo cáo|báo cáo(?: \w+){0,8}? trước(?: ngày)? \d{1,2}/\d{1,2}"
)
REPORTING = cue(r"báo cáo|bc|gửi kết quả|tổng hợp kết quả")
DUTIES = cue(
    r"(?:có |được giao |phải |cần |sẽ )?(?:những |các )?(?:nhiệm vụ|trách nhiệm|vai trò|phần việc|việc|bổn phận|đầu việc|nghĩa vụ)(?: \w+){0,2}? (?:gì|nào|ra sao|thế nào)|"
    r"(?:phải|cần|sẽ|được giao|được phân công|thì|có)? ?(?:làm|lo|thực hiện|triển khai|đảm nhiệm|phụ trách) (?:những |các )?(?:gì|việc gì|việc nào|những gì|cái gì)|"
    r"(?:nhiệm vụ|trách nhiệm|vai trò|phần việc|phân công)(?: cụ thể)? (?:của|cho|đối với|thuộc)|làm sao|giao (?:những )?(?:gì|việc gì)|có trách nhiệm|trách nhiệm là gì|nhiệm vụ là gì"
)
WHAT_ACTIVITY = cue(
    r"(?:những |các |toàn bộ |tất cả (?:các |những )?)?(?:hoạt động|nhiệm vụ|việc|công việc|nội dung|đầu việc|dòng|hạng mục|phần việc)(?: \w+){0,4}? (?:nào|gì)|"
    r"(?:chủ trì|phối hợp|phụ trách|tham gia|đảm nhiệm|hỗ trợ)(?: \w+){0,3}? (?:những gì|việc gì|cái gì|gì|những việc|các việc|những hoạt động|các hoạt động|hoạt động nào|nội dung nào)|"
    r"những gì|ở đâu trong (?:phụ lục|kế hoạch)"
)
WHICH_ACTIVITY = cue(r"(?:hoạt động|nhiệm vụ|việc|công việc|nội dung|dòng)(?: \w+){0,2}? nào")
LIST = cue(
    r"liệt kê|kể (?:tên|ra|hết)|kể|danh sách|danh mục|nêu(?: tên| rõ| hết| ra)?|cho (?:tôi |em |anh |mình )?(?:xem |biết )?(?:danh sách|toàn bộ|tất cả|hết|các|những)|toàn bộ|tất cả|gồm những|bao gồm|thống kê|tổng hợp các|đầy đủ|đủ"
)
# A role that an activity is held in, without the verbs that only sound like one.
HOLDS_ROLE = cue(rf"{_STRICT_LEAD}|phối hợp|hỗ trợ|tham gia(?= (?:những|các|hoạt động|việc|vào))|đồng chủ trì|theo dõi|đôn đốc|giám sát")
DUTY_OF = cue(r"(?:nhiệm vụ|trách nhiệm|phần việc|vai trò)(?: cụ thể)?(?: chính)? (?:của|cho|đối với|thuộc)|(?:nhiệm vụ|trách nhiệm) (?:gì|nào|là gì)")
LIST_ACTIVITIES = cue(
    r"(?:liệt kê|kể(?: tên| ra)?|nêu(?: tên| rõ)?|danh sách|danh mục|thống kê|toàn bộ|tất cả)(?: các| những| toàn bộ| tất cả)* (?:hoạt động|nhiệm vụ|việc|công việc|nội dung|dòng)"
)
ALONE = cue(r"một mình|riêng|duy nhất|độc lập|tự mình|chỉ do|chỉ có")
WHO_SUPPORTS_VERB = cue(
    rf"(?:(?:cùng|còn|có) )?{WHO}(?:(?: \w+){{0,2}}? {SUPPORT}(?: tham gia| phối hợp| làm| thực hiện)?)?(?! với)"
)
# The wants that only a clause with such a thing in it can answer.
AMOUNT = cue(r"bao nhiêu (?:tiền|tỷ|triệu|nghìn|đồng|kinh phí|ngân sách|vốn)|(?:kinh phí|ngân sách|tiền|mức hỗ trợ|tổng mức|dự toán)(?: [^ ]+){0,10}? (?:là )?bao nhiêu|mức (?:chi|hỗ trợ|kinh phí)")
CONTACT = cue(r"(?:số )?(?:điện thoại|đt|sđt|fax)|e-?mail|thư điện tử|hộp thư|đường dây nóng|hotline|zalo nào")
ADDRESS = cue(r"(?:trang )?web(?:site)? nào|địa chỉ (?:nào|web|trang|website|internet)|đường (?:link|dẫn)|cổng thông tin nào|trang thông tin nào|trang web")
PEOPLE = cue(r"bao nhiêu (?:người|học sinh|sinh viên|lao động|lượt|trường|doanh nghiệp|phần trăm|%)|tỷ lệ(?: \w+){0,6}? bao nhiêu")
QUANTITY = cue(r"bao nhiêu|(?<!số )(?<!thứ )mấy(?! câu)")
REPLACES = cue(r"thay thế|bãi bỏ|hủy bỏ")
WHICH_PROVINCE = cue(r"(?:những |các )?tỉnh nào|ở tỉnh nào|địa phương nào")
ONLY = cue(r"chỉ|duy nhất|mỗi")
COUNT = cue(r"bao nhiêu|mấy|tổng (?:số|cộng)|số lượng|đếm(?: giúp)?")
NOT_COUNT = cue(
    r"(?:số|thứ|mục|khoản|điểm|phần|nhóm|đối tượng|hình thức|câu) mấy|mấy câu gì|số (?:bao nhiêu|mấy)|(?:ngày|tháng|năm|quý|giờ|khi|lần) (?:bao nhiêu|mấy)|bao nhiêu (?:tiền|kinh phí|ngân sách|lần)|mấy lần|"
    r"(?:kinh phí|ngân sách|tiền|tỷ lệ|vốn)(?: \w+){0,6}? bao nhiêu"
)
COMPARE = cue(
    r"so sánh|so với|khác (?:nhau|gì|biệt|với)|giống (?:nhau|và khác|gì|với)|điểm chung|điểm khác|đối chiếu|khác|giống|cả hai tỉnh|hai tỉnh|hai kế hoạch|giữa"
)
STRONG_COMPARE = cue(
    r"so sánh|so với|khác (?:nhau|gì|biệt|với|ở)|giống (?:nhau|và khác|gì|với)|điểm chung|điểm (?:khác|giống)|đối chiếu|(?:có )?khác (?:hay|không)|giống hay khác|tương đồng|chung và riêng"
)
MONITORS = cue(rf"{WHO}(?: \w+){{0,2}}? (?:theo dõi|đôn đốc|giám sát|kiểm tra)")
COUNTED = cue(
    r"(?:bao nhiêu|mấy|số lượng|tổng số|tổng cộng|đếm)(?: \w+){0,2}? (?:hoạt động|nhiệm vụ|việc|công việc|đầu việc|dòng|đơn vị|cơ quan|sở|tổ chức|bên|đầu mối|căn cứ|"
    r"quyết định|văn bản|cơ sở pháp lý|mục|khoản|điểm|phần|nguồn|hình thức|đối tượng|yêu cầu|mục tiêu|nội dung|giải pháp|nhóm|năm|kế hoạch|tỉnh|nơi nhận|sản phẩm|sự kiện|hạng mục|trách nhiệm|ý)|"
    r"đếm|tổng (?:số|cộng)"
)
WHEN = cue(r"(?:là |vào )?(?:ngày (?:nào|mấy|bao nhiêu)|bao giờ|khi nào|lúc nào|mấy giờ|hôm nào|quý mấy|tháng (?:nào|mấy)|thời điểm nào)|thời hạn|hạn")
TODAY = cue(r"hiện nay|hiện tại|bây giờ|ngày nay|hiện giờ|sau (?:khi )?(?:sắp xếp|sáp nhập|hợp nhất)|sở mới|tỉnh mới")
MUST = cue(r"phải(?! không| chăng| là)|chậm nhất|trước ngày|thời hạn|hạn chót|hạn cuối")
TIME = cue(
    r"(?:ngày (?:nào|mấy|bao nhiêu)|bao giờ|khi nào|lúc nào|mấy giờ|hôm nào|quý mấy|tháng (?:nào|mấy))|hạn(?: \w+){0,10}? là (?:ngày|khi|bao)|(?:thời gian|thời hạn|hạn|mốc|tiến độ)(?: \w+){0,2}? (?:hoàn thành|phát sóng|diễn ra|tổ chức|kết thúc)|"
    r"(?:khi nào|bao giờ|lúc nào)(?: \w+){0,4}? (?:xong|hoàn thành|kết thúc)|(?:xong|hoàn thành|kết thúc|diễn ra|phát sóng|trả lời|tổ chức)(?: \w+){0,6}? (?:khi nào|bao giờ|lúc nào|mấy giờ|ngày nào)|mấy giờ"
)
LEGAL_BASIS = cue(
    r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?: \w+){0,16}? (?:ký|ban hành)(?: vào)? (?:ngày|khi|năm|bởi)|căn cứ(?: pháp lý| nào| vào| những| theo)?(?! báo cáo)|cơ sở pháp lý|văn bản pháp lý|dựa (?:trên|vào|theo)|theo (?:những |các )?(?:quyết định|văn bản|chỉ đạo|nghị quyết) (?:nào|gì|số mấy)|"
    r"viện dẫn|(?:quyết định|qđ|nghị quyết|thông tư|nghị định|chỉ thị|văn bản) (?:nào|gì|số mấy|số bao nhiêu)|nền tảng pháp lý|pháp lý"
)
# "Quyết định 534", "QĐ số 2239": a document by its bare number; not "quyết định 3 năm".
BARE_DOCUMENT = cue(r"(?:quyết định|qđ|nghị quyết|thông tư|chỉ thị|nghị định)(?: số)? (?P<digits>\d{2,5})(?! năm)")
DOCUMENT_NUMBER = re.compile(
    r"(?<!\w)\d{1,5}\s*/\s*(?:\d{4}\s*/\s*)?[a-zđ][\wđ]*(?:-[\wđ]+)+", re.I
)
MONEY_FROM = cue(
    r"lấy(?: ra)? (?:từ|ở) (?:đâu|nguồn nào)(?: ra)?|lấy đâu(?: ra)?|ở đâu(?: ra)?|từ (?:đâu|nguồn nào|những nguồn nào)|(?:do |các |những )?nguồn (?:nào|gì|chi)(?: chi trả)?|chi trả|nguồn|gồm mấy"
)
EXCEPT = cue(r"ngoài|trừ|bên cạnh")
BUDGET = cue(
    r"kinh phí|ngân sách|nguồn (?:vốn|tiền|lực tài chính|chi|tài chính)|tiền|tài chính|chi trả|chi phí|vốn|xã hội hóa|tài trợ|bao nhiêu tiền|dự toán|nguồn lực"
)
YES_NO = cue(
    r"(?:có |đã |được )?(?:phải|đúng|chăng)(?: là)? (?:không(?! gian)|ko|k|hông|chứ|chưa)|đúng không(?! gian)|phải không(?! gian)|đúng hay sai|đúng chứ|có phải|có đúng|hay không|hay chưa|đúng chưa|không nhỉ|thật không|phải chăng"
)
ENDS_LIKE_YES_NO = cue(r"(?:không|ko|hông|chưa|chứ|à|hả)(?: ạ| vậy| nhỉ| em| anh| thế)?\s*[?.!]*$")
HAS = cue(r"có|được|đã|phải|còn|sẽ|là")

# Parts of the head of a plan. Those in HEAD_PARTS count only where the plan itself is spoken of.
PLAN_WORD = cue(r"kế hoạch|văn bản|phụ lục|kh|pl|bản này|tài liệu")
ATTACHED_TO = cue(r"(?:đính )?kèm(?: theo)?(?: \w+){0,3}? (?:kế hoạch|văn bản|quyết định)|dòng (?:“|\")?kèm theo|phụ lục(?: \w+){0,6}? (?:đính )?kèm(?: theo)?")
APPENDIX = cue(r"phụ lục|pl")
SIGNED_BY = cue(
    r"ai(?: \w+){0,8}? ký|\w+ nào(?: \w+){0,6}? ký|người ký|ký tên|ký bởi|chữ ký|do ai ký|đặt bút|sếp ký|(?:được |do )(?:ai |người nào )ký|"
    r"(?:chức vụ|chức danh|chức gì|giữ chức|cương vị|tư cách)(?: \w+){0,6}? ký|ký(?: \w+){0,6}? (?:chức vụ|chức danh|chức gì|cương vị)|(?:ông|bà)(?: \w+){2,4} (?:là|giữ|ký)"
)
RECIPIENTS = cue(
    r"nơi nhận|(?:được )?gửi (?:cho|đến|tới|về)(?: \w+){0,4}? (?:ai|nào|đâu|đơn vị|cơ quan|những)|(?:có |được )gửi|nhận (?:được )?(?:bản )?(?:kế hoạch|văn bản|kh|phụ lục)|"
    r"gửi (?:cho )?(?:những )?(?:ai|đâu)|(?:ai|đơn vị nào|cơ quan nào)(?: \w+){0,3}? nhận|lưu ở đâu|lưu tại|bản lưu"
)
TITLE_OF = cue(r"(?:tên|tiêu đề|nhan đề|tựa đề)(?: gọi)?|có tên")
# "Quyết định của Tổng cục trưởng … ký ngày nào": the head of another document.
OTHER_DOCUMENT = cue(r"(?:quyết định|nghị quyết|thông tư|nghị định|chỉ thị)(?! (?:ban hành )?kế hoạch)(?: \w+){0,16}? (?:ký|ban hành|ngày|của ai)")
HEAD_PARTS = (
    ("number", cue(r"số (?:hiệu|ký hiệu|mấy|bao nhiêu|gì|nào|là|của|văn bản|kế hoạch)|mang số|đánh số|cả số|có số|(?:cả|xin|biết|hỏi|ghi|gồm|ký hiệu|có) số(?:,| và| lẫn)|số(?:,| và| lẫn) (?:ngày|ký hiệu)")),
    ("issued_on", cue(
        r"ngày (?:ban hành|b/h|bh|ký|tháng|ra|đề)|(?:lẫn|và|,|số) ngày|ngày(?=, cơ quan)|(?:ban hành|b/h|ký|ra đời|phát hành|công bố|có hiệu lực|cho ra|ra)(?: \w+){0,8}? (?:khi nào|ngày nào|ngày mấy|ngày bao nhiêu|lúc nào|bao giờ|hôm nào|năm nào|tháng (?:nào|mấy)|thời gian nào|hồi|vào ngày)|"
        r"(?:khi nào|ngày nào|bao giờ|hôm nào|lúc nào)(?: \w+){0,8}? (?:ban hành|được ký|ký|ra đời)|thời (?:điểm|gian) ban hành|(?:ký|ban hành|đề)(?: \w+){0,3}? ngày \d+|ngày ghi|(?:ra|ban hành|có) (?:trước|sau)(?! ngày)"
    )),
    ("issuer", cue(r"(?:ai|cơ quan nào|đơn vị nào|cấp nào)(?: là)?(?: \w+){0,3}? ban hành|(?:cơ quan|đơn vị|nơi|người|chủ thể) (?:ban hành|b/h)|ban hành bởi|do (?:ai|cơ quan nào|đơn vị nào)(?: \w+){0,2}? ban hành|của cơ quan nào")),
    ("title", cue(
        r"(?:tên|tiêu đề|trích yếu|tựa đề|nhan đề)(?: gọi| đầy đủ| chính thức)*(?: của)?(?: \w+){0,2}? (?:kế hoạch|văn bản|phụ lục|kh|pl)|(?:kế hoạch|văn bản|phụ lục|kh|pl)(?: \w+){0,8}? (?:tên (?:là )?gì|tên gọi|nói về (?:cái |vấn đề |điều |nội dung |lĩnh vực )?gì|về (?:việc |vấn đề |lĩnh vực |nội dung )?gì|tiêu đề|trích yếu|nhan đề)|trích yếu|tiêu đề|nhan đề|tên gọi"
    )),
    ("period", cue(
        r"(?:giai đoạn|thời kỳ|khoảng thời gian|niên độ) (?:nào|bao lâu|mấy năm|gì|bao nhiêu|từ|thực hiện)|(?:kế hoạch|văn bản|phụ lục|kh)[^?]{0,60}? (?:cho|áp dụng|hiệu lực|kéo dài|bao trùm|dành cho|làm cho|trong|của|từ|là|cho cả)(?: \w+){0,2}? (?:giai đoạn(?: nào| mấy| \d{4}-\d{4})?|năm (?:nào|mấy)|thời gian nào|những năm nào|bao lâu|mấy năm|thời kỳ nào)|trong bao lâu|thời gian áp dụng"
    )),
)
SECTION_WORDS = cue(
    r"mục tiêu|mục đích|yêu cầu|đối tượng|nội dung truyền thông|hình thức|giải pháp|phương thức|chế độ báo cáo|thông điệp|"
    r"tổ chức thực hiện|quan điểm|phạm vi|điều khoản|mục [ivx]+|phần [ivx]+"
)
# What a question is wrapped in; it says nothing about the topic.
FILLER = cue(
    r"(?:xin |làm ơn |vui lòng |nhờ )?(?:cho|giúp) (?:tôi |em |anh |mình |chúng tôi |chị )?(?:hỏi|biết|xem)(?: thêm| rõ| là)?|xin hỏi|cho hỏi|hỏi|hãy|xin|vui lòng|làm ơn|giúp|ạ|nhé|nhỉ|vậy|thế|"
    r"em|tôi|mình|anh|chị|bạn|ad|admin|với ạ|thưa|dạ|alo|theo (?:như )?(?:kế hoạch|văn bản|phụ lục|quy định)(?: này| trên)?|trong (?:kế hoạch|văn bản|phụ lục)(?: này| trên| của tỉnh)?|"
    r"(?:có )?(?:quy định|nêu|ghi|đề cập|nói)(?: rõ| như)?(?: thế nào| ra sao)|như thế nào|ra sao|thế nào|làm sao|gồm những gì|gồm gì|là gì|gì|nào|những|các|là|ai|thì"
)
# Words of every question and every plan; "phối hợp với X" stays, for it may be the activity itself.
STOP_PHRASES = cue(
    r"(?:các |những )?hoạt động|nhiệm vụ|công tác|kế hoạch|kh|tỉnh(?! đoàn| ủy)|thành phố|giai đoạn|phụ lục|văn bản|quy định|thực hiện|triển khai|"
    r"chủ trì|phụ trách|đảm nhiệm|chịu trách nhiệm(?: chính)?|đứng ra|đầu mối|đơn vị|cơ quan|trách nhiệm|nội dung|thời gian|tiến hành|dự kiến|được giao|"
    r"bao nhiêu|việc|năm|phối hợp(?! với| cùng)|trong đó|nhóm|thuộc|có liên quan|mới|phần(?! mềm| thưởng)|mục(?! tiêu| đích)|khoản|điểm(?= (?:[a-z]|đ)(?!\w))|tức|(?:được )?(?:nhắc|nêu|ghi|nói|viết|đề cập|đưa|xếp)(?: tên| rõ)?(?: đến| tới| vào| về| ở| ra)?|nằm ở|nguyên văn|đánh dấu(?: x)?|gồm những|gồm có|đóng vai|muốn|vụ|đồng chí|kéo dài|rơi vào|theo phụ lục"
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
