-- What a change of law would do to everybody is seen by the regulator.

select mizan_shield('obligations_effect_runs', null, null, null);
select mizan_shield('obligations_effects', null, null, null);
