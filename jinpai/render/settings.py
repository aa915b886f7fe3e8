"""设置说明 settings: every setting of a shop in words: what it is about and which figures it changes, in groups, and what may be chosen."""

from __future__ import annotations

from typing import Any

from jinpai import terms
from jinpai.errors import Words
from jinpai.render.story import Say, setting
from jinpai.workspace.settable import PRESETS

GROUPS: dict[str, tuple[Words, tuple[str, ...]]] = {
    "conversion": (Words("询单和转化", "Enquiries and conversion"), (
        "window", "enquiry_span", "after_sales_days", "enquiry_agents", "enquiry_rule", "min_agent_lines", "staff_buyers",
        "advertising_phrases",
    )),
    "sales": (Words("业绩归属", "Whose sale it is"), (
        "rule", "attribution_days", "silent_reminder_minutes", "memo_codes", "given", "min_match_rate",
    )),
    "response": (Words("会话和响应", "Conversations and responses"), (
        "conversation_gap", "assist_counts", "slow_rounds", "slow_seconds", "profiles",
    )),
    "inspection": (Words("聊天质检", "Inspection"), (
        "inspection", "parallel_limit", "contact_policy", "appeal_days", "red_line_days", "random_share", "second_reader",
    )),
    "shop": (Words("店铺", "The shop"), ("solo", "time_zone", "day_start", "hours", "holidays", "promotions", "retention_days", "text_retention_days")),
}  # fmt: skip
"""分组 every setting but the trade preset, which stands above all others."""

