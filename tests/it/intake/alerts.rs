//! Alerts of monitoring systems, counted once and made values when their period is over.

use isms_bot::people::Role;
use serde_json::{Value, json};

use super::{assert_sound_log, plain};
use crate::harness::database::TestDatabase as Database;
use crate::harness::programs::{Port, token_in};
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

/// A Monday morning in Berlin; the stage's KPI is counted by the week.
const MONDAY: &str = "2026-11-23T08:00:00+01:00";
const ALERTMANAGER: &str = "/v1/alerts/alertmanager";
const SET_UP: &str = "kpi new incidents Incidents unit:incidents direction:lower target:3 \
                      frequency:weekly measurer:@tom";

/// Maya manages, Tom measures; critical alerts are counted into `incidents`. With the token.
async fn counting(db: &Database) -> (Stage, Port, String) {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("maya", Role::Manager, "Europe/Berlin").await;
    stage.person("tom", Role::Member, "Europe/Berlin").await;
    stage.work().await;
    stage.says("maya", SET_UP).await;
    let said = "source webhook incidents format:alertmanager only:\"severity=critical\"";
    let words = plain(&stage.says("maya", said).await);
    assert!(
        words.contains("counts alerts with severity=critical from here on"),
        "{words}"
    );
    let token = token_in(&plain(
        &stage.says("maya", "token new alertmanager incidents").await,
    ));
    let port = Port::open(&stage.app).await;
    (stage, port, token)
}

fn alert(name: &str, severity: &str, start: &str) -> Value {
    json!({
        "status": "firing", "labels": {"alertname": name, "severity": severity}, "annotations": {},
        "startsAt": start, "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "",
        "fingerprint": format!("fp-{name}"),
    })
}

fn body(alerts: &[Value]) -> Value {
    json!({"version": "4", "status": "firing", "receiver": "isms-bot", "alerts": alerts})
}

fn told(counted: u64, known: u64, ignored: u64) -> Value {
    json!({"kpis": [{"kpi": "incidents", "counted": counted, "known": known, "ignored": ignored}]})
}

on_every_platform! {
    async fn alerts_of_alertmanager_become_the_value_of_the_week(db: TestDatabase, fake: Fake) {
        let bot = crate::harness::bot::Bot::start(&db, &fake).await;
        let port = Port::open(&bot.app).await;
        let ann = fake.person("ann");
        ann.types("/isms kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:weekly").await;
        let form = ann.types("/isms source webhook incidents").await.form();
        let set_up = form.fills(&[("format", "alertmanager")]).submits().await.card();
        assert!(set_up.text().contains("counts every alert"), "{}", set_up.text());
        let token = token_in(&ann.types("/isms token new siem").await.card().json().to_string());
        let sent = body(&[alert("DiskFull", "critical", "2026-11-23T07:00:00Z")]);
        assert_eq!(port.posts(&token, ALERTMANAGER, &sent).await.json, told(1, 0, 0));
        bot.waits(chrono::TimeDelta::days(7)).await;
        let shown = ann.types("/isms kpi show incidents").await.card().json().to_string();
        assert!(shown.contains("1 incident in 2026-W48") && shown.contains("webhook"), "{shown}");
        fake.is_content();
    }
}

