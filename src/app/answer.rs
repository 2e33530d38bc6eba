//! From words to a room and back.

use chrono::Datelike;
use chrono_tz::Tz;

use super::draft::{self, Filled};
use super::{App, Ctx, Error, Result, UserError};
use crate::chat::{Act, Asked, Choice, Field, Form, Platform, Reply, in_zone};
use crate::command::value::{ActionName, FindingName, KpiKey, RecordName};
use crate::command::{self, Command, Known, KnownPerson, Misread};
use crate::people::People;
use crate::sql;
use crate::store::Conn;
use crate::{action, audit, home, kpi, people, presence, record, report, review, schedule, status};

/// As many actions as can be suggested while someone types: the most pressing.
const SUGGESTED: i64 = 500;

impl Ctx {
    /// Answers an act. What was filled into a form and is not carried out is kept as a draft.
    pub(super) async fn answer(&mut self, act: &Act) -> Result<Reply> {
        let (command, values) = match act {
            Act::Typed(_) | Act::Clicked { .. } => return self.read_and_do(act).await,
            Act::Submitted { command, values } => (command, values.clone()),
            Act::Filled {
                command,
                values,
                send,
            } => {
                let draft = match self.draft(command).await? {
                    Some(draft) => draft,
                    None => self.standing_in(command).await?,
                };
                let values = draft::merged(draft, values);
                if !send {
                    self.keep_draft(command, &values).await?;
                    return self.go_on(command, &values).await;
                }
                (command, values)
            }
        };
        let submitted = Act::Submitted {
            command: command.clone(),
            values: values.clone(),
        };
        let outcome = self.read_and_do(&submitted).await;
        match &outcome {
            Ok(Reply::Form(_)) | Err(Error::Fault(_)) => {
                // The answer matters more than the draft.
                if let Err(error) = self.keep_draft(command, &values).await {
                    tracing::warn!(error = %error, "a draft could not be kept");
                }
            }
            Ok(_) => self.forget_draft(command).await?,
            Err(_) => {}
        }
        outcome
    }

    /// The form of a draft, as far as it is filled in.
    async fn go_on(&mut self, command: &str, values: &Filled) -> Result<Reply> {
        people::flow::meet_mentioned(self, &command::mentions(command, values)).await?;
        let known = self.known().await?;
        self.permit_words(command, &known).await?;
        let form = command::begun(command, values, &known);
        let act = Act::Submitted {
            command: command.to_owned(),
            values: Vec::new(),
        };
        self.open(form.map_or_else(Reply::from, Reply::Form), &act)
            .await
    }

    /// Reads what was said and carries it out.
    async fn read_and_do(&mut self, act: &Act) -> Result<Reply> {
        let (text, values) = match act {
            Act::Typed(text) | Act::Clicked { command: text, .. } => (text, [].as_slice()),
            Act::Submitted { command, values }
            | Act::Filled {
                command, values, ..
            } => (command, values.as_slice()),
        };
        people::flow::meet_mentioned(self, &command::mentions(text, values)).await?;
        let mut known = self.known().await?;
        if text.to_lowercase().contains("kpi") {
            known.kpis = self.kpi_keys().await?;
        }
        // Before a form is opened that could not be sent off.
        self.permit_words(text, &known).await?;
        let read = match act {
            Act::Typed(_) | Act::Clicked { .. } => command::parse(text, &known),
            _ => command::parse_form(text, values, &known),
        };
        let clicked = matches!(act, Act::Clicked { .. });
        let submitted = matches!(act, Act::Submitted { .. });
        let command = match read {
            Ok(command) if !submitted && command.wants_form(clicked) => {
                return self.open(form_of(text, values, &known), act).await;
            }
            Ok(command) => command,
            Err(misread) => return self.open(misread.into(), act).await,
        };
        match self.carry_out(command).await {
            Err(Error::User(error)) => {
                let mut form = form_of(text, values, &known);
                if let Reply::Form(made) = &mut form {
                    let mut conn = self.read().await?;
                    if let Err(Error::User(_)) = self.dress(&mut conn, made).await {
                        form = Reply::Nothing;
                    }
                }
                Ok(refusal(*error, act, form))
            }
            other => other,
        }
    }

