"""告知书 notice: what a shop tells its team before it looks at their chats, as a text to change and to give out.

Source: PIPL art. 13 (1) no. 2, art. 17; 劳动合同法 art. 4. A template, and no legal advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinpai.errors import Words

if TYPE_CHECKING:
    from jinpai.workspace import Settings

BEFORE = Words(
    "这是模板，不是法律意见。用人单位定这类规章要按《劳动合同法》第四条和全体员工或员工代表讨论、公示；方括号里的要自己填，发出前请懂法律的人看一遍。",
    "A template, and no legal advice. Art. 4 of the Labour Contract Law wants such rules discussed with the staff and made public; fill in the brackets and have a lawyer read it.",
)  # fmt: skip


def notice(settings: Settings) -> Words:
    """告知书 for a shop, with its own days of keeping and of appeal."""
    days, words = settings.retention_days, settings.text_retention_days
    return Words(
        f"""客服聊天记录和绩效数据使用规则（告知书）

店铺：{settings.shop}    执行日期：[年 月 日]    负责人和联系方式：[姓名、电话]

一、为什么用。为履行劳动合同、按依法制定的规章制度管理客服工作（《个人信息保护法》第十三条第一款第二项），店铺用「金牌客服」统计工作量、响应、转化和销售，抽查服务质量，安排培训，核算绩效。不作别的用途。

二、用哪些数据。客服用工作子账号和买家的聊天、对应的订单和退款、排班。不采集手机、定位、录音录像，不采集私人账号的聊天。导出文件里的群聊不导入。{_kept_out(settings)}

三、怎么算。每个数字都能点开看口径、分子分母和背后的会话；机器质检只是线索，红线要有人确认才算数。谁的做法和同事明显不一样（如买家没要就发商品链接），会提醒主管和老板先看聊天、再问本人，不扣分也不扣钱。数量太少时不作比较。

四、谁看得到。本人看自己的数据和全店合计，看不到同事的明细；主管和老板看全店；财务只看工资。谁登录、导出、改了什么，都记在操作日志里。不公开点名最差的人。讨论某人的数据之前，先让本人看到。

五、放在哪里、留多久。数据在本店的电脑上，原始记录加密，手机号、地址、证件号、银行卡号在导入时就换成记号，不发给外部{_second(settings, "zh")}。聊天和订单{_span(days)}；聊天原文{_span(words)}。

六、你的权利。可以查看、要求更正自己的数据；对质检结果有异议，从看得到结果那天起 {settings.appeal_days} 天内申诉，由没有参与原判定的人复核；离职后停用账号。

七、规则有改动，改之前告知。

本人已阅读并了解以上内容。
签名：            日期：
""",
        f"""Rules on the use of customer-service chats and performance data (notice)

Shop: {settings.shop}    In force from: [date]    Responsible, and how to reach: [name, telephone]

1. Why. To perform the labour contract and manage the work under rules made according to law (PIPL art. 13 (1) no. 2), the shop uses Jinpai to count workload, responses, conversion and sales, to inspect service, to train, and to reckon performance pay. For nothing else.

2. Which data. Chats of work sub-accounts with buyers, the orders and refunds that belong to them, shifts. No telephones, places, recordings, and no private accounts. Group chats in exported files are not imported.{" " + _kept_out_en(settings)}

3. How. Each figure opens its definition, its parts and the conversations behind it. What the program finds in chats is a hint; a red line counts once a person has confirmed it. What clearly differs from colleagues (say product links that nobody asked for) is shown to supervisor and owner, who read the chats and ask first; it takes neither points nor money. Where there are too few nothing is compared.

4. Who sees it. You see your own data and the shop's totals, and no colleague's; supervisor and owner see the shop; the accountant sees pay. Who signed in, exported or changed stands in a log. Nobody is listed in public as the worst. You see your data before they are discussed.

5. Where, and for how long. On the shop's own computer, encrypted; telephone, address, ID and bank numbers become tokens at import; nothing is sent outside{_second(settings, "en")}. Chats and orders are kept {_span_en(days)}, the words of chats {_span_en(words)}.

6. Your rights. To see and correct your data; to appeal against a finding within {settings.appeal_days} days of seeing it, decided by somebody who had no part in it; your account is closed when you leave.

7. You are told before these rules change.

Read and understood.
Signature:            Date:
""",
    )


def _span(days: int) -> str:
    return f"保留 {days} 天" if days else "保留 [填天数；现在的设置是一直留]"


def _span_en(days: int) -> str:
    return f"for {days} days" if days else "for [days; the setting is for ever]"


def _kept_out(settings: Settings) -> str:
    many = len(settings.staff_buyers)
    if many:
        return f"店里人自己的 {many} 个买家账号登记过，不算询单。"
    return "[店里人用自己的账号来聊过的，请先登记在「口径」的自己人账号里]"


def _kept_out_en(settings: Settings) -> str:
    many = len(settings.staff_buyers)
    return (
        f"{many} buyer accounts of our own people make no enquiry."
        if many
        else "[Enter accounts of your own people under Rules first.]"
    )


def _second(settings: Settings, lang: str) -> str:
    if settings.second_reader is None:
        return ""
    return Words(
        "（二读例外：拿不准的句子打码后发给 [模型服务]）", " (but doubtful sentences, masked, to [the model])"
    ).to(lang)
