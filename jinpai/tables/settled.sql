-- inspection
-- 复核后的结果 settled: the findings as people left them. An overturned one has the other result, one that does not apply
-- (or a hint that was none) is gone. `counts` says what enters a score: a hint only once a person confirmed it, a
-- suspended criterion not at all; `is_confirmed`: a person said what it is. A verdict holds for the finding that it judged:
-- same result, same words. Sorted by buyer, since a page looks for those of one. Source: the inspection contract, §2 and §3.
with judged_by_people as (
    select f.buyer_key, f.conversation_seq, f.criterion, v.outcome, v.right_result
    from finding as f
    inner join verdict as v on v.conversation_key = f.conversation_key and v.criterion = f.criterion and v.result = f.result
        and coalesce(v.begins, -1) = coalesce(f.begins, -1) and coalesce(v.ends, -1) = coalesce(f.ends, -1)
    left join message as m on m.buyer_key = f.buyer_key and m.seq = f.seq
    where coalesce(v.message_key, -1) = coalesce(m.message_key, -1)
)
select
    f.shop, f.buyer_key, f.conversation_seq, f.conversation_key, f.day, f.hour, f.product, f.agent, f.criterion,
    case when p.outcome = 'overturn' then p.right_result else f.result end as result, f.seq, f.begins, f.ends, f.card, f.weight, f.is_hint,
    f.is_critical, p.outcome as verdict, p.outcome is not null as is_confirmed,
    case when f.is_hint then coalesce(p.outcome, '') = 'agree' and f.weight > 0 else f.counts and s.criterion is null end as counts
from finding as f
left join judged_by_people as p on p.buyer_key = f.buyer_key and p.conversation_seq = f.conversation_seq and p.criterion = f.criterion
left join suspended as s on s.criterion = f.criterion
where p.outcome is null or p.outcome = 'agree' or (p.outcome = 'overturn' and not f.is_hint)
order by f.buyer_key
