//! Loads what a batch is judged by, and keeps what was judged.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::rules::{Held, Ledger, Verdict};
use crate::app::Result;
use crate::command::value::{FileRef, KpiKey};
use crate::kpi::keep::{self, Given, Giver};
use crate::sql;
use crate::store::{Conn, Tx};

/// What a batch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub recorded: usize,
    pub corrected: usize,
    pub unchanged: usize,
}

/// From so many on, all KPIs are read at once instead of one after the other.
const MANY: usize = 8;

/// The KPIs that a batch names, with their values.
pub async fn ledger(conn: &mut Conn, workspace: Uuid, named: &BTreeSet<KpiKey>) -> Result<Ledger> {
    let mut kpis = Vec::new();
    if named.len() < MANY {
        for key in named {
            kpis.extend(sql!(conn, kpi::find_kpi(workspace, key))?);
        }
    }
    let mut ledger = Ledger::default();
    if kpis.len() < named.len() {
        kpis = sql!(conn, kpi::list_kpis(workspace))?;
        ledger.keys = kpis.iter().map(|kpi| kpi.key.clone()).collect();
    }
    for kpi in kpis {
        if named.contains(&kpi.key) {
            let history = keep::history(conn, workspace, &kpi).await?;
            ledger.held.insert(kpi.key.clone(), Held { kpi, history });
        }
    }
    Ok(ledger)
}

/// Keeps a batch of which nothing is wrong. `judged` are the verdicts, each with its KPI. `file` is
/// what the values were imported from.
pub async fn keep_all(
    tx: &mut Tx,
    giver: Giver<'_>,
    ledger: &mut Ledger,
    judged: impl IntoIterator<Item = (KpiKey, Verdict)>,
    file: Option<&FileRef>,
) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut by_kpi: BTreeMap<KpiKey, Vec<Given>> = BTreeMap::new();
    for (key, verdict) in judged {
        let given = match verdict {
            Verdict::Unchanged => {
                counts.unchanged += 1;
                continue;
            }
            Verdict::New(given) => {
                counts.recorded += 1;
                given
            }
            Verdict::Corrected { given, .. } => {
                counts.corrected += 1;
                given
            }
        };
        let given = Given {
            file: file.cloned(),
            ..given
        };
        by_kpi.entry(key).or_default().push(given);
    }
    for (key, mut given) in by_kpi {
        let Some(Held { kpi, history }) = ledger.held.get_mut(&key) else {
            continue;
        };
        given.sort_by_key(|given| given.period);
        keep::keep(tx, giver, (kpi, history), given).await?;
    }
    Ok(counts)
}
