-- whole
-- 退款记录 refund_row: every refund once; of two versions the one with a refund instant, then the smaller digest.
with version as (
    select *, row_number() over (
            partition by refund_id
            order by case when refunded_at is not null then 0 else 1 end, amount desc, file_key, position) as version
    from source_refunds
    where coalesce(least(applied_at, refunded_at), 0) <= $as_of
)
select shop, refund_id, order_key, order_id, sub_order_id, amount, applied_at,
    case when refunded_at <= $as_of then refunded_at end as refunded_at, reason, status
from version
where version = 1
