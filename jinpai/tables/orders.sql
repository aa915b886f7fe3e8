-- whole
-- 订单 orders: every order once, in its version with the most history: refunded, then closed, then
-- paid, then created; then the larger refund; then the export's own time; then the smaller digest.
-- An order whose buyer is masked takes the one buyer whose messages name its number, if one does.
with twice as (
    select order_key from source_orders where created_at <= $as_of group by order_key having count(*) > 1
), version as (
    -- few orders come twice: only they are sorted
    select file_key, position, row_number() over (
            partition by order_key
            order by case when coalesce(refund_amount, 0) > 0 or refunded_at is not null then 3
                          when closed_at is not null or closed then 2
                          when paid_at is not null then 1 else 0 end desc,
                coalesce(refund_amount, 0) desc, coalesce(exported_at, 0) desc, file_key, position) as version
    from source_orders
    where created_at <= $as_of and order_key in (select order_key from twice)
), older as (
    select file_key, position from version where version > 1
), known as (
    -- a newer export may mask the buyer whom an older one names
    select order_key, min(buyer_key) as buyer_key, min(buyer) as buyer from source_orders
    where matched and order_key in (select order_key from source_orders where not matched) group by order_key
), named as (
    select order_id, min(buyer_key) as buyer_key, min(buyer) as buyer from source_messages
    where order_id is not null and sender <> 'system' and sent_at <= $as_of
    group by order_id having count(distinct buyer_key) = 1
), paid_back as (
    -- refund rows say when the order's own refund, which often has no instant, began
    select order_key, min(refunded_at) as first_at from source_refunds where refunded_at is not null group by order_key
)
select
    o.shop, o.order_key, o.order_id,
    case when o.matched then o.buyer_key else coalesce(k.buyer_key, n.buyer_key, o.buyer_key) end as buyer_key,
    case when o.matched then o.buyer else coalesce(k.buyer, n.buyer, o.buyer) end as buyer,
    o.matched or k.buyer_key is not null or n.buyer_key is not null as matched,
    not o.matched and k.buyer_key is null and n.buyer_key is not null as linked_by_number,
    o.created_at,
    case when o.paid_at <= $as_of then o.paid_at end as paid_at,
    -- "closed" without its instant and without payment: the platform closes an unpaid order after a day
    case when coalesce(o.closed_at, case when o.closed and o.paid_at is null then o.created_at + 86400000 end) <= $as_of
        then coalesce(o.closed_at, case when o.closed and o.paid_at is null then o.created_at + 86400000 end) end as closed_at,
    o.status, o.payable_amount,
    case when o.paid_at <= $as_of then coalesce(o.paid_amount, 0) end as paid_amount,
    case when coalesce(o.refunded_at, b.first_at, o.paid_at) <= $as_of then o.refund_amount end as refund_amount,
    case when o.refunded_at <= $as_of then o.refunded_at end as refunded_at,
    o.quantity, o.product_count, o.remark,
    o.deposit_amount, case when o.deposit_paid_at <= $as_of then o.deposit_paid_at end as deposit_paid_at,
    o.balance_due_at, c.day as created_day, p.day as paid_day, p.hour as paid_hour, o.file_key, o.position, o.row
from source_orders as o
left join older as v on v.file_key = o.file_key and v.position = o.position
inner join slot as c on c.slot = o.created_at // 300000
left join slot as p on p.slot = o.paid_at // 300000 and o.paid_at <= $as_of
left join known as k on k.order_key = o.order_key
left join named as n on n.order_id = o.order_id
left join paid_back as b on b.order_key = o.order_key
where o.created_at <= $as_of and v.file_key is null
