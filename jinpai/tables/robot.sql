-- whole
-- 机器人 robot: sub-accounts that never wrote as a person, only automatically.
select shop, agent from writer where is_automatic