on_both_databases! {
    async fn an_alert_is_counted_once_however_often_it_is_sent(db: TestDatabase) {
        let (stage, port, token) = counting(&db).await;
        let disk = alert("DiskFull", "critical", "2026-11-23T06:00:00Z");
        let minor = alert("DiskHalf", "warning", "2026-11-23T06:00:00Z");
        let old = alert("Rusty", "critical", "2026-11-20T06:00:00Z");
        let first = port.posts(&token, ALERTMANAGER, &body(&[disk.clone(), minor, old])).await;
        assert_eq!((first.status, first.json), (200, told(1, 0, 2)));
        // Again after four hours, then resolved; then it fires anew.
        let again = port.posts(&token, ALERTMANAGER, &body(std::slice::from_ref(&disk))).await;
        assert_eq!(again.json, told(0, 1, 0));
        let mut resolved = disk.clone();
        resolved["status"] = json!("resolved");
        let anew = alert("DiskFull", "critical", "2026-11-23T06:30:00Z");
        let third = port.posts(&token, ALERTMANAGER, &body(&[resolved, anew])).await;
        assert_eq!(third.json, told(1, 1, 0));
        // While the week runs there is no value.
        stage.move_to("2026-11-30T00:30:00+01:00").await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        assert!(!shown.contains("2026-W48  "), "{shown}");
        stage.move_to("2026-11-30T01:30:00+01:00").await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        assert!(shown.contains("2026-W48  2 incidents  webhook"), "{shown}");
        let events: Vec<_> = stage.history("incidents").await.into_iter().map(|past| past.kind).collect();
        assert_eq!(events[2..], ["alerts-counted", "alerts-counted", "value-recorded"]);
        assert_sound_log(&stage).await;
    }

    async fn an_alert_that_comes_late_corrects_the_count_with_the_reason(db: TestDatabase) {
        let (stage, port, token) = counting(&db).await;
        port.posts(&token, ALERTMANAGER, &body(&[alert("A", "critical", "2026-11-23T06:00:00Z")])).await;
        stage.move_to("2026-11-30T09:00:00+01:00").await;
        let late = [alert("B", "critical", "2026-11-29T22:00:00Z"), alert("C", "critical", "2026-11-29T23:30:00Z")];
        port.posts(&token, ALERTMANAGER, &body(&late)).await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        // 23:30 in UTC on Sunday is Monday in Berlin: the next week's.
        assert!(shown.contains("2026-W48  2 incidents     webhook: alertmanager  One alert came late: B"), "{shown}");
        assert!(shown.contains("2026-W48  was 1 incident  webhook"), "{shown}");
        // What a person has corrected stands.
        stage.says("tom", "kpi correct incidents 2026-W48 1 B was a false alarm").await;
        port.posts(&token, ALERTMANAGER, &body(&[alert("D", "critical", "2026-11-28T22:00:00Z")])).await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        assert!(shown.contains("2026-W48  1 incident ") && !shown.contains("2026-W48  3"), "{shown}");
        assert_sound_log(&stage).await;
    }

    async fn silence_is_not_zero_but_a_watchdog_makes_it_one(db: TestDatabase) {
        let (stage, port, token) = counting(&db).await;
        stage.move_to("2026-11-30T09:00:00+01:00").await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        assert!(!shown.contains("0 incidents"), "{shown}");
        // Alertmanager sends its always-firing alert, which is not counted.
        let watchdog = body(&[alert("Watchdog", "none", "2026-11-01T00:00:00Z")]);
        assert_eq!(port.posts(&token, ALERTMANAGER, &watchdog).await.json, told(0, 0, 1));
        stage.move_to("2026-12-07T09:00:00+01:00").await;
        let shown = plain(&stage.says("tom", "kpi show incidents").await);
        assert!(shown.contains("2026-W49  0 incidents  webhook"), "{shown}");
        assert!(!shown.contains("2026-W48"), "{shown}");
    }

    async fn alerts_of_any_sender_are_read_where_the_pointers_say(db: TestDatabase) {
        let (stage, port, token) = counting(&db).await;
        let said = "source webhook incidents format:generic list:/alerts id:/id at:/timestamp \
                    name:/rule/description only:\"/rule/level>=12\"";
        let words = plain(&stage.says("maya", said).await);
        assert!(words.contains("counts alerts with /rule/level>=12"), "{words}");
        let of = |id: &str, level: u8| json!({
            "id": id, "timestamp": "2026-11-23T06:00:00.000+0000",
            "rule": {"level": level, "description": "Failed logins"},
        });
        let sent = json!({"alerts": [of("1", 12), of("2", 15), of("3", 3), of("2", 15)]});
        let heard = port.posts(&token, "/v1/alerts/generic", &sent).await;
        assert_eq!((heard.status, heard.json), (200, told(2, 1, 1)));
        let wrong = port.posts(&token, "/v1/alerts/generic", &json!({"alerts": [{"id": "9", "rule": {"level": 12}}]})).await;
        assert_eq!((wrong.status, wrong.wrong()[0].0.as_str()), (422, "/alerts/0/timestamp"));
        // Nobody counts what Alertmanager sends now.
        let none = port.posts(&token, ALERTMANAGER, &body(&[])).await;
        assert_eq!(none.status, 422);
        assert!(none.json["detail"].as_str().unwrap().contains("source webhook <kpi> format:alertmanager"), "{none:?}");
    }

    async fn a_wrong_mapping_is_refused_beside_its_field(db: TestDatabase) {
        let (stage, _port, _token) = counting(&db).await;
        stage.says("maya", "kpi new rate Rate unit:% direction:lower target:3 frequency:weekly").await;
        for (said, answer) in [
            ("source webhook incidents format:generic", "Say where in an alert it stands"),
            ("source webhook incidents format:generic id:/id at:time", "is not a JSON pointer"),
            ("source webhook incidents format:alertmanager only:severity", "is not a condition"),
            ("source webhook rate format:alertmanager", "a count is no percentage"),
        ] {
            let words = format!("{:?}", stage.says("maya", said).await);
            assert!(words.contains(answer), "{said}: {words}");
        }
    }
}
