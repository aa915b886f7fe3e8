-- inspection
-- 买家情绪 mood: one row for each conversation in which a buyer's message moves the points of discontent: their sum over
-- its messages (high: discontented, negative: content), and the words that say most of it. Each signal counts once a
-- message. Points are those of criteria/mood.toml and the shop's own. Offsets as in tag. Source: the project's own.
with heard as (
    select t.shop, t.buyer_key, t.conversation_seq, t.seq, t.signal, p.points, min(t.begins) as begins, min(t.ends) as ends
    from tag as t
    inner join mood_point as p on p.signal = t.signal
    where t.side = 'buyer'
    group by t.shop, t.buyer_key, t.conversation_seq, t.seq, t.signal, p.points
), ranked as (
    select *, row_number() over (partition by buyer_key, conversation_seq order by points desc, seq, begins, ends, signal) as place
    from heard
), added as (
    select buyer_key, conversation_seq, cast(coalesce(sum(points), 0) as bigint) as points
    from heard
    group by buyer_key, conversation_seq
)
select r.shop, r.buyer_key, r.conversation_seq, s.conversation_key, s.day, s.last_agent as agent, a.points, r.seq, r.begins, r.ends
from ranked as r
inner join added as a on a.buyer_key = r.buyer_key and a.conversation_seq = r.conversation_seq
inner join span as s on s.buyer_key = r.buyer_key and s.conversation_seq = r.conversation_seq
where r.place = 1
