use super::understood;

#[test]
fn what_is_said_about_programs_is_read() {
    for (text, expected) in [
        (
            "token new Scanner 2",
            "Token(New(NewToken { name: TokenName(\"scanner\"), kpis: [\"2\"], risks: false }))",
        ),
        (
            "token new \"Scanner 2\" incidents phishing-click-rate",
            "Token(New(NewToken { name: TokenName(\"scanner-2\"), kpis: [\"incidents\", \"phishing-click-rate\"], risks: false }))",
        ),
        (
            "kpi import",
            "Kpi(Import(ImportValues { file: None, commit: false }))",
        ),
        (
            "source webhook incidents format:generic id:/id at:/rule/time only:\"/rule/level>=12, /x!=y\"",
            "Source(Webhook(CountAlerts { kpi: KpiKey(\"incidents\"), format: Generic, only: Some(\"/rule/level>=12, /x!=y\"), id: Some(\"/id\"), at: Some(\"/rule/time\"), name: None, list: None }))",
        ),
    ] {
        assert_eq!(format!("{:?}", understood(text)), expected, "{text}");
    }
}
