//! Says what a file would do, and does it.

use std::collections::{BTreeMap, BTreeSet};

use super::card;
use super::command::ImportValues;
use super::rules::{Line, read};
use crate::app::{Ctx, Error, Result, UserError};
use crate::chat::{Card, Reply};
use crate::command::value::KpiKey;
use crate::kpi::batch;
use crate::kpi::batch::flow::Counts;
use crate::kpi::batch::rules::{Entry, Intake, Ledger, Verdict, Wrong};
use crate::kpi::flow::may_measure;
use crate::kpi::keep::Giver;
use crate::kpi::rules::Kpi;
use crate::record::files::{self, Keeper, Kept};
use crate::store::{Conn, Tx};

/// What the values of a file are kept under.
const VIA: &str = "csv";

/// A file as it would be taken.
#[derive(Debug)]
pub struct Judged {
    pub lines: Vec<Weighed>,
    ledger: Ledger,
}

/// A line with what it would do.
#[derive(Debug)]
pub struct Weighed {
    pub number: u64,
    /// Its KPI with what becomes of it.
    pub verdict: Result<(KpiKey, Verdict), Wrong>,
}

impl Judged {
    /// The lines that keep the file from being taken.
    pub fn wrong(&self) -> impl Iterator<Item = (u64, &Wrong)> {
        self.lines.iter().filter_map(|line| {
            let wrong = line.verdict.as_ref().err()?;
            Some((line.number, wrong))
        })
    }

    /// What each of the others would do.
    pub fn verdicts(&self) -> impl Iterator<Item = &(KpiKey, Verdict)> {
        self.lines
            .iter()
            .filter_map(|line| line.verdict.as_ref().ok())
    }

    /// A KPI that the file names.
    pub fn kpi(&self, key: &KpiKey) -> Option<&Kpi> {
        self.ledger.held.get(key).map(|held| &held.kpi)
    }
}

/// Carries out what was said about importing a file that is kept.
pub async fn run(ctx: &Ctx, said: ImportValues) -> Result<Reply> {
    let Some(file) = said.file else {
        let text = "Attach a CSV file with the columns kpi, period and value.";
        return Err(UserError::at("file", text).into());
    };
    if !said.commit {
        let mut conn = ctx.read().await?;
        let kept = files::load(&mut conn, ctx.workspace.id, &file).await?;
        let judged = judge(ctx, &mut conn, &kept.bytes).await?;
        return Ok(card::proposed(&kept, &judged).into());
    }
    let mut tx = ctx.write().await?;
    let kept = files::load(&mut tx, ctx.workspace.id, &file).await?;
    let judged = judge(ctx, &mut tx, &kept.bytes).await?;
    if judged.wrong().next().is_some() {
        return Ok(card::proposed(&kept, &judged).into());
    }
    let counts = keep(ctx, &mut tx, &kept, judged).await?;
    tx.commit().await?;
    Ok(card::taken(&kept, counts).into())
}

/// The same of a file that is not kept yet, for the command line. Says whether all is well with it;
/// only then, and only if it is to be taken, anything is written.
pub async fn of_bytes(
    ctx: &Ctx,
    (name, bytes): (&str, Vec<u8>),
    commit: bool,
) -> Result<(Card, bool)> {
    let mut tx = ctx.write().await?;
    let judged = judge(ctx, &mut tx, &bytes).await?;
    let well = judged.wrong().next().is_none();
    let file = crate::command::value::FileRef::of(&bytes);
    let kept = Kept {
        file,
        name: name.to_owned(),
        bytes,
    };
    if !well || !commit {
        return Ok((card::told(&kept, &judged), well));
    }
    let keeper = Keeper {
        workspace: ctx.workspace.id,
        by: Some(ctx.person.id),
        at: ctx.now,
    };
    files::keep(&mut tx, keeper, name, kept.bytes.clone()).await?;
    let counts = keep(ctx, &mut tx, &kept, judged).await?;
    tx.commit().await?;
    Ok((card::taken(&kept, counts), true))
}

async fn judge(ctx: &Ctx, conn: &mut Conn, bytes: &[u8]) -> Result<Judged> {
    let lines = read(bytes).map_err(|wrong| UserError::at("file", wrong))?;
    let entries = || lines.iter().filter_map(|line| line.entry.as_ref().ok());
    let named: BTreeSet<KpiKey> = entries().map(|entry| entry.kpi.clone()).collect();
    let ledger = batch::flow::ledger(conn, ctx.workspace.id, &named).await?;
    let mut closed: BTreeMap<&KpiKey, String> = BTreeMap::new();
    for (key, held) in &ledger.held {
        match may_measure(ctx, conn, &held.kpi).await {
            Err(Error::User(wrong)) => {
                closed.insert(key, wrong.text);
            }
            other => other?,
        }
    }
    let numbers: Vec<u64> = lines
        .iter()
        .filter(|line| line.entry.is_ok())
        .map(|line| line.number)
        .collect();
    let intake = Intake {
        today: ctx.today(),
        may: &|kpi| closed.get(&kpi.key).map_or(Ok(()), |why| Err(why.clone())),
        place: &|index| format!("line {}", numbers[index]),
    };
    let all: Vec<Entry> = entries().cloned().collect();
    let mut verdicts = batch::rules::judge(all, &ledger, intake).into_iter();
    let weigh = |line: Line| Weighed {
        number: line.number,
        verdict: line.entry.and_then(|entry| match verdicts.next() {
            Some(verdict) => verdict.map(|verdict| (entry.kpi, verdict)),
            None => Err(Wrong::at("kpi", "This line was not judged.")),
        }),
    };
    Ok(Judged {
        lines: lines.into_iter().map(weigh).collect(),
        ledger,
    })
}

async fn keep(ctx: &Ctx, tx: &mut Tx, kept: &Kept, judged: Judged) -> Result<Counts> {
    let giver = Giver {
        workspace: &ctx.workspace,
        by: Some(ctx.person.id),
        via: Some(VIA),
        at: ctx.now,
    };
    let Judged { lines, mut ledger } = judged;
    let verdicts = lines.into_iter().filter_map(|line| line.verdict.ok());
    batch::flow::keep_all(tx, giver, &mut ledger, verdicts, Some(&kept.file)).await
}
