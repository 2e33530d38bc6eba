//! Values from the bot's own records.

use super::{hosts, kpi, said, stage, told};
use crate::on_both_databases;

on_both_databases! {
    async fn actions_overdue_are_counted_as_they_stood_when_the_period_ended(db: TestDatabase) {
        let stage = stage(&db, hosts(&[])).await;
        kpi(&stage, "overdue", "actions").await;
        said(&stage, "maya", "source derived overdue of:actions-overdue", "the bot's own records").await;
        kpi(&stage, "days-to-close", "days").await;
        said(&stage, "maya", "source derived days-to-close of:days-to-close", "own records").await;
        for due in ["2026-11-25", "2026-11-30", "2026-12-24"] {
            said(&stage, "maya", &format!("action new Patch severity:opportunity owner:@tom due:{due}"), "CA-").await;
        }
        said(&stage, "maya", "source try overdue", "0 actions in 2026-10").await;
        // Both due in November are open when it ends, and only then is one of them done.
        stage.sleep_until("2026-12-01T00:05:00+01:00").await;
        said(&stage, "tom", "action done CA-1 seen", "CA-1").await;
        stage.move_to("2026-12-01T12:00:00+01:00").await;
        let show = said(&stage, "tom", "kpi show overdue", "2 actions in 2026-11").await;
        assert!(show.contains("derived"), "{show}");
        // No action was closed in November: there is no value, and nothing fails.
        let show = said(&stage, "tom", "kpi show days-to-close", "last worked").await;
        assert!(!show.contains("0 days in") && !show.contains("fails"), "{show}");
        stage.move_to("2027-01-01T12:00:00+01:00").await;
        said(&stage, "tom", "kpi show days-to-close", "days in 2026-12").await;
        said(&stage, "tom", "kpi show overdue", "2 actions in 2026-12").await;
        assert!(told(&stage, "tom", "the value for").is_empty());
    }

    async fn after_downtime_each_period_has_the_value_it_had(db: TestDatabase) {
        let stage = stage(&db, hosts(&[])).await;
        kpi(&stage, "overdue", "actions").await;
        said(&stage, "maya", "source derived overdue of:actions-overdue", "own records").await;
        said(&stage, "maya", "action new Patch severity:opportunity owner:@tom due:2026-12-15", "CA-1").await;
        stage.sleep_until("2027-02-10T09:00:00+01:00").await;
        let show = said(&stage, "tom", "kpi show overdue", "1 action in 2027-01").await;
        for row in ["2027-01  1", "2026-12  1", "2026-11  0"] {
            assert!(show.contains(row), "{show}");
        }
    }

    async fn the_starter_set_counts_overdue_actions_by_itself(db: TestDatabase) {
        let stage = stage(&db, hosts(&[])).await;
        said(&stage, "maya", "setup kpis incidents:@tom actions-overdue:@tom analyst:@maya", "Security incidents").await;
        said(&stage, "maya", "source list", "the bot's own records").await;
        stage.move_to("2026-11-30T12:00:00+01:00").await;
        said(&stage, "tom", "kpi show actions-overdue", "0 actions in 2026-W48").await;
        let mine = said(&stage, "tom", "mine", "Security incidents").await;
        assert!(!mine.contains("Actions overdue"), "{mine}");
    }
}
