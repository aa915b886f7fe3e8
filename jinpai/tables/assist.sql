-- 协助 assist: persons who wrote to the buyer between attribution_days before creation and the payment
-- of a paid order; whoever owns it under the rule asked is left out when it is counted.
select distinct shop, buyer_key, order_key, agent
from said_before
where is_payment and last_at >= created_at - $attribution_length
