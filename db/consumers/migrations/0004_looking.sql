-- What people look at: what became of one key, and since when something is parked.
create index dead_letters_by_key on dead_letters (key, dead_letter_id);
create index parked_by_time on parked (parked_at);
