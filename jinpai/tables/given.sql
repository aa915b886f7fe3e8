-- 指定归属 given: orders given to an agent by a person with a reason, or by a code in the seller's memo.
-- A person's word stands above a code; of several codes in one memo the longest counts.
with coded as (
    select o.order_id, o.buyer_key, c.agent,
        row_number() over (partition by o.order_id order by length(c.code) desc, c.code) as choice
    from orders as o
    inner join memo_code as c on strpos(o.remark, c.code) > 0
)
select o.order_id, o.buyer_key, g.agent, 'hand' as kind from given_by_hand as g inner join orders as o on o.order_id = g.order_id
union all
select c.order_id, c.buyer_key, c.agent, 'memo' from coded as c
where c.choice = 1 and c.order_id not in (select order_id from given_by_hand)
