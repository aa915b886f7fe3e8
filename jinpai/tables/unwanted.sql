-- 过滤的消息 unwanted: messages of our own accounts and of advertisers, by the shop's settings.
select m.buyer_key, m.seq, b.buyer is not null as own_account, p.advertising is not null as advertising
from message as m
left join staff_buyer as b on b.buyer = m.buyer
left join (
    select distinct w.message_key, true as advertising
    from message as w
    inner join advertising_phrase as a on strpos(w.text, a.phrase) > 0
    where w.sender = 'buyer'
) as p on p.message_key = m.message_key
where b.buyer is not null or p.advertising is not null