ABOUT = {
    "preset": Words("一次定下主要统计期、询单跨度、业绩归属回看、售后判断回看四项；单独改过的那几项不跟着变。", "Sets main window, enquiry span, attribution days and after-sales days at once; those changed by themselves stay."),
    "window": Words("咨询之后多久之内付款，算这个询单的转化。决定看板上的主要转化率。", "Within how long of the enquiry a payment counts. It decides the main conversion on every page."),
    "enquiry_span": Words("几天内的再次咨询并作一次询单。改询单数和转化率。", "Several chats within so many days are one enquiry. Changes enquiries and conversion."),
    "after_sales_days": Words("买家付款后几天内再来，先看作售后，不算询单。", "A buyer who comes back within so many days of paying comes about after-sales and makes no enquiry."),
    "enquiry_agents": Words("一个询单里几位客服都说过话，算给最后接待的一位，还是每位都算。", "Where several agents wrote, the enquiry is the last one's or everybody's."),
    "enquiry_rule": Words("怎样分辨售前和售后：看买没买过。", "How pre-sales is told from after-sales: by whether the buyer has bought."),
    "min_agent_lines": Words("买家只说一句、客服又不满几句的会话不算询单；0 是不过滤。", "A buyer's single line with fewer agent lines than this makes no enquiry; 0 filters nothing."),
    "staff_buyers": Words("自家人的买家账号，一行一个，不算询单。", "Buyer accounts of your own people, one a line; they make no enquiry."),
    "advertising_phrases": Words("买家的话里有这些字就是来打广告的，一行一个，不算询单。", "Who writes these words advertises and makes no enquiry; one a line."),
    "rule": Words("一单算哪位客服的。改客服销售额和排名。", "Whose sale an order is. Changes agents' sales and their order."),
    "attribution_days": Words("聊过之后几天内的订单算客服的；再往后是静默单。", "Orders within so many days of a chat are the agent's; later ones are silent."),
    "silent_reminder_minutes": Words("静默单下单多少分钟以后客服催付成了，才算客服的。", "A silent order becomes the agent's who reminded at least so many minutes after it was made."),
    "memo_codes": Words("商家备忘里写的代码归哪个客服子账号，一行一个：代码 = 子账号。", "Which sub-account a code in the seller's memo belongs to, one a line: code = sub-account."),
    "given": Words("人工指定归属的订单，带指定人和原因。在设置文件里改。", "Orders given by hand, with who and why. Changed in the settings file."),
    "min_match_rate": Words("订单和聊天的买家对上的比例低于这个，就不给客服排名。", "Agents are not ranked where fewer buyers than this are matched between orders and chats."),
    "conversation_gap": Words("隔多久没有消息就算新的会话。30m 是三十分钟，2h 是两小时。", "After a silence of this length a new conversation begins, like 30m or 2h."),
    "assist_counts": Words("机器人辅助回复算不算人工回复。改首次响应和平均响应。", "Whether a robot's assisted reply is a person's. Changes response times."),
    "slow_rounds": Words("一天里至少有几个慢回合，才算一次慢接待。", "So many slow rounds on a day make a slow reception."),
    "slow_seconds": Words("超过多少秒没回，算慢回合。", "A round is slow after so many seconds."),
    "profiles": Words("各平台怎样算响应、几点到几点、目标多少。平台改了规则，在设置文件里加一段。", "How each platform counts responses. When a platform changes its rule, add a part to the settings file."),
    "inspection": Words("每次计算都读一遍聊天，慢一些。关掉以后质检得分和关注点就没有了，聊天和别的数不变。", "Chats are read at every computation, which takes longer. Without it there are no scores and topics; nothing else changes."),
    "parallel_limit": Words("客服同时接待超过几个会话时，质检不查首次响应和冷场；0 是一律检查。", "With more conversations at once than this, first response and gaps are not inspected; 0 always inspects."),
    "contact_policy": Words("能不能加微信、要电话。平台好友、会员、粉丝群一直可以；加微信要店主书面同意。", "Whether WeChat and telephone may be asked for. The platform's own friends and groups always may; WeChat needs the owner in writing."),
    "appeal_days": Words("客服几天之内可以申诉，从看得到结果那天算起。", "An agent may appeal for so many days from the day the result can be seen."),
    "red_line_days": Words("红线提醒几天没有人确认就作废。", "A red line that nobody confirms within so many days lapses."),
    "random_share": Words("每次抽复核，至少多少是随机抽的；只有随机抽的才能说准不准。", "At least this share of what is drawn for review is drawn at random; only that tells how often inspection is right."),
    "second_reader": Words("词库拿不准的话再问一个模型；不设就不问，什么也不发出去。在设置文件里改。", "A model that is asked about doubtful sentences; without it nothing is sent anywhere. Changed in the settings file."),
    "solo": Words("一个人做客服时用：今日看板改成会话和待办，少于 30 的比率不显示，不作客服之间的比较，设置里不放「人员」。不改变任何数。", "For whoever answers alone: Today shows chats and to-dos, no rate of fewer than 30, no comparison of agents; Settings has no card of people. Changes no figure."),
    "time_zone": Words("哪天、几点按哪个时区算。", "The zone by which days and hours are told."),
    "day_start": Words("一天从几点开始算。晚上做到凌晨的店可以写 04:00。", "When a day begins. A shop that works past midnight may write 04:00."),
    "hours": Words("在「营业时间」页改。", "Changed on the page of hours."),
    "holidays": Words("在「营业时间」页改。", "Changed on the page of hours."),
    "promotions": Words("在「营业时间」页改。", "Changed on the page of hours."),
    "retention_days": Words("聊天和订单保留多少天，0 是一直留。到期的要在服务器上运行 jinpai erase --expired 才删，那些天的数字也就没有了。只有老板能改。", "Days for which chats and orders are kept, 0 for ever. What is past is removed by jinpai erase --expired, and its figures with it. The owner alone changes it."),
    "text_retention_days": Words("聊天原文和备注保留多少天，0 是一直留。到期的由 jinpai erase --expired 抹去文字，数字不变。只有老板能改。", "Days for which words are kept, 0 for ever. jinpai erase --expired removes the words; figures stay. The owner alone changes it."),
}  # fmt: skip
"""说明 what each setting is about."""

