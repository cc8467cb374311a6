-- The law desk is the regulator's. Which packs came with the installation is no secret.

select mizan_shield('lawdesk_keys', null, null, null);
select mizan_shield('lawdesk_key_acts', null, null, null);
select mizan_shield('lawdesk_installs', null, null, null);
select mizan_shield('lawdesk_built_in', null, 'true', 'true');
select mizan_shield('lawdesk_reviews', null, null, null);
select mizan_shield('lawdesk_remarks', null, null, null);
select mizan_shield('lawdesk_drafts', null, null, null);
select mizan_shield('lawdesk_draft_steps', null, null, null);
select mizan_shield('lawdesk_made_here', null, null, null);
