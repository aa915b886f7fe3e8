-- inspection
-- 质检得分 score: one row for each conversation (scope shop), and one for each agent with a finding in it (scope agent): the
-- score in thousandths of the full mark, that is the weighted mean of the results that count; null where none does.
-- A critical criterion that failed and was confirmed makes it 0. `hints` counts the hits that nobody has confirmed;
-- `passed`: the score reaches the pass mark. `scorecard` and `version` made it. Source: the inspection contract, §1.
with by_agent as (
    select
        f.buyer_key, f.conversation_seq, f.agent,
        cast(coalesce(sum(case when f.counts then f.weight * f.result else 0 end), 0) as bigint) as points,
        cast(coalesce(sum(case when f.counts then f.weight else 0 end), 0) as bigint) as weight,
        cast(coalesce(sum(case when f.counts then 1 else 0 end), 0) as bigint) as findings,
        cast(coalesce(sum(case when f.is_hint and not f.is_confirmed then 1 else 0 end), 0) as bigint) as hints,
        max(case when f.is_critical and f.is_confirmed and f.result < 1000 then 1 else 0 end) as failed
    from settled as f
    group by f.buyer_key, f.conversation_seq, f.agent
), every_one as (
    select 'agent' as scope, buyer_key, conversation_seq, agent, points, weight, findings, hints, failed from by_agent
    union all
    select
        'shop', buyer_key, conversation_seq, cast(null as varchar), cast(sum(points) as bigint), cast(sum(weight) as bigint),
        cast(sum(findings) as bigint), cast(sum(hints) as bigint), max(failed)
    from by_agent
    group by buyer_key, conversation_seq
), marked as (
    select *, case when failed = 1 then 0 when weight = 0 then null else points // greatest(weight, 1) end as score
    from every_one
)
select
    m.scope, k.shop, k.buyer_key, k.conversation_seq, k.conversation_key, k.day, k.hour, k.product, m.agent,
    cast(m.score as bigint) as score, m.weight, m.findings, m.hints, m.score * k.full_mark >= k.pass_mark * 1000 as passed,
    k.scorecard, k.version, k.full_mark, k.pass_mark
from marked as m
inner join conversation_card as k on k.buyer_key = m.buyer_key and k.conversation_seq = m.conversation_seq
