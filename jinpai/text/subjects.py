"""事项 subjects: what people state in a chat that a sheet of facts, a price or a budget can be held against.

A subject is read from its signals (lexicons/zh/claims.toml): of `yes` and `no` the signal itself says the value, of the
others the words under it do: a duration, a size, an amount, or one of the subject's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinpai.errors import Words
from jinpai.text import values
from jinpai.text.normal import normal

KINDS = ("flag", "hours", "size", "choice", "fen", "budget")
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Subject:
    """事项 one subject: its name for people, how its value is read, from which signals, and of a choice the words.

    `is_fact`: it stands in a shop's sheet; the others (price, budget) are only held against each other.
    """

    id: str
    title: Words
    kind: str
    signals: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    example: str = ""
    is_fact: bool = True

    def value(self, signal: str, quote: str) -> str | None:
        """值 what the words under a signal state, as text; None where they state nothing that can be compared."""
        if self.kind == "flag":
            return NO if signal == self.signals[1] else YES
        if self.kind == "choice":
            return self.choice(quote)
        read = {"hours": values.hours, "size": values.size, "fen": values.fen, "budget": values.budget}[self.kind]
        found = read(quote)
        return None if found is None else str(found)

    def choice(self, quote: str) -> str | None:
        """选了哪个 the value one of whose words stands in the quote, the longest first."""
        plain = normal(quote)
        found = [(len(word), value) for value, words in self.words for word in words if word in plain]
        return max(found)[1] if found else None


_COURIERS = (
    ("顺丰", ("顺丰", "sf", "顺风")), ("中通", ("中通",)), ("圆通", ("圆通",)), ("申通", ("申通",)), ("韵达", ("韵达", "韵哒")),
    ("京东", ("京东", "jd物流")), ("邮政", ("邮政", "ems", "邮局")), ("极兔", ("极兔", "j&t")), ("德邦", ("德邦",)), ("百世", ("百世", "汇通")),
    ("安能", ("安能",)), ("丹鸟", ("丹鸟", "菜鸟直送")),
)  # fmt: skip
_MATERIALS = (
    ("纯棉", ("纯棉", "全棉", "100%棉", "百分百棉", "百分之百棉", "新疆棉", "长绒棉")), ("涤纶", ("涤纶", "聚酯纤维", "化纤")), ("棉麻", ("棉麻",)),
    ("亚麻", ("亚麻", "纯麻")), ("真丝", ("真丝", "桑蚕丝", "蚕丝")), ("羊毛", ("羊毛",)), ("羊绒", ("羊绒",)), ("鸭绒", ("鸭绒", "白鸭绒", "灰鸭绒")),
    ("鹅绒", ("鹅绒", "白鹅绒")), ("真皮", ("真皮", "头层牛皮", "牛皮")), ("仿皮", ("仿皮", "pu皮", "人造革", "pu革")), ("实木", ("实木", "原木")),
    ("人造板", ("密度板", "颗粒板", "人造板", "刨花板")), ("304不锈钢", ("304",)), ("316不锈钢", ("316",)), ("201不锈钢", ("201",)), ("塑料", ("塑料", "pp材质")),
    ("玻璃", ("玻璃", "高硼硅")), ("陶瓷", ("陶瓷", "骨瓷")), ("硅胶", ("硅胶",)), ("乳胶", ("乳胶",)), ("铝合金", ("铝合金",)), ("竹", ("竹子", "竹纤维", "楠竹")),
)  # fmt: skip
_CITIES = tuple(
    (name, (name,))
    for name in "北京 上海 天津 重庆 广州 深圳 东莞 佛山 中山 汕头 杭州 宁波 温州 义乌 金华 嘉兴 湖州 台州 绍兴 苏州 南京 无锡 常州 南通 徐州 扬州 福州 厦门 泉州 晋江 "
    "莆田 济南 青岛 临沂 潍坊 郑州 洛阳 武汉 长沙 南昌 景德镇 合肥 成都 西安 昆明 贵阳 南宁 石家庄 保定 沈阳 大连 哈尔滨 长春 太原 兰州 乌鲁木齐 海口 广东 浙江 江苏 福建 山东 河南 "
    "河北 湖北 湖南 江西 安徽 四川 陕西 云南 贵州 广西 辽宁 吉林 黑龙江 山西 新疆".split()
)

SUBJECTS: dict[str, Subject] = {
    one.id: one
    for one in (
        Subject("ships_within", Words("多久发货", "ships within"), "hours", ("says_ships_within",), example="48小时"),
        Subject("courier", Words("发什么快递", "courier"), "choice", ("says_courier",), _COURIERS, "中通、圆通"),
        Subject("ships_from", Words("从哪里发货", "ships from"), "choice", ("says_ships_from",), _CITIES, "杭州"),
        Subject("free_delivery", Words("包不包邮", "free delivery"), "flag", ("says_free_delivery", "says_paid_delivery"), example="是"),
        Subject("invoice", Words("能不能开发票", "invoice"), "flag", ("says_invoice", "says_no_invoice"), example="是"),
        Subject("gift", Words("有没有赠品", "gift"), "flag", ("says_gift", "says_no_gift"), example="否"),
        Subject("freight_insurance", Words("送不送运费险", "return insurance"), "flag", ("says_insurance", "says_no_insurance"), example="是"),
        Subject("seven_days", Words("支不支持七天无理由", "seven-day return"), "flag", ("says_seven_days", "says_no_seven_days"), example="是"),
        Subject("warranty", Words("质保多久", "warranty"), "hours", ("says_warranty",), example="1年"),
        Subject("material", Words("材质", "material"), "choice", ("says_material",), _MATERIALS, "纯棉"),
        Subject("capacity", Words("容量", "capacity"), "size", ("says_capacity",), example="500毫升"),
        Subject("power", Words("功率", "power"), "size", ("says_power",), example="1500瓦"),
        Subject("net_weight", Words("净重", "net weight"), "size", ("says_weight",), example="250克"),
        Subject("length", Words("长", "length"), "size", ("says_length",), example="120厘米"),
        Subject("width", Words("宽", "width"), "size", ("says_width",), example="60厘米"),
        Subject("height", Words("高", "height"), "size", ("says_height",), example="75厘米"),
        Subject("price", Words("报的价", "price named"), "fen", ("says_price",), is_fact=False),
        Subject("budget", Words("买家的预算", "the buyer's budget"), "budget", ("states_budget",), is_fact=False),
    )
}  # fmt: skip
"""全部事项 every subject by its id, those of the sheet in its order."""


@cache
def of_signal() -> dict[str, Subject]:
    """信号说的事项 the subject that each claiming signal states."""
    return {signal: one for one in SUBJECTS.values() for signal in one.signals}
