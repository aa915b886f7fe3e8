-- inspection
-- 质检结果 finding: one row for each conversation and criterion of its scorecard that applies to it: the result in
-- thousandths, whose it is, and the message and characters that it rests on (null: the message as a whole). Of several
-- occasions the worst counts, of several checks their mean; a hint is there only where it was hit. `weight` is the
-- scorecard's; `counts`: it enters the score, as far as nobody says otherwise (`settled`). Source: the inspection contract, §1.
with stated as (
    -- of several statements in one message the first of the worst; the other tables have one row an occasion
    select *, row_number() over (partition by criterion, number, buyer_key, conversation_seq, occasion
            order by result, seq, begins, ends, agent) as place
    from compared
), every_one as (
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from judged
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from timed
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from stated where place = 1
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from around
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from reminded
    union all
    select criterion, number, buyer_key, conversation_seq, occasion, result, agent, seq, begins, ends from warmed
), ranked as (
    -- the least number is the worst result, of those the first occasion; `words` is begin × 2^31 + end, -1 without
    select
        criterion, number, buyer_key, conversation_seq, result * 1099511627776 + occasion as place, coalesce(agent, '') as agent,
        coalesce(seq, -1) as seq, coalesce(begins * 2147483648 + ends, -1) as words
    from every_one
), worst as (
    select
        criterion, number, buyer_key, conversation_seq, min(place) // 1099511627776 as result, arg_min(agent, place) as agent,
        arg_min(seq, place) as seq, arg_min(words, place) as words
    from ranked
    group by criterion, number, buyer_key, conversation_seq
), several as (
    select criterion from criterion_check group by criterion having count(*) > 1
), added as (
    select criterion, buyer_key, conversation_seq, result, agent, seq, words
    from worst
    where criterion not in (select criterion from several)
    union all
    select
        criterion, buyer_key, conversation_seq, cast(coalesce(sum(result), 0) as bigint) // count(*) as result,
        arg_min(agent, result * 1024 + number) as agent, arg_min(seq, result * 1024 + number) as seq,
        arg_min(words, result * 1024 + number) as words
    from worst
    where criterion in (select criterion from several)
    group by criterion, buyer_key, conversation_seq
)
select
    k.shop, a.buyer_key, a.conversation_seq, k.conversation_key, k.day, k.hour, k.product,
    case when a.agent <> '' then a.agent else k.last_agent end as agent, a.criterion, a.result,
    case when a.seq >= 0 then a.seq end as seq, case when a.words >= 0 then a.words // 2147483648 end as begins,
    case when a.words >= 0 then a.words % 2147483648 end as ends, k.card, w.weight, c.is_hint, w.is_critical,
    c.counts and w.weight > 0 as counts
from added as a
inner join criterion as c on c.criterion = a.criterion
inner join conversation_card as k on k.buyer_key = a.buyer_key and k.conversation_seq = a.conversation_seq
inner join scorecard_weight as w on w.card = k.card and w.criterion = a.criterion
where not c.is_hint or a.result < 1000
