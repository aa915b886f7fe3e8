"""模板里的话 words of the templates: for every column what it holds, and an invented example; for a table ("") a note.

Ends are half-open: an end of 2026-11-12 00:00 means up to the end of 11 November.
"""

from __future__ import annotations

from jinpai.errors import Words

Key = tuple[str, str]

_SHOP = ("shop", "只有一家店就不用填；几家店时写店铺代号", "needed only with several shops: the shop's key", "")
_TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "agents": (
        ("", "重新导入时会列出增加和改动的行，确认了才导入；没写到的客服照旧保留。离职请填离职日期，不要删行。",
         "Importing again lists what is new and changed and asks; agents left out stay. For leavers fill in left_on."),
        ("agent", "千牛里的子账号，冒号后面那一段，如「溪谷旗舰店:小美」写 小美；要和聊天记录里的一样", "the sub-account, as in the chats (after the colon)", "小美"),
        ("name", "真实姓名", "the person's name", "陈小美"),
        ("team", "售前的咨询才算询单；售后组的会话不算", "enquiries are counted for presales; conversations of aftersales are not", "售前"),
        ("joined_on", "入职那天", "first day", "2025-03-01"), ("left_on", "最后一天上班；在职空着", "last day; empty while employed", "2026-10-31"), _SHOP,
    ),
    "products": (
        ("", "重新导入时会列出增加和改动的行，确认了才导入；没写到的商品照旧保留。", "Importing again lists what is new and changed and asks; products left out stay."),
        ("product_id", "宝贝链接里 id= 后面的数字", "the number after id= in the product's link", "680000000001"),
        ("title", "商品标题，报表上显示", "the title shown in reports", "云朵沙发垫"), ("category", "店里自己的类目", "the shop's own category", "沙发垫"),
        ("price", "现在的售价", "the price now", "129.00"),
        ("kind", "普通；要讲解（参数多、要搭配）；高价（要考虑几天）；定制", "plain; complex (much to explain); expensive (takes days); custom", "普通"),
        ("returnable", "能不能七天无理由退货", "whether it can be returned without reason", "是"), _SHOP,
    ),
    "evaluations": (
        ("", "满意度评价，一行一次邀评或评价。", "Ratings, one row an invitation or rating."),
        ("buyer", "买家会员名，要和聊天记录里的一样", "the buyer, as in the chats", "云边小鹿"), ("agent", "被评价的子账号", "the sub-account rated", "小美"),
        ("level", "5 很满意，4 满意，3 一般，2 不满意，1 很不满意；只邀请、没评价的空着", "5 very satisfied … 1 very dissatisfied; empty when only invited", "5"),
        ("origin", "客服邀请的、买家自己来评的、系统发的", "asked for by the agent, by the buyer himself, by the system", "邀请"),
        ("sent_at", "什么时候发的邀请（店铺当地时间）", "when the invitation was sent (shop's time)", "2026-11-18 10:30:00"),
        ("evaluated_at", "什么时候评的；没评空着", "when it was rated; empty if not", "2026-11-18 10:45:00"), _SHOP,
    ),
    "shifts": (
        ("", "排班，一人一段一行；共用子账号时靠它知道是谁坐着。", "Shifts, one row a person and stretch; they say who sat at a shared sub-account."),
        ("person", "坐在这个子账号前的人；一人一号就不用填", "who sat there; empty where each has an own account", "陈小美"),
        ("agent", "子账号", "the sub-account", "小美"), ("starts_at", "从几点开始（店铺当地时间）", "from when (shop's time)", "2026-11-18 09:00:00"),
        ("ends_at", "到几点为止，不含这一刻；跨夜写第二天的时间", "until when, not included; over midnight write the next day", "2026-11-18 17:30:00"),
        ("kind", "在岗、挂起、休息；空着算在岗", "on duty, suspended, break; empty is on duty", "在岗"), _SHOP,
    ),
    "promotions": (
        ("", "大促和店铺活动，会标在图上。", "Sales, marked on the charts."),
        ("name", "活动叫什么", "its name", "双十一"), ("starts_at", "从什么时候开始；只写日期就是那天 0 点", "from when; a date alone is its 0:00", "2026-11-01 00:00:00"),
        ("ends_at", "到什么时候为止，不含这一刻：到 11 月 11 日结束就写 2026-11-12", "until when, not included: for up to 11 November write 2026-11-12", "2026-11-12 00:00:00"),
        ("product_id", "只有一个商品参加就写它的编号；全店空着", "the product, if only one takes part", ""), ("kind", "自己的分类，如 平台大促、店铺活动", "your own kind of promotion", "平台大促"), _SHOP,
    ),
    "buyers": (
        ("", "买家资料，一人一行。", "Buyers, one row each."),
        ("buyer", "买家会员名，要和聊天记录里的一样；打码的（a**b）没有用", "the buyer, as in the chats; masked names are of no use", "云边小鹿"),
        ("level", "店里的会员等级，照店里的叫法", "the shop's own member level", "金卡"), ("first_seen", "第一次来店的时间；只写日期也行", "when first seen; a date will do", "2025-06-18"), _SHOP,
    ),
    "visitors": (
        ("", "访客数，一天一行；分商品的话一天一个商品一行。来自生意参谋。", "Visitors, one row a day, or a day and product."),
        ("day", "哪一天", "the day", "2026-11-18"), ("product_id", "全店的空着；分商品写商品编号", "empty for the whole shop", "680000000001"),
        ("visitors", "访客数（人，不是浏览量）", "visitors (people, not views)", "1280"), _SHOP,
    ),
    "refunds": (
        ("", "退款，一笔一行；同一笔状态变了再导入一次，以后导入的为准。", "Refunds, one row each; import again when a state changes."),
        ("refund_id", "退款编号", "the refund's number", "90000000000000001"), ("order_id", "主订单编号", "the order's number", "338800000000000301"),
        ("sub_order_id", "子订单编号，没有就空着", "the line's number, if any", ""), ("amount", "退给买家多少", "how much is refunded", "39.90"),
        ("applied_at", "买家申请的时间", "when it was asked for", "2026-11-18 10:30:00"), ("refunded_at", "钱退出去的时间；还没退空着", "when it was paid back; empty if not yet", "2026-11-19 09:00:00"),
        ("reason", "退款原因", "why", "尺寸拍错了"), ("status", "现在的状态，照后台写", "its state, as the back office says", "退款成功"), _SHOP,
    ),
}  # fmt: skip

MEANINGS: dict[Key, Words] = {
    (table, line[0]): Words(line[1], line[2]) for table, lines in _TABLES.items() for line in lines
}
"""填什么 (table, column) -> what it holds; (table, "") -> a note on the table."""
_ENGLISH = {"售前": "presales", "普通": "plain", "是": "true", "邀请": "invited", "在岗": "on_duty"}
EXAMPLES: dict[Key, Words] = {
    (table, line[0]): Words(line[3], _ENGLISH.get(line[3], line[3]))
    for table, lines in _TABLES.items()
    for line in lines
    if line[0]
}
"""例子 (table, column) -> an invented value."""
