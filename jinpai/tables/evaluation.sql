-- whole
-- 满意度评价 evaluation: each invitation or rating once, on the day it was sent (rated, where it was not sent).
with once as (
    select *, row_number() over (
            partition by buyer_key, agent, sent_at, evaluated_at order by file_key, position) as version
    from source_evaluations
    where coalesce(sent_at, evaluated_at) <= $as_of
)
select
    e.shop, e.buyer_key, e.agent, e.origin, e.sent_at, s.day, s.hour, 'unknown' as product,
    case when e.evaluated_at <= $as_of then e.level end as level,
    case when e.evaluated_at <= $as_of then e.evaluated_at end as evaluated_at
from once as e
inner join slot as s on s.slot = coalesce(e.sent_at, e.evaluated_at) // 300000
where e.version = 1
