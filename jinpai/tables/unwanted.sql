-- 过滤的消息 unwanted: messages of our own accounts and of advertisers, by the shop's settings.
with own as (
    select distinct s.buyer_key from source_messages as s inner join staff_buyer as b on b.buyer = s.buyer
), advertising as (
    select distinct s.file_key, s.position
    from source_messages as s
    inner join advertising_phrase as a on strpos(s.text, a.phrase) > 0
    where s.sender = 'buyer'
)
select m.buyer_key, m.seq, true as own_account, false as advertising
from message as m where m.buyer_key in (select buyer_key from own)
union all
select m.buyer_key, m.seq, false, true
from message as m inner join advertising as a on a.file_key = m.file_key and a.position = m.position
