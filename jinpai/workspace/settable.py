"""可设置项 settable: every setting of a shop once: its file, its check, its default, its Chinese comment."""

from __future__ import annotations

from dataclasses import dataclass

from jinpai.workspace.checks import Check, choice, clock, country, duration, flag, share, texts, whole, window, zone
from jinpai.workspace.contact import read_contact_policy
from jinpai.workspace.hours import read_hours
from jinpai.workspace.profiles import DEFAULT_PROFILES, read_given, read_memo_codes, read_profiles, read_promotions
from jinpai.workspace.second_reading import read_second_reader

PRESETS: dict[str, dict[str, object]] = {
    "ordinary": {"window": "next_day", "enquiry_span": 1, "attribution_days": 2, "after_sales_days": 21},
    "followup": {"window": "7d", "enquiry_span": 7, "attribution_days": 7, "after_sales_days": 21},
    "high_value": {"window": "30d", "enquiry_span": 15, "attribution_days": 15, "after_sales_days": 60},
}
"""类目预设 what each trade preset sets. Source: the metrics contract, §1a."""

FILES = {
    "shop.toml": "店铺：时区、类目预设、活动",
    "hours.toml": "营业时间",
    "rules.toml": "口径：会话、询单、业绩归属、慢接待",
    "profiles.toml": "平台口径：各平台怎样算响应",
}
"""Every file of a shop's settings and what it is about."""


@dataclass(frozen=True, slots=True)
class Setting:
    """设置 one setting: `default` is in the form of the file; None means the preset's, or nothing."""

    name: str
    file: str
    check: Check
    default: object
    zh: str
    example: str = ""


_TALK = choice("outcome", "talk")
_COMES_FROM_PRESET = "不写就用类目预设的"

