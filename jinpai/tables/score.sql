-- inspection
-- 质检得分 score: one row for each conversation and agent with a finding that counts: the score in thousandths of the
-- full mark, that is the weighted mean of the results. Hints and suspended criteria stay out until a person confirms
-- them. Source: the inspection contract, §1.
select
    f.shop, f.buyer_key, f.conversation_seq, f.conversation_key, f.day, f.agent,
    cast(coalesce(sum(c.weight * f.result), 0) as bigint) // cast(sum(c.weight) as bigint) as score,
    cast(sum(c.weight) as bigint) as weight, count(*) as findings
from finding as f
inner join criterion as c on c.criterion = f.criterion and c.counts and c.weight > 0
group by f.shop, f.buyer_key, f.conversation_seq, f.conversation_key, f.day, f.agent
