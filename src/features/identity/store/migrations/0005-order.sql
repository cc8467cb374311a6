-- People stand in one order on both engines, whatever collation the server was made with: that of the signs.
create index identity_people_by_sign on identity_people ((lower(name) collate "C"), id);
drop index identity_people_by_name;
