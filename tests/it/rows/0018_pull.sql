UPDATE kpi_source SET fault = 'no answer', failing_since = '2026-03-02T09:00:00Z', attempts = 3 WHERE kpi = 'phishing';