SETTINGS: dict[str, Setting] = {
    one.name: one
    for one in (
        Setting("time_zone", "shop.toml", zone(), "Asia/Shanghai", "时区"),
        Setting("day_start", "shop.toml", Check(clock), "00:00", "一天从几点开始算"),
        Setting("preset", "shop.toml", choice(*PRESETS), "ordinary",
                "类目预设：ordinary 普通、followup 跟单、high_value 高客单"),
        Setting("window", "shop.toml", window(), None,
                f"主统计期：same_day 当日、next_day 到次日、<N>h 小时、<N>d 天；{_COMES_FROM_PRESET}", '"next_day"'),
        Setting("enquiry_span", "shop.toml", whole(1, 365), None,
                f"几天内的再次咨询并作一次询单；{_COMES_FROM_PRESET}", "1"),
        Setting("attribution_days", "shop.toml", whole(1, 365), None,
                f"聊过之后几天内的订单算客服的；{_COMES_FROM_PRESET}", "2"),
        Setting("after_sales_days", "shop.toml", whole(0, 365), None,
                f"付款后几天内的咨询先看作售后；{_COMES_FROM_PRESET}", "21"),
        Setting("holidays", "shop.toml", country(), "CN", '用哪国的法定节假日；不用写 "none"'),
        Setting("promotions", "shop.toml", Check(read_promotions, None), [], "活动：first 和 last 两天都算在内",
                '[[promotions]]\nname = "双11"\nfirst = 2025-10-20\nlast = 2025-11-11'),
        Setting("retention_days", "shop.toml", whole(0, 36_500), 0,
                "聊天和订单保留多少天，0 是一直留；到期的由 jinpai erase --expired 删，那些天的数字也就没有了"),
        Setting("text_retention_days", "shop.toml", whole(0, 36_500), 0,
                "聊天原文和备注保留多少天，0 是一直留；到期的由 jinpai erase --expired 抹去文字，数字不变"),
        Setting("solo", "shop.toml", flag(), False, "一人模式：工作台看会话和待办，不看比率和比较；不改变任何数"),
        Setting("hours", "hours.toml", Check(read_hours, None), {},
                "营业时间。不设置时，按营业时间算的响应（_business）都空着。\n"
                'every_day 是没有单独写出的每一天；"20:00-02:00" 到次日凌晨；休息写 []。',
                '[weekly]\nevery_day = ["09:00-23:00"]\nsunday = ["10:00-18:00"]\n\n'
                '[exceptions]\n"2025-01-28..2025-02-03" = []\n"2025-11-11" = ["00:00-24:00"]'),
        Setting("conversation_gap", "rules.toml", duration(), "30m", "隔多久没有消息就算新的会话"),
        Setting("assist_counts", "rules.toml", flag(), False, "机器人辅助回复算不算人工回复"),
        Setting("enquiry_rule", "rules.toml", _TALK, "outcome", "怎样分辨售前售后：outcome 看买没买过"),
        Setting("enquiry_agents", "rules.toml", choice("owner", "all"), "owner",
                "询单算给谁：owner 最后接待的一人、all 说过话的每个人"),
        Setting("rule", "rules.toml", choice("order", "payment", "order_first", "first", "by_product"), "order_first",
                "业绩归属：order 下单判定、payment 付款判定、order_first 下单优先判定、first 最先接待、by_product 按商品"),
        Setting("silent_reminder_minutes", "rules.toml", whole(0, 10_080), 30,
                "静默单下单多少分钟以后催付才算客服的"),
        Setting("min_match_rate", "rules.toml", share(), 0.9, "买家匹配率低于多少就不给客服排名"),
        Setting("slow_rounds", "rules.toml", whole(1, 1_000), 3, "慢接待：一天里至少有几个慢回合"),
        Setting("slow_seconds", "rules.toml", whole(1, 86_400), 120, "慢回合：超过多少秒"),
        Setting("min_agent_lines", "rules.toml", whole(0, 1_000), 0,
                "买家只说一句、客服不满几句的会话不算询单；0 是不过滤"),
        Setting("staff_buyers", "rules.toml", texts(), [], "自家人的买家账号，不算询单", '["店长本人"]'),
        Setting("advertising_phrases", "rules.toml", texts(), [], "买家的话里有这些字就是广告，不算询单",
                '["刷单", "代运营"]'),
        Setting("memo_codes", "rules.toml", Check(read_memo_codes, None), {}, "商家备忘里的代码归哪个客服子账号",
                '[memo_codes]\nXM = "旗舰店:小美"'),
        Setting("given", "rules.toml", Check(read_given, None), [], "人工指定的订单归属",
                '[[given]]\norder_id = "1234567890"\nagent = "旗舰店:小美"\nby = "王主管"\nreason = "电话成交"'),
        Setting("inspection", "rules.toml", flag(), False,
                "聊天质检：每次建事实都读一遍聊天，慢一些；false 是不做"),
        Setting("appeal_days", "rules.toml", whole(0, 365), 7, "客服几天之内可以申诉，从看得到结果那天算起"),
        Setting("red_line_days", "rules.toml", whole(1, 3_650), 30, "红线提醒几天没有人确认就作废，从看得到那天算起"),
        Setting("random_share", "rules.toml", share(), 0.3, "每次抽复核，至少多少是随机抽的；只有随机抽的才能说准不准"),
        Setting("second_reader", "rules.toml", Check(read_second_reader, None), {},
                "二读：词库拿不准的话再问一个模型；不写就不问。发出去之前手机、地址、号码、昵称都换掉。\n"
                "写 url 和 model 用一个 OpenAI 兼容的接口，密钥放在环境变量 JINPAI_READER_KEY 或 key_file；写 folder 用本机的向量模型。",
                '[second_reader]\nurl = "https://api.example.com/v1"\nmodel = "模型名"\nkey_file = "~/reader.key"\n'
                "calls_a_day = 500\nyuan_a_month = 20\nyuan_per_million_tokens = 2"),
        Setting("parallel_limit", "rules.toml", whole(0, 1_000), 10,
                "质检：客服同时接待超过几个会话时，首次响应和冷场不检查；0 是一律检查"),
        Setting("contact_policy", "rules.toml", Check(read_contact_policy, None), {},
                "联系方式规定：平台好友、会员、粉丝群一直可以。\n"
                "wechat：never 不许加微信，allowed 店主书面同意（写明 allowed_by 谁、allowed_on 哪天起）；\n"
                "phone：measuring_and_delivery 只为量尺寸和送货要电话，always 都可以。",
                '[contact_policy]\nwechat = "allowed"\nallowed_by = "店主王先生"\nallowed_on = 2025-11-01\n'
                'phone = "measuring_and_delivery"'),
        Setting("profiles", "profiles.toml", Check(read_profiles, None), DEFAULT_PROFILES,
                "每段是一个平台从 since 那天起的口径；规则变了就加一段新的，旧的留着。\n"
                "unit：round 按回合、conversation 按会话；automatic：自动回复结束的回合 left_out 不算、counts 算；\n"
                "unanswered：没回的 cap 按封顶秒数、late 按超时、left_out 不算；target 是考核线，可以不写。"),
    )
}  # fmt: skip
"""Every setting by name, in the order of the files."""