    /// Lets the person go on if they may use what the words lead to.
    pub(super) async fn permit_words(&self, words: &str, known: &Known) -> Result<()> {
        match command::leads_to(words, known) {
            Some(path) => self.permit(&path).await,
            None => Ok(()),
        }
    }

    /// What stands in the fields of a form before anybody fills it in.
    async fn standing_in(&self, command: &str) -> Result<Filled> {
        match command::leads_to(command, &Known::default()) {
            Some(path) if path.starts_with("setup ") || path == "settings set" => {
                people::setup::flow::prefilled(self, &path).await
            }
            Some(path) if path.starts_with("audit ") => {
                audit::form::prefilled(self, &path, command).await
            }
            Some(path) if path == "kpi analyse" => {
                kpi::analysis::flow::prefilled(self, command::subject(command)).await
            }
            _ => Ok(Filled::new()),
        }
    }

    /// Lets the person go on, or says who may.
    async fn permit(&self, path: &str) -> Result<()> {
        if people::rights::may(&self.person, path) {
            return Ok(());
        }
        presence::trouble::denied(self, path).await?;
        let people = self.people(&mut self.read().await?).await?;
        Err(people::rights::refusal(&self.person, path, &people).into())
    }

    /// Makes a form ready: what it is about is there, is named, and fills what it already says.
    async fn open(&self, reply: Reply, act: &Act) -> Result<Reply> {
        let Reply::Form(mut form) = reply else {
            return Ok(reply);
        };
        audit::form::about(self, &mut form).await?;
        if !matches!(act, Act::Submitted { .. }) {
            form = self.filled_before(form).await?;
            for (field, value) in self.standing_in(&form.command).await? {
                form.fill(&field, Some(&value));
            }
        }
        let id = self.workspace.id;
        let subject = command::subject(&form.command);
        let mut conn = self.read().await?;
        match subject {
            Some(RecordName::Action(name)) => {
                let case = action::change::load_case(&mut conn, id, name).await?;
                form.say(format!("{name} · {}", case.action.title));
                if !matches!(act, Act::Submitted { .. }) {
                    case.fill(&mut form);
                }
            }
            Some(RecordName::Audit(name)) => {
                let audit = audit::flow::load(&mut conn, id, name).await?;
                audit::form::tell(self, &mut conn, &mut form).await?;
                form.say(format!("{name} · {}", audit.topic));
            }
            Some(RecordName::Finding(name)) => {
                let finding = audit::finding::flow::load(&mut conn, id, name).await?;
                form.say(format!("{name} · {}", finding.title()));
            }
            Some(RecordName::Review(name)) => {
                let review = review::flow::load(&mut conn, id, name).await?;
                form.say(format!("{name} · {}", review.title));
            }
            Some(RecordName::Kpi(key)) => {
                self.dress(&mut conn, &mut form).await?;
                let kpi = kpi::flow::load(&mut conn, id, &key).await?;
                form.say(kpi.name);
            }
            None => presence::handover::name_whose(self, &mut form).await?,
        }
        Ok(Reply::Form(form))
    }

    /// Makes of a form what only the room knows: the questions of a survey, the line of a checklist.
    async fn dress(&self, conn: &mut Conn, form: &mut Form) -> Result<()> {
        let key = match command::subject(&form.command) {
            Some(RecordName::Kpi(key)) => key,
            Some(RecordName::Audit(_)) => return audit::form::dress(self, conn, form).await,
            _ => return Ok(()),
        };
        match command::leads_to(&form.command, &Known::default()).as_deref() {
            Some("survey answer") => kpi::survey::ask::dress(self, conn, &key, form).await,
            Some("inspection check") => kpi::inspection::flow::dress(self, conn, &key, form).await,
            _ => Ok(()),
        }
    }

