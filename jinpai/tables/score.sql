-- inspection
-- 质检得分 score: one row for each conversation and agent with a finding that counts: the score in thousandths of the
-- full mark, that is the weighted mean of the results as people left them. A red line that a person confirmed makes the
-- whole score 0 where it is critical. Source: the inspection contract, §1 and §2.
select
    f.shop, f.buyer_key, f.conversation_seq, f.conversation_key, f.day, f.agent,
    case when max(case when c.is_critical and f.result = 0 then 1 else 0 end) = 1 then 0
        else cast(coalesce(sum(c.weight * f.result), 0) as bigint) // greatest(cast(coalesce(sum(c.weight), 0) as bigint), 1) end as score,
    cast(coalesce(sum(c.weight), 0) as bigint) as weight, count(*) as findings
from settled as f
inner join criterion as c on c.criterion = f.criterion
where f.counts and (c.weight > 0 or c.is_critical)
group by f.shop, f.buyer_key, f.conversation_seq, f.conversation_key, f.day, f.agent
