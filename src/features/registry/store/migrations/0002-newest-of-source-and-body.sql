-- Entries of one source or one body often lie together, far from the newest numbers; these find the newest of them at once.

create index registry_systems_newest_of_source on registry_systems (source_profile, number) where source_profile is not null;
create index registry_systems_newest_of_body on registry_systems (body_id, number);
