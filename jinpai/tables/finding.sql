-- inspection
-- 质检结果 finding: one row for each conversation and criterion that applies to it: the result in thousandths, whose it
-- is, and the message and characters that it rests on (null: the message as a whole). Of several occasions the worst
-- counts, of several checks their mean; a hint is there only where it was hit. Source: the inspection contract, §1.
with every_one as (
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from judged
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from timed
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from compared
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from around
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from reminded
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from warmed
), worst as (
    select
        criterion, number, buyer_key, conversation_seq, result, agent, seq, begins, ends,
        row_number() over (partition by criterion, number, buyer_key, conversation_seq order by result, occasion) as place
    from every_one
), ranked as (
    select *, row_number() over (partition by criterion, buyer_key, conversation_seq order by result, number) as rank_
    from worst
    where place = 1
), added as (
    select criterion, buyer_key, conversation_seq, cast(coalesce(sum(result), 0) as bigint) // count(*) as result
    from ranked
    group by criterion, buyer_key, conversation_seq
)
select
    s.shop, a.buyer_key, a.conversation_seq, s.conversation_key, s.day, coalesce(r.agent, s.last_agent) as agent, a.criterion, a.result,
    r.seq, r.begins, r.ends
from added as a
inner join ranked as r on r.criterion = a.criterion and r.buyer_key = a.buyer_key and r.conversation_seq = a.conversation_seq
    and r.rank_ = 1
inner join criterion as c on c.criterion = a.criterion
inner join span as s on s.buyer_key = a.buyer_key and s.conversation_seq = a.conversation_seq
where not c.is_hint or a.result < 1000