    /// The form with this person's draft in it, unless they have typed something else.
    async fn filled_before(&self, form: Form) -> Result<Form> {
        let Some(values) = self.draft(&form.command).await? else {
            return Ok(form);
        };
        let known = self.known().await?;
        let read = |values: &Filled| command::begun(&form.command, values, &known).ok();
        match (read(&Filled::new()), read(&values)) {
            (Some(blank), Some(mut filled)) if draft::is_blank(&form, &blank) => {
                // A file comes with the command, where forms cannot ask for one.
                let attached = form.fields.into_iter().filter(Field::is_file);
                for field in attached.filter(|field| field.value.is_some()) {
                    filled.put(&field.name, field.value);
                }
                filled.say("You began this before; what you typed is still here.");
                Ok(filled)
            }
            _ => Ok(form),
        }
    }

    /// Reads typed words and carries them out; what is not a command yet is an error.
    pub async fn say(&self, words: &str) -> Result<Reply> {
        match command::parse(words, &self.known().await?) {
            Ok(command) => self.carry_out(command).await,
            Err(Misread::Card(card)) => Err(UserError::new(card.plain()).into()),
            Err(Misread::Form(form)) => {
                let wrong = form.fields.iter().filter_map(|field| field.error.as_ref());
                let wrong: Vec<_> = wrong
                    .map(String::as_str)
                    .chain(form.intro.as_deref())
                    .collect();
                Err(UserError::new(format!("{}: {}", form.title, wrong.join(" "))).into())
            }
        }
    }

    /// Carries out a command, if this person may.
    pub async fn carry_out(&self, command: Command) -> Result<Reply> {
        let path = command.path();
        self.permit(path).await?;
        let reply = match command {
            Command::Action(command) => action::flow::run(self, command).await,
            Command::Audit(command) => audit::flow::run(self, command).await,
            Command::Review(command) => review::flow::run(self, command).await,
            Command::Mine => schedule::owed::mine(self).await,
            Command::Snooze(snooze) => schedule::owed::snooze(self, snooze).await,
            Command::Kpi(command) => kpi::flow::run(self, command).await,
            Command::Source(command) => kpi::source::flow::run(self, command).await,
            Command::Token(command) => kpi::token::flow::run(self, command).await,
            Command::Survey(command) => kpi::survey::flow::run(self, command).await,
            Command::Inspection(command) => kpi::inspection::flow::run(self, command).await,
            Command::Report(command) => report::flow::run(self, command).await,
            Command::File(command) => record::flow::run(self, command).await,
            Command::Digest(command) => kpi::digest::flow::run(self, command).await,
            Command::Help { topic } if topic.is_empty() => {
                people::setup::flow::lead(self, command::help(&topic)).await
            }
            Command::Help { topic } => Ok(command::help(&topic).into()),
            Command::Settings(command) => people::settings::run(self, command).await,
            Command::Role(command) => people::roles::flow::run(self, command).await,
            Command::Area(command) => people::area::flow::run(self, command).await,
            Command::Setup(command) => people::setup::flow::run(self, command).await,
            Command::Status => status::flow::run(self).await,
            Command::Home => home::run(self).await,
            Command::Away(said) => presence::absence::away(self, said).await,
            Command::Back => presence::absence::back(self).await,
            Command::Link(said) => presence::link::run(self, said).await,
            Command::Handover(said) => presence::handover::run(self, said).await,
        };
        Ok(match reply? {
            Reply::Card(card) => in_zone(card, self.zone_to_name(path)).into(),
            reply => reply,
        })
    }

    /// The zone that an answer means, if it judges days (today, overdue) or tells times and the
    /// person's clock is not the workspace's.
    fn zone_to_name(&self, path: &str) -> Option<Tz> {
        let (own, shared) = (self.zone(), self.workspace.zone);
        let (meant, other) = match path.split(' ').next().unwrap_or(path) {
            "mine" | "home" | "audit" | "review" => (own, shared),
            "action" if path == "action list" => (own, shared),
            "status" | "digest" => (shared, own),
            _ => return None,
        };
        people::rules::zone_to_name(meant, [other], self.now)
    }

