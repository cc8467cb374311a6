-- The law is public, with every act that put it in force.

select mizan_shield('lawbook_packs', null, 'true', 'true');
select mizan_shield('lawbook_adoptions', null, 'true', 'true');
