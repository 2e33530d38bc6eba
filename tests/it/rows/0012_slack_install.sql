INSERT INTO slack_install VALUES ('T2', 'Birch', 'U2BOT', 'chat:write', '', '', 'U2', '2026-01-05T09:00:00Z', NULL, NULL, '2026-01-06T09:00:00Z');
INSERT INTO slack_state VALUES ('0011', '2026-01-05T09:10:00Z');