CHOSEN: dict[str, tuple[str, ...]] = {
    "preset": tuple(PRESETS), "rule": tuple(terms.RULES), "enquiry_agents": ("owner", "all"), "enquiry_rule": ("outcome",),
    "window": ("same_day", "next_day", "24h", "48h", "3d", "7d", "15d", "30d"),
}  # fmt: skip
"""可选 what a list offers; elsewhere the value is typed."""


def options(name: str, value: Any, say: Say) -> list[tuple[str, str]]:
    """选项 (value as a form sends it, its words) of a setting that is chosen from a list, the present value among them; else none."""
    if isinstance(value, bool):
        return [("true", say("是", "yes")), ("false", say("否", "no"))]
    known = CHOSEN.get(name, ())
    every = known if not known or value in known else (str(value), *known)
    return [(one, setting(name, one, say)) for one in every]


def written(name: str, value: Any) -> str:
    """写进表单 a value as a form shows it in its field."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "\n".join(f"{key} = {one}" for key, one in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if name in ("min_match_rate", "random_share"):
        return f"{round(float(value) * 100, 6):g}%"
    return str(value)


COUNTRIES = {
    "CN": Words("中国大陆", "Mainland China"), "HK": Words("中国香港", "Hong Kong, China"), "MO": Words("中国澳门", "Macao, China"),
    "TW": Words("中国台湾", "Taiwan, China"), "SG": Words("新加坡", "Singapore"), "MY": Words("马来西亚", "Malaysia"),
    "US": Words("美国", "United States"), "none": Words("不算节假日", "none"),
}  # fmt: skip
"""哪里的节假日 countries that a list offers; any other code of two capitals will do in the file."""
PLATFORMS = {
    "taobao": Words("淘宝", "Taobao"), "tmall": Words("天猫", "Tmall"), "jd": Words("京东", "JD"), "pdd": Words("拼多多", "Pinduoduo"),
    "douyin": Words("抖音", "Douyin"),
}  # fmt: skip
_LENGTHS = {"h": Words("小时", " hours"), "m": Words("分钟", " minutes"), "s": Words("秒", " seconds")}
WAYS = {
    "wechat": {"never": Words("不许加微信", "no WeChat"), "allowed": Words("可以加微信（店主书面同意）", "WeChat, by the owner's leave")},
    "phone": {
        "measuring_and_delivery": Words("电话只为量尺寸和送货", "telephone for measuring and delivery"),
        "always": Words("电话都可以要", "telephone for anything"),
    },
}  # fmt: skip
"""途径 what a contact policy may say of each way."""


def shown(name: str, value: Any, say: Say) -> str:
    """现在的值 a setting's value in words."""
    if name == "contact_policy":
        ways = [say.words(words[value[way]]) for way, words in WAYS.items()]
        by = [f"{value['allowed_by']}，{value['allowed_on']}"] if value.get("allowed_by") else []
        return say("；", "; ").join([*ways, *by])
    if name == "second_reader" and value:
        return str(value.get("model") or value.get("folder") or "")
    if name in ("staff_buyers", "advertising_phrases") and value:
        return say("、", ", ").join(value)
    if name in ("retention_days", "text_retention_days"):
        return say(f"{value} 天", f"{value} days") if value else say("一直留", "for ever")
    if name == "random_share":
        return f"{float(value):.0%}"
    if name == "holidays" and value in COUNTRIES:
        return say.words(COUNTRIES[value])
    if name == "conversation_gap":
        return f"{value[:-1]}{say.words(_LENGTHS[value[-1]])}"
    if name == "profiles":
        every = {one["name"]: f"{one['opens']}–{one['closes']}" for one in value}
        told = (f"{say.words(PLATFORMS.get(key, Words(key, key)))} {hours}" for key, hours in every.items())
        return say("、", ", ").join(told)
    return setting(name, value, say)
