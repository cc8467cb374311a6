-- What one stride of a search fetches. A function, because the planner guesses badly how many entries have several words at once and
-- would now read the whole table, now start helpers for a few rows; the index of words is always right, and the plan is made once.

create function registry_hits(query tsquery, lowest bigint, highest bigint, rows_max integer, public_only boolean, mark tsquery)
returns table (number bigint, status text, body_id uuid, sector text, phase text, source_profile text, headline text, marked boolean)
language plpgsql stable
set enable_seqscan = off
set max_parallel_workers_per_gather = 0
set jit = off
as $hits$
begin
  return query
    select s.number, s.status, s.body_id, s.sector, s.phase, s.source_profile, s.headline, s.words @@ mark
    from registry_systems s
    -- The sums keep the index of numbers out of it.
    where s.words @@ query and s.number + 0 >= lowest and s.number + 0 < highest and (s.is_public or not public_only)
    limit rows_max;
end
$hits$;
