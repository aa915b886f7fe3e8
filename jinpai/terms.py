"""术语 terms: the field's words as data, in both languages, and the choice of language.

One idea has one Chinese and one English word here; pages, tables, documents and tests take the
words from this file. A metric's own name and meaning stand in the metric's file.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass

from jinpai.errors import Words, WrongUse

LANGS = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Term:
    """词条 one idea: its English and Chinese word, and one sentence in each language."""

    en: str
    zh: str
    meaning: Words

    def to(self, lang: str) -> str:
        """The word in `lang`, "zh" or "en"."""
        return self.en if lang == "en" else self.zh


def _term(en: str, zh: str, zh_meaning: str, en_meaning: str) -> Term:
    return Term(en, zh, Words(zh_meaning, en_meaning))


TERMS: dict[str, Term] = {term.en.replace(" ", "_").replace("-", "_"): term for term in (
    _term("shop", "店铺", "一个平台上的一家店，工作区里用店铺代号区分。", "One shop on one platform, told apart by its key in the workspace."),
    _term("agent", "客服", "客服子账号，一个账号算一位客服。", "A customer-service sub-account; one account counts as one agent."),
    _term("buyer", "买家", "平台上稳定的买家编号，不是会改的昵称。", "The buyer's stable id on the platform, never a display name that changes."),
    _term("day", "日期", "店铺时区里的一天，从“一天的开始时间”算起。", "A calendar day in the shop's time zone, from the shop's own start of day."),
    _term("hour", "时段", "店铺时区里的钟点，8 表示 8:00 到 9:00 之前。", "The hour of day in the shop's time zone; 8 is from 8:00 up to 9:00."),
    _term("weekday", "星期", "星期一到星期日，一周从星期一开始。", "Monday to Sunday; a week starts on Monday."),
    _term("week", "周", "从星期一开始的七天。", "Seven days from Monday."),
    _term("month", "月", "一个自然月。", "A calendar month."),
    _term("month", "月", "自然月。", "A calendar month."),
    _term("product", "商品", "询单里下单前最后提到的商品；没有提到就是未知。", "The last product named before the order; unknown when none was named."),
    _term("message", "消息", "买家、客服、机器人或平台发出的一条内容。", "One line sent by buyer, agent, robot or platform."),
    _term("round", "回合", "从买家没人回的第一句，到客服真人的下一句。", "From the first unanswered buyer line to the next line by a person."),
    _term("conversation", "会话", "同一买家与店铺连续的一段聊天，静默超过设定时间就断开。", "One stretch of talk of a buyer with the shop, cut by a long silence."),
    _term("outreach", "单口相声", "买家一句没说、只有店铺在说的会话，不算接待也不算询单。", "A conversation in which the buyer never wrote; no reception and no enquiry."),
    _term("received buyers", "接待人数", "客服真人回过话的买家数，每位买家每天只算一次。", "Buyers a person wrote to, once per buyer and day."),
    _term("enquiry", "询单", "一位买家在一天里的售前咨询，一天聊几次也只算一个。", "One buyer's pre-sales talk on one day; several chats that day are one enquiry."),
    _term("enquiry conversion", "询单转化率", "已满统计期的询单里，买家在统计期内付款的比例。", "Of mature enquiries, the share whose buyer paid inside the window."),
    _term("window", "统计期", "从咨询算起，多久之内下单付款算这个询单的结果。", "How long after the enquiry an order or payment still counts for it."),
    _term("mature", "已满统计期", "统计期已经过完，结果不会再变。", "The window has ended, so the outcome will not change."),
    _term("not yet", "延迟统计", "统计期还没过完，先不算进分子和分母。", "The window has not ended; counted in neither numerator nor denominator."),
    _term("horizon", "数据截止", "消息和订单都已导入到的时刻，满不满统计期以它为准。", "The instant up to which messages and orders are both known; maturity is judged at it."),
    _term("as of", "截至", "只看这个时刻以前导出的数据会看到的样子。", "The shop as exports taken at that instant would show it."),
    _term("interval", "大致范围", "数量有限带来的误差范围（95%，Wilson 区间）。", "The range that small numbers leave open (95 %, Wilson)."),
    _term("numerator and denominator", "分子分母", "一个比例是几除以几。", "What a rate divides by what."),
    _term("first response", "首次响应", "会话里买家第一句没人回的话，到客服真人回复用了多久；没人回不算 0。", "From the buyer's first unanswered line to a person's answer; no answer is never 0."),
    _term("response time", "响应时间", "每个回合从买家开口到客服真人回复用了多久。", "Of each round, from the buyer's line to a person's answer."),
    _term("business clock", "营业时间内", "只数店铺营业时间里的秒数，打烊时段不计。", "Counts only seconds inside the shop's opening hours."),
    _term("unanswered", "未回复", "买家说了话，客服真人一直没有回。", "The buyer wrote and no person ever answered."),
    _term("slow reception", "慢接待", "同一天里有三个以上回合超过两分钟的买家（两个数都可改）。", "Buyers with three or more rounds over two minutes on a day (both settable)."),
    _term("answer ratio", "答问比", "客服消息数除以买家消息数。", "Agent messages per buyer message."),
    _term("rule", "业绩归属", "一笔订单算在哪位客服头上的判定方法。", "How it is decided whose sale an order is."),
    _term("attributed", "客服销售额", "落实到客服名下的付款金额。", "Paid amount that an agent owns."),
    _term("silent", "静默（没问客服）", "没有落实到任何客服的付款。", "Paid amount that no agent owns: the buyer asked nobody."),
    _term("assist", "协助", "也和买家聊过、但订单不归他的客服，只并列显示，不重复计入。", "Others who also wrote to the buyer: shown beside, never added."),
    _term("assist sender", "机器人辅助回复", "机器人以客服名义发出的文字，默认不算真人回复。", "Text a robot sent under a person's name; by default no person's answer."),
    _term("reconciled", "已核平", "各客服之和加静默，等于店铺付款金额，精确到分。", "Agents plus silent equal the shop's paid amount, to the cent."),
    _term("buyer match rate", "买家匹配率", "买家编号认得出来的会话和订单的比例；编号被打码就认不出。", "Share of conversations and orders whose buyer id is known; masked ids are not."),
    _term("number passport", "口径与明细", "一个数字的规则、设置、排除项、成熟度和背后的会话订单。", "A figure's rule, settings, exclusions, maturity and the rows behind it."),
    _term("problems", "没导进来的行", "读不懂的行：在哪个文件、第几行、哪一列、为什么。", "Rows that could not be read: file, row, column and why."),
    _term("summary row", "汇总行", "表格里的汇总、均值行，不当作客服，导入时跳过并计数。", "A sheet's own totals; not agents, left out at import and counted."),
    _term("to check", "待核对", "导进来了，但文件有几种读法、请人对照聊天窗口看一眼的行。", "Rows imported under the best of several readings, for a person to look at."),
    _term("unassigned", "无人负责的询单", "没人回复、也看不出分给谁的询单。", "Enquiries nobody answered and addressed to no known account."),
    _term("after sales", "售后会话", "不久前刚付过款、又没有新单的买家来聊，不算询单。", "Talk of a buyer who paid lately and orders nothing new; no enquiry."),
    _term("off-hours question", "留言", "不在营业时间里的咨询，不算在任何人的速度里。", "A question outside opening hours; belongs to no one's speed."),
    _term("repeat purchase", "二次购买", "以前在店里付过款的买家再次付款。", "A buyer who had paid here before pays again."),
    _term("promotion", "活动", "大促或店铺活动的日期，标在图上。", "Days of a sale, marked on the charts."),
    _term("inspection", "质检", "每段聊天都读一遍，哪里做到、哪里没做到，都指出是哪句话。", "Every chat read, every point with the words it rests on."),
    _term("signal", "信号", "一句话在做什么，比如讲价、道歉、问发货。", "What a line does: bargains, apologises, asks for shipping."),
    _term("criterion", "质检项", "什么时候该做到什么；没遇到就不适用，不进分子分母。", "What should follow when; not met with, it counts on neither side."),
    _term("finding", "质检结果", "一段会话在一个质检项上的结果，附依据的那句话。", "What one conversation came to on one criterion, with the words."),
    _term("scorecard", "质检标准", "哪些质检项算分、各占多少、满分多少；按会话那天的一版算。", "Which criteria count, how much each, and the full mark; the version of the chat's day."),
    _term("inspection score", "质检得分", "适用的质检项按权重平均，折成满分的分数。", "The weighted mean of the criteria that apply, in points of the full mark."),
    _term("hint", "提醒", "可能碰了红线的话，没有人确认就不计分。", "Words that may cross a red line; not counted until a person confirms."),
    _term("verdict", "复核结果", "人对一个质检结果说的话：属实、改判或不适用；最后一条算数。", "What a person says of a finding: right, overturned, or not applicable; the last one holds."),
    _term("appeal", "申诉", "客服对自己的一项质检结果有异议；由没有判过这一项的人处理。", "An agent contests a point; somebody who did not set it decides."),
    _term("suspended", "暂停计分", "结果照样显示，但不算进得分：靠词认不准的质检项，或复核改判太多的，改好再恢复。", "Shown, and counted in no score: a criterion that is switched off, or was overturned too often, until it is edited."),
    _term("book", "账本", "人决定的事都记在这里，只增加，不修改，不删除。", "What people decided; only added to, never altered."),
    _term("mood", "买家情绪", "买家话里的催促、质疑、失望加分，道谢、满意减分；越高越可能不满，不进客服得分。", "Points from the buyer's own words: urging, doubt and disappointment add, thanks take off; high is discontented. It enters no agent's score."),
    _term("second reader", "二读", "拿不准的话再问一个模型；不设就不问。", "A model asked where the lexicon is not sure; never unless set."),
    _term("critical", "一票否决", "没做到并且有人确认了，整段会话 0 分。", "Failed and confirmed by a person, it makes the whole score 0."),
    _term("pass mark", "合格线", "得分到这里算合格。", "A score from here on passes."),
    _term("holiday", "节假日", "法定节假日，标在图上。", "Public holidays, marked on the charts."),
)}  # fmt: skip
"""词汇表 every idea by its English name with underscores."""

BY_COLUMNS = ("shop", "agent", "day", "hour", "weekday", "week", "month", "product")
FAMILIES = {
    "conversion": Words("询单转化", "Conversion"), "sales": Words("销售", "Sales"), "response": Words("响应", "Response"),
    "workload": Words("接待", "Reception"), "satisfaction": Words("满意度", "Satisfaction"), "inspection": Words("质检", "Inspection"),
    "platform": Words("平台考核", "Platforms"),
}  # fmt: skip
"""指标的类 what each family of metrics is called."""
WEEKDAYS = (Words("周一", "Mon"), Words("周二", "Tue"), Words("周三", "Wed"), Words("周四", "Thu"), Words("周五", "Fri"),
            Words("周六", "Sat"), Words("周日", "Sun"))  # fmt: skip
RULES = {
    "order": Words("下单判定", "owner at order"), "payment": Words("付款判定", "owner at payment"),
    "order_first": Words("下单优先判定", "order first, else payment"), "first": Words("首位客服判定", "first agent"),
    "by_product": Words("京东促成判定", "by product (JD)"),
}  # fmt: skip
TABLES = {
    "messages": Words("聊天消息", "messages"), "orders": Words("订单", "orders"), "refunds": Words("退款", "refunds"),
    "order_items": Words("订单明细", "order items"), "agents": Words("客服名单", "agents"), "products": Words("商品", "products"),
    "evaluations": Words("满意度评价", "evaluations"), "shifts": Words("排班", "shifts"), "promotions": Words("活动", "promotions"),
    "buyers": Words("买家资料", "buyers"), "visitors": Words("访客", "visitors"), "problems": Words("没导进来的行", "problems"),
}  # fmt: skip
"""表名 what each canonical table is called, e.g. when it is missing."""

EXCLUDED = {
    "outreach": Words("单口相声（买家没说话）", "outreach: the buyer never wrote"), "aftersales": Words("售后会话", "after-sales conversations"),
    "undecided": Words("售前售后还没定的会话", "not yet known whether after-sales"),
    "aftersales_team": Words("售后组的会话", "conversations of the after-sales team"),
    "filtered_own_account": Words("自己人账号", "own staff accounts"), "filtered_advertising": Words("广告骚扰", "advertising"),
    "filtered_single_line": Words("只有一句的会话", "conversations of one line"),
    "events_outside": Words("找不到会话的平台事件", "platform events without a conversation"),
}  # fmt: skip
"""排除项 what was left out, by the name it has in `meta.excluded`."""

SETTINGS = {
    "shop": Words("店铺代号", "shop key"), "time_zone": Words("时区", "time zone"), "day_start": Words("一天的开始时间", "start of day"),
    "preset": Words("类目预设", "trade preset"), "window": Words("主要统计期", "main window"),
    "enquiry_span": Words("询单跨度（天）", "enquiry span (days)"), "attribution_days": Words("业绩归属回看（天）", "attribution days"),
    "after_sales_days": Words("售后判断回看（天）", "after-sales days"), "conversation_gap": Words("会话断开的静默时间", "conversation gap"),
    "rule": Words("业绩归属", "attribution rule"), "assist_counts": Words("机器人辅助回复算真人", "assist counts as a person"),
    "silent_reminder_minutes": Words("催付至少等（分钟）", "reminder wait (minutes)"), "enquiry_rule": Words("询单判断方法", "enquiry rule"),
    "enquiry_agents": Words("询单算给谁", "whose enquiry"), "min_match_rate": Words("最低买家匹配率", "lowest match rate"),
    "slow_rounds": Words("慢接待：回合数", "slow: rounds"), "slow_seconds": Words("慢接待：秒数", "slow: seconds"),
    "staff_buyers": Words("自己人账号", "staff accounts"), "advertising_phrases": Words("广告词", "advertising phrases"),
    "retention_days": Words("记录保留天数", "days rows are kept"), "text_retention_days": Words("聊天内容保留天数", "days words are kept"),
    "min_agent_lines": Words("客服至少说几句", "least agent lines"), "memo_codes": Words("备忘里的客服代码", "memo codes"),
    "given": Words("人工指定归属的订单", "orders given by hand"), "hours": Words("营业时间", "opening hours"),
    "parallel_limit": Words("同时接待上限", "parallel conversations"), "contact_policy": Words("联系方式规定", "contact policy"),
    "inspection": Words("聊天质检", "inspection of chats"), "appeal_days": Words("申诉期限（天）", "days to appeal"),
    "red_line_days": Words("红线确认期限（天）", "days to confirm a red line"), "random_share": Words("随机复核的比例", "random share of reviews"),
    "second_reader": Words("二读", "second reader"), "solo": Words("一人模式", "one-person mode"),
    "profiles": Words("平台考核口径", "platform profiles"), "promotions": Words("活动", "promotions"), "holidays": Words("节假日", "holidays"),
}  # fmt: skip
"""设置名 what each shop setting is called."""

CHOICES = {
    "ordinary": Words("普通", "ordinary"), "followup": Words("跟单", "follow-up"), "high_value": Words("高客单", "high value"),
    "outcome": Words("看结果（买没买）", "by the outcome"), "owner": Words("最后接待的客服", "its owner"),
    "all": Words("说过话的每位客服", "all who wrote"), "before_order": Words("还没下单", "before an order"),
    "unpaid_order": Words("已拍下未付", "with an unpaid order"),
}  # fmt: skip
"""选项 the words for values that settings and rows choose from."""


def lang_of(choice: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """语言 the language to speak, "zh" or "en": the choice if given, else what the system says.

    LC_ALL, LC_MESSAGES, LANG are asked in this order, on Windows then the system's locale. `C` and
    `POSIX` name no language and are passed over; nothing found means Chinese, any other language
    English.
    Raises WrongUse for a choice other than zh and en.
    """
    if choice is not None:
        if choice not in LANGS:
            raise WrongUse(f"--lang 只能是 zh 或 en，收到的是 {choice!r}。", f"--lang is zh or en, not {choice!r}.")
        return choice
    named = os.environ if environ is None else environ
    found = [named.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    if environ is None and os.name == "nt":  # elsewhere Python calls the C locale "en_US"
        found.append(locale.getlocale()[0] or "")
    for name in found:
        language = name.split(".")[0].split("@")[0].strip().lower()
        if language not in ("", "c", "posix"):
            return "zh" if language.startswith(("zh", "chinese")) else "en"
    return "zh"


def window_label(window: str) -> Words:
    """统计期说法 a window in words: "到当日", "到次日", "24小时内", "7天内"."""
    if window == "same_day":
        return Words("到当日", "same day")
    if window == "next_day":
        return Words("到次日", "to next day")
    number, unit = window[:-1], window[-1:]
    if number.isdigit() and unit in "hd":
        zh, en = ("小时", "hours") if unit == "h" else ("天", "days")
        return Words(f"{number}{zh}内", f"within {number} {en}")
    return Words(window, window)
