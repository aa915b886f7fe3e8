-- inspection
-- 前后判定 around: every occasion of a check that looks at a whole talk and not only at what follows. "before": what is
-- expected must come before the occasion, or the occasion never come (what a buyer says before anybody answered is none); "anywhere": it may come anywhere in the talk;
-- "on_topic": a question of one topic is answered with words of that topic, not of another alone.
-- `without` are the buyer's words that make it not applicable: of "before" only what was said before. Source: the inspection contract, §2.
with heard as (
    select s.buyer_key, s.conversation_seq, max(e.turn) as turns, min(e.replied_seq) as first_replied, max(case when k.promotion is not null then 1 else 0 end) as is_promoted
    from span as s
    inner join exchange as e on e.buyer_key = s.buyer_key and e.conversation_seq = s.conversation_seq
    left join calendar as k on k.day = s.day
    where s.buyer_messages > 0 and s.agent_messages > 0
    group by s.buyer_key, s.conversation_seq
), marked as (
    select
        c.criterion, c.number, c.measure, p.part, t.buyer_key, t.conversation_seq, t.turn, t.seq, t.begins, t.ends, t.side, t.agent, t.signal
    from criterion_check as c
    inner join criterion_signal as p on p.criterion = c.criterion and p.number = c.number
    inner join tag as t on t.signal = p.signal
    inner join heard as h on h.buyer_key = t.buyer_key and h.conversation_seq = t.conversation_seq
    where c.measure in ('before', 'anywhere', 'on_topic') and h.turns >= c.from_turns and (not c.on_promotion or h.is_promoted = 1)
        and t.side = case when p.part = 'when' and c.measure <> 'on_topic' then c.side when p.part in ('when', 'without') then 'buyer' else 'agent' end
), placed as (
    select *, row_number() over (partition by criterion, number, buyer_key, conversation_seq, part order by seq, begins, ends, signal) as place
    from marked
    where measure <> 'on_topic'
), first_of as (
    select * from placed where place = 1
), talk as (
    select distinct criterion, number, measure, buyer_key, conversation_seq
    from first_of
    where part = 'when' or (part = 'expect' and measure = 'before')
), looked as (
    select
        t.criterion, t.number, t.measure, t.buyer_key, t.conversation_seq,
        case when x.seq is not null and (t.measure = 'anywhere' or w.seq is null or x.seq < w.seq) then 1000 else 0 end as result,
        o.seq is not null and (t.measure = 'anywhere' or w.seq is null or o.seq <= w.seq) as is_told,
        w.seq is not null and w.side = 'buyer' and w.seq < h.first_replied as had_no_chance,
        w.seq as when_seq, w.begins as when_begins, w.ends as when_ends, case when w.side = 'agent' then w.agent end as when_agent,
        x.seq as seq, x.begins as begins, x.ends as ends, x.agent as agent
    from talk as t
    inner join heard as h on h.buyer_key = t.buyer_key and h.conversation_seq = t.conversation_seq
    left join first_of as w on w.criterion = t.criterion and w.number = t.number and w.buyer_key = t.buyer_key
        and w.conversation_seq = t.conversation_seq and w.part = 'when'
    left join first_of as x on x.criterion = t.criterion and x.number = t.number and x.buyer_key = t.buyer_key
        and x.conversation_seq = t.conversation_seq and x.part = 'expect'
    left join first_of as o on o.criterion = t.criterion and o.number = t.number and o.buyer_key = t.buyer_key
        and o.conversation_seq = t.conversation_seq and o.part = 'without'
), spoken as (
    select s.criterion, c.number, t.buyer_key, t.conversation_seq, t.turn, t.seq, t.begins, t.ends, t.agent, t.signal
    from tag as t
    inner join criterion_signal as s on s.signal = t.signal and s.part in ('when', 'expect')
    inner join criterion_check as c on c.criterion = s.criterion and c.number = s.number and c.measure = 'on_topic'
    where t.side = 'agent'
), asked_about as (
    select
        criterion, number, buyer_key, conversation_seq, turn, seq,
        row_number() over (partition by criterion, number, buyer_key, conversation_seq, turn order by seq, begins, ends, signal) as place
    from marked
    where measure = 'on_topic' and part = 'when'
), answered_with as (
    select
        a.criterion, a.number, a.buyer_key, a.conversation_seq, a.seq as occasion, case when s.number = a.number then 1000 else 0 end as result,
        s.agent, s.seq, s.begins, s.ends,
        row_number() over (partition by a.criterion, a.number, a.buyer_key, a.conversation_seq, a.turn
            order by case when s.number = a.number then 0 else 1 end, s.seq, s.begins, s.ends, s.signal) as place
    from asked_about as a
    inner join spoken as s on s.criterion = a.criterion and s.buyer_key = a.buyer_key and s.conversation_seq = a.conversation_seq
        and s.turn = a.turn and s.seq > a.seq
    where a.place = 1 and not exists (
        select 1 from marked as u
        where u.part = 'unless' and u.criterion = a.criterion and u.number = a.number and u.buyer_key = a.buyer_key
            and u.conversation_seq = a.conversation_seq and u.turn = a.turn)
), every_one as (
    select
        criterion, number, buyer_key, conversation_seq, coalesce(when_seq, seq) as occasion, result,
        case when result = 1000 then agent else when_agent end as agent, case when result = 1000 then seq else when_seq end as seq,
        case when result = 1000 then begins else when_begins end as begins, case when result = 1000 then ends else when_ends end as ends
    from looked
    where (measure = 'anywhere' and not is_told) or (measure = 'before' and (result = 1000 or not (is_told or had_no_chance)))
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from answered_with where place = 1
)
select criterion, number, buyer_key, conversation_seq, occasion, cast(result as bigint) as result, agent, seq, begins, ends
from every_one