    /// What the grammar has to know to read this person's words.
    pub async fn known(&self) -> Result<Known> {
        let mut conn = self.read().await?;
        let people = self.people(&mut conn).await?;
        // There a person is called by the id; other platforms' ids are not for people to type.
        let by_id = self.workspace.platform == Platform::Playground;
        let known = |person: crate::people::Person| KnownPerson {
            id: person.id,
            handle: by_id.then(|| person.external.clone()),
            platform_id: person.external,
            name: person.name,
        };
        let (present, gone): (Vec<_>, Vec<_>) =
            people.0.into_iter().partition(|person| person.present);
        Ok(Known {
            today: self.today(),
            zone: self.zone(),
            speaker: self.person.id,
            people: present.into_iter().map(known).collect(),
            gone: gone.into_iter().map(known).collect(),
            ..Known::default()
        })
    }

    /// The same, with the records that could be meant: for suggestions while someone types.
    pub async fn known_with_records(&self) -> Result<Known> {
        let mut known = self.known().await?;
        known.kpis = self.kpi_keys().await?;
        let mut conn = self.read().await?;
        let id = self.workspace.id;
        let actions = sql!(conn, actions::list_titles(id, SUGGESTED))?;
        let named = |(number, title)| (ActionName(number), title);
        known.actions = actions.into_iter().map(named).collect();
        let audits = sql!(conn, audit::list_audits(id, known.today.year()))?;
        known.audits = audits.iter().map(audit::rules::Audit::name).collect();
        let findings = sql!(conn, finding::list_findings(id))?;
        let open = findings.iter().filter(|finding| finding.state.is_draft());
        let named = open.map(|finding| (FindingName(finding.number), finding.title().to_owned()));
        known.findings = named.collect();
        let reviews = sql!(conn, review::list_reviews(id))?;
        known.reviews = reviews.into_iter().map(|review| review.name).collect();
        Ok(known)
    }

    async fn kpi_keys(&self) -> Result<Vec<KpiKey>> {
        let mut conn = self.read().await?;
        let kpis = sql!(conn, kpi::list_kpis(self.workspace.id))?;
        Ok(kpis.into_iter().map(|kpi| kpi.key).collect())
    }

    /// The persons of the workspace, read once in an act.
    pub async fn people(&self, conn: &mut Conn) -> Result<People> {
        if let Some(people) = self.people.get() {
            return Ok(people.clone());
        }
        let people = People(sql!(conn, people::list_people(self.workspace.id))?);
        Ok(self.people.get_or_init(|| people).clone())
    }
}

/// What could be meant in an argument, for somebody who may use the command.
pub(super) async fn suggest(app: &App, asked: &Asked) -> Result<Vec<Choice>> {
    let mut conn = app.store.read().await?;
    let found = sql!(
        conn,
        people::find_workspace(asked.platform, &asked.workspace)
    )?;
    let Some(workspace) = found else {
        return Ok(Vec::new());
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    drop(conn);
    let Some(person) = people.find_by_external(&asked.person).cloned() else {
        return Ok(Vec::new());
    };
    let path = command::leads_to(&asked.command, &Known::default());
    if !person.present || !path.is_some_and(|path| people::rights::may(&person, &path)) {
        return Ok(Vec::new());
    }
    let ctx = Ctx::new(app.clone(), workspace, person).among(people);
    let known = ctx.known_with_records().await?;
    Ok(command::suggest(
        &asked.command,
        &asked.field,
        &asked.typed,
        &known,
    ))
}

pub(super) fn form_of(text: &str, values: &[(String, String)], known: &Known) -> Reply {
    command::form(text, values, known).map_or_else(Reply::from, Reply::Form)
}

/// A refusal, where the person can act on it: beside its field with all that was typed, or above the
/// form it came from, or as a card.
fn refusal(error: UserError, act: &Act, form: Reply) -> Reply {
    let Reply::Form(mut form) = form else {
        return error.card().into();
    };
    let field = form
        .fields
        .iter_mut()
        .find(|field| error.field == Some(&field.name));
    match (field, act) {
        (Some(field), _) => field.error = Some(error.text),
        (None, Act::Submitted { .. }) => form.intro = Some(error.text),
        (None, _) => return error.card().into(),
    }
    Reply::Form(form)
}
