"""What the five source articles call wrong and right is seen as that."""

from __future__ import annotations

import pyarrow as pa
import pytest

from jinpai.text.matching import matcher
from jinpai.text.signals import read_lexicon

pytestmark = pytest.mark.xdist_group("lexicons")
SEEDS = [
    ("buyer", "你们的东西质量真的太差了,和介绍来的差那么多,我要退款,这么差的东西还敢卖给别人,缺不缺德?", {"complaint", "refund_request"}, set()),
    ("agent", "那请你退款好了。", {"sends_to_refund"}, {"apology", "remedy"}),
    ("agent", "我们产品质量一直很好的,怎么可能很差呢?请问是哪方面的质量问题?", {"shifts_blame", "argues"}, {"apology"}),
    ("agent", "哦,那可能是物流公司在运输过程中弄坏的。", {"shifts_blame"}, {"apology", "remedy"}),
    ("agent", "親您好,請稍安勿躁,我們給您發的貨存在一些什麼樣的質量問題呢?如果有質量問題,我們是可以幫您換貨(退款)的。",
     {"soothing", "remedy", "polite_address"}, {"sends_to_refund", "shifts_blame"}),
    ("agent", "亲,非常抱歉我们的商品给您带来的困扰,现在我来处理一下您的问题,请您先将您的订单号告诉我好吗?",
     {"apology", "asks_order_number"}, {"shifts_blame", "sends_to_refund"}),
    ("agent", "非常抱歉亲,可能是我们的疏忽,没有认真检查货再发给您,您看这样好不好,如果…那么我们一定承担责任。",
     {"apology", "remedy"}, {"shifts_blame"}),
    ("agent", "可以支付的,您自己多试下", {"impatience"}, {"step_by_step"}),
    ("agent", "亲,满199可以减20哦", {"conditional_concession", "promotion_told"}, {"flat_refusal", "unconditional_concession"}),
    ("agent", "一分钱一分货,我们是八年老店,您可以看下评价,质量有保证", {"best_price_held", "value_shop_age", "value_reviews", "value_quality"}, {"runs_other_down"}),
    ("agent", "喜欢的话请拍下付款吧", {"asks_order"}, {"payment_reminder"}),
    ("agent", "我自己就是穿这个鞋子的,增高效果非常明显", {"personal_story"}, set()),
    ("agent", "可以先用小包装的试用装,宝宝喝着没有问题再打开正品,否则退回来全额退款", {"risk_taken_off"}, {"sends_to_refund"}),
    ("agent", "此床不仅价格优惠,而且绝对不含有害物质,让您买的省心,用的放心哦", {"benefit"}, set()),
    ("agent", "您可以收藏一下小店,这样有新款第一时间通知您", {"invites_follow", "next_contact"}, {"impatience"}),
    ("buyer", "为什么你们的价格这么贵", {"expensive", "price"}, {"bargain"}),
    ("buyer", "不便宜就不买了", {"walks_away"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "text", "there", "not_there"), SEEDS, ids=[one[1] for one in SEEDS])
def test_seeds(sender: str, text: str, there: set[str], not_there: set[str]) -> None:
    found = set(matcher(read_lexicon()).match(pa.array([text]), pa.array([sender]))["signal"].to_pylist())
    assert there <= found, f"lacks {there - found}"
    assert not found & not_there
