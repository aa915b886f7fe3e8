-- whole
-- 客服名单 agent: each sub-account once: as imported last, then the version of the smaller digest, then the later row.
with version as (
    select *, row_number() over (partition by agent order by imported_at desc, file_key, position desc) as version from source_agents
)
select shop, agent, name, team, joined_on, left_on from version where version = 1
