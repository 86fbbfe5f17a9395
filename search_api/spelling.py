"""What hurried hands type: chat spellings, uncomposed telex keys, letters that sound alike."""

from __future__ import annotations

import re

from corpus.text import fold

# Whole words only; what each stands for among people who type questions.
_CHAT = {
    "j": "gì", "ji": "gì", "hông": "không", "hong": "không", "ko": "không", "hok": "không",
    "đc": "được", "dc": "được", "vs": "với", "ntn": "như thế nào", "bnhieu": "bao nhiêu",
    "bnhiu": "bao nhiêu", "đvi": "đơn vị", "dvi": "đơn vị", "đv": "đơn vị", "cq": "cơ quan",
    "cqbc": "cơ quan báo chí", "nvu": "nhiệm vụ", "nv": "nhiệm vụ", "hđ": "hoạt động",
    "kp": "kinh phí", "mxh": "mạng xã hội", "csgdnn": "cơ sở giáo dục nghề nghiệp",
    "hssv": "học sinh, sinh viên", "slđ": "sở lao động", "sld": "sở lao động",
    "đtn": "đoàn thanh niên", "ctv": "cộng tác viên", "b/c": "báo cáo", "bc": "báo cáo",
    "bsung": "bổ sung", "tchuc": "tổ chức", "tkhai": "triển khai", "ctri": "chủ trì",
    "ttin": "thông tin", "tgian": "thời gian", "kq": "kết quả", "nghv": "nghiệp vụ",
    "p/h": "phối hợp",
}  # fmt: skip
# The two letters of ươ share one horn when hands slip: "ngừơi", "tuợng"; not "thuở", "huơ".
_SPLIT_HORN = re.compile(r"(?:ư|u)([ờớởỡợơ])(?=[ncmptui])|([ừứửữự])ơ", re.IGNORECASE)
_WHOLE_HORN = {"ừ": "ườ", "ứ": "ướ", "ử": "ưở", "ữ": "ưỡ", "ự": "ượ"}
_WORD = re.compile(r"[^\W_]+(?:/[^\W_]+)?")
# Letters by themselves: "PH"; not those of "PH-12", "12/PH", "PH 12".
_ALONE = r"(?<![\w/.-]){}(?![\w/]|[.-]\w| ?\d)"
_WORK = r"(?:(?:những|các|mấy|bao nhiêu) )?(?:việc|hoạt động|nhiệm vụ|nội dung|hđ|nv|gì)"
# Letters that stand for a word in one place only: "ai CT", "CT việc gì", "ngày BH", "T10/2025",
# "đoàn KT", "TH năm nào"; not "BN" for the sick, "phổ biến PL", "Sở CT", "PH HS".
_IN_PLACE = tuple(
    (re.compile(pattern), meant)
    for pattern, meant in (
        (_ALONE.format("(?:PH|ph)") + r"(?! HS\b)", "phối hợp"),
        (r"(?:(?<=\bai )|(?<=\bnào )|(?<=\bbên )|(?<=\bvị )|(?<=\bquan ))CT\b", "chủ trì"),
        (rf"(?<!\bSở )\bCT(?= {_WORK}\b| là (?:ai|sở|đơn vị|cơ quan)\b)", "chủ trì"),
        (r"(?<!\bSở )\bCT(?=(?:,| và|/) ?phối hợp)", "chủ trì"),
        (r"\bPL ?(?=\d\b)", "phụ lục "),
        (r"(?<!biến )(?<!dục )(?<!định )(?<!giúp )(?<!truyền )" + _ALONE.format("PL"), "phụ lục"),
        (r"\bNS(?= (?:tỉnh|huyện|xã|địa phương|nhà nước|cấp)\b)|(?<=\bnguồn )NS\b", "ngân sách"),
        (r"(?:(?<=\bgian )|(?<=\bnăm ))TH\b|\bTH(?= (?:trong )?(?:năm|từ|khi)\b)", "thực hiện"),
        (r"(?:(?<=\bđoàn )|(?<=\bđợt )|(?<=\bcuộc )|(?<=\blịch ))KT\b", "kiểm tra"),
        (r"\bKT(?= (?:liên ngành|giám sát)\b)", "kiểm tra"),
        (r"(?:(?<=\bngày )|(?<=\bnào ))BH\b", "ban hành"),
        (r"\bT(?= (?:mấy|nào)\b)", "tháng"),
        (r"\bT(?=(?:1[0-2]|[1-9])/20\d\d\b)", "tháng "),
        (r"\bbn\b", "bao nhiêu"),
        (r"\bTV(?= (?:gồm|là|đoàn|của đoàn)\b)", "thành viên"),
    )
)
# "Sở NV" is no department of duties.
_OF_A_DEPARTMENT = re.compile(r"\b(?:sở|so) $", re.IGNORECASE)

