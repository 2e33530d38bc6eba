//! How values are given: said, asked for, found by a checklist.

use super::text::check;

#[test]
fn every_way_to_a_value_is_read() {
    for (text, expected) in [
        (
            "kpi record incidents 97 %",
            "Kpi(Record(RecordValue { kpi: KpiKey(\"incidents\"), value: Amount(97.0), period: None, note: None, file: None }))",
        ),
        (
            "kpi record incidents 3 period:last month note:one was false",
            "Kpi(Record(RecordValue { kpi: KpiKey(\"incidents\"), value: Amount(3.0), period: (Month { year: 2026, month: 10 }), note: (Prose(\"one was false\")), file: None }))",
        ),
        (
            "kpi correct incidents october 4 One was reported late",
            "Kpi(Correct { kpi: KpiKey(\"incidents\"), period: Month { year: 2026, month: 10 }, value: Amount(4.0), reason: Prose(\"One was reported late\"), file: None })",
        ),
        (
            "survey send incidents",
            "Survey(Send { kpi: KpiKey(\"incidents\") })",
        ),
        (
            "survey new incidents \"scale: I know whom to call; yes-no: Did you?\" to:#isms named:yes",
            "Survey(New(NewSurvey { kpi: KpiKey(\"incidents\"), questions: Prose(\"scale: I know whom to call; yes-no: Did you?\"), to: Channel(Named(\"isms\")), named: true, days: 14, least: 5, value: None, option: None, of: None }))",
        ),
        (
            "inspection check incidents 2 n/a",
            "Inspection(Check(CheckLine { kpi: KpiKey(\"incidents\"), line: 2, result: NotApplicable, note: None, evidence: None, file: None }))",
        ),
        (
            "inspection check incidents 2 fail Two contracts evidence:photo 14",
            "Inspection(Check(CheckLine { kpi: KpiKey(\"incidents\"), line: 2, result: Fail, note: (Prose(\"Two contracts\")), evidence: (Prose(\"photo 14\")), file: None }))",
        ),
    ] {
        check(text, expected);
    }
}
