-- 转出的人 giver: who gave a conversation away at each transfer: the sub-account that the event names,
-- else the holder known before it; null where neither is known. A robot gives nothing away, and
-- giving to oneself is no transfer.
with found as (
    select h.shop, h.buyer_key, h.conversation_seq, h.seq, h.sent_at, h.given_to,
        coalesce(h.given_by, arg_max(k.given_to, k.seq) filter (where k.holds and k.given_to is not null)) as agent
    from hold as h
    left join hold as k on k.buyer_key = h.buyer_key and k.conversation_seq = h.conversation_seq and k.seq < h.seq
    where h.event = 'transferred' and not h.by_robot
    group by h.shop, h.buyer_key, h.conversation_seq, h.seq, h.sent_at, h.given_to, h.given_by
)
select * from found where coalesce(agent <> given_to, true)
