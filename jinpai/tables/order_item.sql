-- whole
-- 订单明细 order_item: the lines of each order, from one file only: the file whose lines tell most.
-- A line without the platform's product number takes the product of the same title, if there is one.
with file as (
    select order_key, file_key, row_number() over (
            partition by order_key
            order by sum(case when price is not null then 1 else 0 end) desc, count(*) desc, file_key) as choice
    from source_order_items
    group by order_key, file_key
), titled as (
    select title, min(product_id) as product_id from product where title is not null group by title
)
select
    i.shop, i.order_key, i.order_id, row_number() over (partition by i.order_key order by i.position) as line,
    i.sub_order_id, coalesce(t.product_id, i.product_id, i.title, 'unknown') as product_id, i.sku_id, i.title,
    coalesce(i.quantity, 1) as quantity, coalesce(i.price, 0) as price, i.refund_amount
from source_order_items as i
inner join file as f on f.order_key = i.order_key and f.file_key = i.file_key and f.choice = 1
left join titled as t on t.title = i.title
