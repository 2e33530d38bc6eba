UPDATE action SET whys = '["The list is nobody''s"]', similar_found = 'no', criterion = 'Two scans without a finding', verifier = '22222222-2222-7222-8222-222222222222' WHERE number = 1;
INSERT INTO action_step VALUES ('11111111-1111-7111-8111-111111111111', 1, 1, 1, 'Name an owner', '22222222-2222-7222-8222-222222222222', '2026-02-01', '22222222-2222-7222-8222-222222222222', '2026-01-06T09:00:00Z', 'In the list');
INSERT INTO action_round VALUES ('11111111-1111-7111-8111-111111111111', 1, 1, 'No owner', 'Name one', NULL, 'Seen', NULL, '22222222-2222-7222-8222-222222222222', '2026-01-06T09:00:00Z', 'ineffective', 'Still open', '22222222-2222-7222-8222-222222222222', '2026-01-07T09:00:00Z');
UPDATE action SET round = 2, state = 'reopened' WHERE number = 1;
