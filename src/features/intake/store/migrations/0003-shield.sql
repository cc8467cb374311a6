-- Inventories of many bodies come in through the regulator.

select mizan_shield('intake_imports', null, null, null);
select mizan_shield('intake_rows', null, null, null);
select mizan_shield('intake_problems', null, null, null);
select mizan_shield('intake_ledger', null, null, null);
select mizan_shield('intake_sources', null, null, null);
select mizan_shield('intake_profiles', null, null, null);
