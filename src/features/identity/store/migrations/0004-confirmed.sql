-- When the password was last shown in a session: setting up the first second factor asks for it again. It counts for nothing else.
alter table identity_sessions add column confirmed_at timestamptz;
