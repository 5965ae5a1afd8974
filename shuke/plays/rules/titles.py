"""How a person is addressed, and how a name is masked."""

# The hundred commonest Chinese family names and the compound ones; a nickname that starts otherwise gets no title.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方"
    "白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁"
    "尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷"
)
_COMPOUND = (
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐",
    "端木",
)  # fmt: skip
_FEMALE = frozenset({"f", "female", "女", "女士", "2"})
_MALE = frozenset({"m", "male", "男", "先生", "1"})


def title_of(name: str | None, *, gender: str | None, language: str) -> str:
    """How a person is addressed: 陈女士, 欧阳先生; '' where name or gender leave doubt (then neutral words)."""
    text = (name or "").strip()
    if not language.startswith("zh"):
        return f"Hello {text.split()[0]}" if text and text[0].isalpha() and "*" not in text and text.isascii() else ""
    surname = surname_of(text)
    sex = (gender or "").strip().lower()
    if not surname or sex not in _FEMALE | _MALE:
        return ""
    return f"{surname}{'女士' if sex in _FEMALE else '先生'}"


def masked_title(name: str | None, *, gender: str | None) -> str:
    """A name for sheets without the right to see it: 陈女士, 陈**, or A** elsewhere."""
    text = (name or "").strip()
    title = title_of(text, gender=gender, language="zh")
    return title or (f"{surname_of(text) or text[0]}**" if text else "")


def surname_of(name: str) -> str:
    """The family name of a Chinese name of two to four characters (masked ones included), or ''."""
    text = name.strip()
    if not 2 <= len(text) <= 4 or any(not ("\u4e00" <= c <= "\u9fff" or c in "*＊") for c in text):
        return ""
    if text.startswith(_COMPOUND) and len(text) > 2:
        return text[:2]
    return text[0] if text[0] in _SURNAMES else ""
