INSERT INTO audit_question VALUES ('11111111-1111-7111-8111-111111111111', 1, 'A.5.1', 'Who approved the policy, and when was it looked at last?');
UPDATE finding SET answer_by = '2026-03-26', decided_by = '22222222-2222-7222-8222-222222222222', decided_at = '2026-03-14T09:00:00Z', decision = 'Seen in the folder' WHERE number = 1;
