-- whole
-- 满意度评价 evaluation: each invitation or rating once, on the day it was sent (rated, where it was not sent).
-- An invitation that an older export shows without its rating is the same invitation.
with known as (
    select shop, buyer_key, agent, origin, sent_at, coalesce(sent_at, evaluated_at) as happened_at,
        case when evaluated_at <= $as_of then level end as level,
        case when evaluated_at <= $as_of then evaluated_at end as evaluated_at,
        imported_at, file_key, position
    from source_evaluations
    where coalesce(sent_at, evaluated_at) <= $as_of
), once as (
    select *,
        row_number() over (
            partition by buyer_key, agent, sent_at, evaluated_at order by imported_at desc, file_key, position) as version,
        max(evaluated_at) over (partition by buyer_key, agent, sent_at) as rated_at
    from known
)
select e.shop, e.buyer_key, e.agent, e.origin, e.sent_at, s.day, s.hour, 'unknown' as product, e.level, e.evaluated_at
from once as e
inner join slot as s on s.slot = e.happened_at // 300000
where e.version = 1 and (e.evaluated_at is not null or e.rated_at is null)
