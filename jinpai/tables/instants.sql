-- whole
-- 数据的起止 instants: the first and the last instant of anything in the shop's files, and when the last message was sent.
with said as (select min(sent_at) as first_at, max(sent_at) as last_at from source_messages)
select min(moment_at) as first_at, max(moment_at) as last_at, max(sent_at) as last_sent_at from (
    select first_at as moment_at, last_at as sent_at from said union all select last_at, last_at from said
    union all select min(created_at), null from source_orders union all select max(created_at), null from source_orders
    union all select min(paid_at), null from source_orders union all select max(paid_at), null from source_orders
    union all select max(refunded_at), null from source_orders
    union all select min(refunded_at), null from source_refunds union all select max(refunded_at), null from source_refunds
    union all select min(coalesce(sent_at, evaluated_at)), null from source_evaluations
    union all select max(coalesce(sent_at, evaluated_at)), null from source_evaluations
)
