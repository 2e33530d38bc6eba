use serde_json::json;

use super::*;

fn said(format: Format, only: &str) -> CountAlerts {
    CountAlerts {
        kpi: "incidents".parse().unwrap(),
        format,
        only: Some(only.to_owned()),
        id: None,
        at: None,
        name: None,
        list: None,
    }
}

fn generic(only: &str, list: &str) -> CountAlerts {
    CountAlerts {
        id: Some("/id".into()),
        at: Some("/timestamp".into()),
        name: Some("/rule/description".into()),
        list: Some(list.into()),
        ..said(Format::Generic, only)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn heard(said: CountAlerts, body: &Value) -> Result<Heard, Misfit> {
    let setting = Setting::read(said, day("2026-11-01")).unwrap();
    // It is kept and read again.
    let setting: Setting = serde_json::from_value(json!(setting)).unwrap();
    setting.heard(body, "2026-11-23T08:00:00Z".parse().unwrap())
}

fn firing(name: &str, severity: &str, start: &str) -> Value {
    json!({
        "status": "firing",
        "labels": {"alertname": name, "severity": severity},
        "annotations": {},
        "startsAt": start,
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus:9090/graph",
        "fingerprint": format!("fp-{name}"),
    })
}

#[test]
fn alerts_of_alertmanager_are_known_by_fingerprint_and_start() {
    let body = json!({"version": "4", "status": "firing", "alerts": [
        firing("DiskFull", "critical", "2026-11-22T08:00:00.123456789Z"),
        firing("Watchdog", "none", "2026-11-01T08:00:00Z"),
    ]});
    let all = heard(said(Format::Alertmanager, "severity=critical"), &body).unwrap();
    assert_eq!(all.ignored, 1);
    assert_eq!(all.alerts.len(), 1);
    assert_eq!(all.alerts[0].name, "DiskFull");
    assert_eq!(all.alerts[0].id, "fp-DiskFull 1795334400123456");
    let none = heard(
        said(Format::Alertmanager, "severity!=none, team=ops"),
        &body,
    )
    .unwrap();
    assert_eq!((none.alerts.len(), none.ignored), (0, 2));
    let mut old = body.clone();
    old["alerts"][0]
        .as_object_mut()
        .unwrap()
        .remove("fingerprint");
    let old = heard(said(Format::Alertmanager, "severity=critical"), &old).unwrap();
    assert_eq!(old.alerts[0].id.split(' ').next().unwrap().len(), 64);
}

#[test]
fn other_alerts_are_found_where_the_pointers_say() {
    let wazuh = json!({
        "id": "1795334400.42", "timestamp": "2026-11-22T08:00:00.123+0000",
        "rule": {"level": 12, "description": "Multiple  failed\nlogins"},
    });
    let one = heard(generic("/rule/level>=12", ""), &wazuh).unwrap();
    assert_eq!(one.alerts[0].name, "Multiple failed logins");
    assert_eq!(
        one.alerts[0].started.to_rfc3339(),
        "2026-11-22T08:00:00.123+00:00"
    );
    let listed = json!({"alerts": [wazuh, {"rule": {"level": 3}}]});
    let all = heard(generic("/rule/level>=12", "/alerts"), &listed).unwrap();
    assert_eq!((all.alerts.len(), all.ignored), (1, 1));
    for at in [
        json!(1_795_334_400),
        json!(1_795_334_400_000_u64),
        json!("1795334400"),
    ] {
        let body = json!([{"id": 7, "timestamp": at}]);
        let all = heard(generic("", ""), &body).unwrap();
        assert_eq!(
            all.alerts[0].started.to_rfc3339(),
            "2026-11-22T08:00:00+00:00"
        );
        assert_eq!(all.alerts[0].id, "7");
    }
}

#[test]
fn where_a_body_does_not_fit_is_said() {
    let wrong = |said, body: Value| {
        let misfit = heard(said, &body).unwrap_err();
        format!("{}: {}", misfit.at, misfit.why)
    };
    let manager = || said(Format::Alertmanager, "");
    assert_eq!(
        wrong(manager(), json!({})),
        "alerts: There is no list of alerts here."
    );
    let late =
        json!({"alerts": [firing("A", "x", "2026-11-22T08:00:00Z"), firing("B", "x", "soon")]});
    let said_of = wrong(manager(), late);
    assert!(
        said_of.starts_with("alerts[1].startsAt: This is not a time"),
        "{said_of}"
    );
    let future = json!({"alerts": [firing("A", "x", "2026-12-22T08:00:00Z")]});
    assert_eq!(
        wrong(manager(), future),
        "alerts[0].startsAt: This lies in the future."
    );
    let bare = json!({"alerts": [{"id": 1, "timestamp": 1}, {"id": "", "timestamp": 1}]});
    assert_eq!(
        wrong(generic("", "/alerts"), bare),
        "/alerts/1/id: There is nothing here."
    );
    let one = wrong(generic("", ""), json!({"id": 1}));
    assert_eq!(one, "/timestamp: There is nothing here.");
}

#[test]
fn a_setting_that_cannot_be_is_refused_beside_its_argument() {
    let wrong = |said| Setting::read(said, day("2026-11-01")).unwrap_err();
    assert_eq!(wrong(said(Format::Generic, "")).0, "id");
    let named = CountAlerts {
        name: Some("/x".into()),
        ..said(Format::Alertmanager, "")
    };
    assert_eq!(wrong(named).0, "name");
    let flat = CountAlerts {
        at: Some("timestamp".into()),
        ..generic("", "")
    };
    assert_eq!(wrong(flat).0, "at");
    assert!(
        wrong(generic("severity=high", ""))
            .1
            .contains("as in /severity=high")
    );
    for (only, why) in [
        ("severity", "is not a condition like severity=critical"),
        ("=critical", "is not a condition"),
        ("/rule/level>=high", "which is no number"),
    ] {
        let (field, said) = wrong(said(Format::Alertmanager, only));
        assert_eq!(field, "only");
        assert!(said.contains(why), "{said}");
    }
}