_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
_RHYME = (
    r"(?:uye[nt]|uy(?:ch|nh|a|t|u|p)?|uech|uenh|oach|oang|oanh|oong|ooc|uong|uo[cimnptu]?|uang|uan|uat|uay|"
    r"ieng|ie[cmnptu]|oa[cimnopty]?|oe[mnot]?|ue[n]?|u[aciimnptuy]?|ung|ich|inh|i[aimnptu]?|ic|"
    r"anh|ang|ach|a[cimnoptuy]?|enh|eng|ech|e[cmnoptu]?|ong|o[cimnpt]?|y(?:em|en|et|eu)?)"
)
# The shape of every Vietnamese syllable, without its marks; not "chur", "trif", "internet".
_SYLLABLE = re.compile(rf"{_ONSET}{_RHYME}", re.IGNORECASE)

_VOWELS = (
    "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
    "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
)  # fmt: skip
_SHAPES = (
    ("aa", "â"),
    ("aw", "ă"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("ow", "ơ"),
    ("uw", "ư"),
    ("dd", "đ"),
)
_TONE_KEYS = "frxsj"
_PLAIN_VOWELS = frozenset(row[0] for row in _VOWELS)

# Letters at the start of a syllable that sound alike somewhere in the country.
_SOUND_ALIKE = (
    ("ch", "tr"),
    ("s", "x"),
    ("d", "gi"),
    ("d", "r"),
    ("gi", "r"),
    ("l", "n"),
    ("v", "d"),
)


def spell_out(text: str) -> str:
    """Return `text` with chat spellings written out and uncomposed telex keys composed.

    >>> spell_out("dvi nao chur trif")
    'đơn vị nao chủ trì'
    """
    for written, meant in _IN_PLACE:
        text = written.sub(meant, text)
    text = _SPLIT_HORN.sub(_whole_horn, text)
    return _WORD.sub(lambda match: _spelled(match[0], text[: match.start()]), text)


def _whole_horn(match: re.Match[str]) -> str:
    return f"ư{match[1].lower()}" if match[1] else _WHOLE_HORN[match[2].lower()]


def is_syllable(key: str) -> bool:
    """Say whether an unmarked word has the shape of a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(key) is not None


def sound_alikes(key: str) -> set[str]:
    """Return the unmarked syllables that sound like `key` somewhere.

    >>> sorted(sound_alikes("chi"))
    ['tri']
    """
    found = set()
    for one, other in _SOUND_ALIKE:
        for written, meant in ((one, other), (other, one)):
            if key.startswith(written) and not key.startswith(written + "h"):
                candidate = meant + key[len(written) :]
                if is_syllable(candidate):
                    found.add(candidate)
    return found - {key}


def _spelled(word: str, before: str) -> str:
    lowered = word.lower()
    if lowered in _CHAT and not (word.isupper() and _OF_A_DEPARTMENT.search(before)):
        return _CHAT[lowered]
    if word.startswith("f") and is_syllable(fold(f"ph{word[1:]}")):
        return f"ph{word[1:]}"
    if not word.islower() or not word.isascii() or not word.isalpha() or is_syllable(word):
        return word
    composed = _compose(word)
    return composed if composed != word and is_syllable(fold(composed)) else word


def _compose(word: str) -> str:
    """Return what the telex keys of `word` stand for: "chur" → "chủ", "trif" → "trì"."""
    tone = next((key for key in word[1:] if key in _TONE_KEYS and _is_tone(word, key)), "")
    letters = word[0] + word[1:].replace(tone, "", 1) if tone else word
    for keys, letter in _SHAPES:
        letters = letters.replace(keys, letter)
    if not tone:
        return letters
    place = _tone_place(letters)
    if place is None:
        return word
    row = next(row for row in _VOWELS if letters[place] == row[0])
    return letters[:place] + row[1 + _TONE_KEYS.index(tone)] + letters[place + 1 :]


def _is_tone(word: str, key: str) -> bool:
    """Say whether `key` stands after a vowel: "trif", not the r of "trai"."""
    return any(letter in _PLAIN_VOWELS for letter in word[: word.index(key, 1)])


def _tone_place(letters: str) -> int | None:
    """Return the index of the vowel that carries the tone."""
    vowels = [index for index, letter in enumerate(letters) if letter in _PLAIN_VOWELS]
    if letters.startswith(("qu", "gi")) and len(vowels) > 1:
        vowels = vowels[1:]
    if not vowels:
        return None
    marked = [index for index in vowels if letters[index] in "ăâêôơư"]
    if marked:
        return marked[-1]
    return vowels[-2] if len(vowels) > 1 and vowels[-1] == len(letters) - 1 else vowels[-1]
