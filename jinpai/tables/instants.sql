-- whole
-- 数据的起止 instants: the first and the last instant of anything in the shop's files.
select min(moment_at) as first_at, max(moment_at) as last_at from (
    select min(sent_at) as moment_at from source_messages union all select max(sent_at) from source_messages
    union all select min(created_at) from source_orders union all select max(created_at) from source_orders
    union all select min(paid_at) from source_orders union all select max(paid_at) from source_orders
    union all select max(refunded_at) from source_orders
    union all select min(refunded_at) from source_refunds union all select max(refunded_at) from source_refunds
    union all select min(coalesce(sent_at, evaluated_at)) from source_evaluations
    union all select max(coalesce(sent_at, evaluated_at)) from source_evaluations
)
