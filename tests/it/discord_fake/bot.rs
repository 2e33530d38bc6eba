//! A small bot of the library, told from the people's side.

use serenity::all::{
    ActionRowComponent, Client, Command, CommandDataOptionValue, CommandOptionType, CommandType,
    Context, CreateAutocompleteResponse, CreateCommand, CreateCommandOption, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateModal, CreateSelectMenu, CreateSelectMenuKind, EditInteractionResponse, EventHandler,
    GatewayIntents, Guild, InputTextStyle, Interaction, Message, Ready, async_trait,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;

/// What it heard, in words.
struct Small {
    heard: UnboundedSender<String>,
}

fn answer(words: &str) -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new()
        .content(words)
        .ephemeral(true)
        .allowed_mentions(CreateAllowedMentions::new())
}

fn select() -> CreateActionRow {
    let kind = CreateSelectMenuKind::User {
        default_users: Some(vec![id(BOB)]),
    };
    let select = CreateSelectMenu::new("pick:owner:action new", kind).placeholder("Owner");
    CreateActionRow::SelectMenu(select)
}

fn form(words: &str) -> CreateInteractionResponseMessage {
    let buttons = vec![
        CreateButton::new("write:1:action new").label("Write"),
        CreateButton::new("send:action new").label("Raise"),
    ];
    answer(words).components(vec![select(), CreateActionRow::Buttons(buttons)])
}

pub fn modal() -> CreateInteractionResponse {
    let input = CreateInputText::new(InputTextStyle::Short, "Title", "title").value("Old");
    let modal = CreateModal::new("write:1:action new", "New action");
    CreateInteractionResponse::Modal(modal.components(vec![CreateActionRow::InputText(input)]))
}

#[async_trait]
impl EventHandler for Small {
    async fn ready(&self, ctx: Context, ready: Ready) {
        let text = CommandOptionType::String;
        let option = |name: &str| CreateCommandOption::new(text, name, "An argument");
        let new = CreateCommandOption::new(CommandOptionType::SubCommand, "new", "Raise an action")
            .add_sub_option(option("title"))
            .add_sub_option(CreateCommandOption::new(
                CommandOptionType::User,
                "owner",
                "Who",
            ))
            .add_sub_option(option("due").set_autocomplete(true))
            .add_sub_option(option("severity").add_string_choice("Minor nonconformity", "minor"));
        let group = CommandOptionType::SubCommandGroup;
        let group = CreateCommandOption::new(group, "action", "Actions").add_sub_option(new);
        let commands = vec![
            CreateCommand::new("isms")
                .description("The ISMS")
                .add_option(group),
            CreateCommand::new("Raise action").kind(CommandType::Message),
        ];
        Command::set_global_commands(&ctx.http, commands)
            .await
            .unwrap();
        self.heard
            .send(format!("ready in {}", ready.guilds.len()))
            .unwrap();
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        let mut channels: Vec<&str> = guild.channels.values().map(|c| c.name.as_str()).collect();
        channels.sort_unstable();
        self.heard
            .send(format!("{} {channels:?}", guild.name))
            .unwrap();
    }

    async fn message(&self, _: Context, message: Message) {
        self.heard
            .send(format!("{}: {}", message.author.name, message.content))
            .unwrap();
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) if command.data.kind == CommandType::Message => {
                let messages = &command.data.resolved.messages;
                let words = messages.values().next().unwrap().content.clone();
                let words = CreateInteractionResponse::Message(answer(&format!("On {words}")));
                command.create_response(&ctx.http, words).await.unwrap();
            }
            Interaction::Command(command) => {
                let CommandDataOptionValue::SubCommandGroup(group) = &command.data.options[0].value
                else {
                    panic!("a group")
                };
                let CommandDataOptionValue::SubCommand(given) = &group[0].value else {
                    panic!("a sub-command")
                };
                let admin = command
                    .member
                    .as_ref()
                    .is_none_or(|m| m.permissions.unwrap().administrator());
                let told: Vec<String> = given
                    .iter()
                    .map(|o| format!("{}={:?}", o.name, o.value))
                    .collect();
                self.heard
                    .send(format!("{} admin:{admin} {told:?}", command.user.name))
                    .unwrap();
                if given.is_empty() {
                    let form = CreateInteractionResponse::Message(form("New action"));
                    return command.create_response(&ctx.http, form).await.unwrap();
                }
                command.defer_ephemeral(&ctx.http).await.unwrap();
                let embed = CreateEmbed::new().title("CA-1 **raised**").field(
                    "Owner",
                    format!("<@{BOB}>"),
                    true,
                );
                let done = EditInteractionResponse::new().embed(embed.attachment("chart.png"));
                let chart =
                    CreateAttachment::bytes(*b"\x89PNG", "chart.png").description("A chart");
                command
                    .edit_response(&ctx.http, done.new_attachment(chart))
                    .await
                    .unwrap();
                let more = CreateInteractionResponseFollowup::new()
                    .content("More")
                    .ephemeral(true);
                command.create_followup(&ctx.http, more).await.unwrap();
            }
            Interaction::Autocomplete(command) => {
                let typed = command.data.autocomplete().unwrap();
                let choices = CreateAutocompleteResponse::new()
                    .add_string_choice(format!("{}…", typed.value), "2026-12-18");
                let choices = CreateInteractionResponse::Autocomplete(choices);
                command.create_response(&ctx.http, choices).await.unwrap();
            }
            Interaction::Component(click) => {
                let say = |words: &str| CreateInteractionResponse::Message(answer(words));
                let response = match click.data.custom_id.as_str() {
                    "write:1:action new" => modal(),
                    "pick:owner:action new" => CreateInteractionResponse::Acknowledge,
                    "send:action new" => say("Raised"),
                    other => say(&format!("{other} on {}", click.message.content)),
                };
                click.create_response(&ctx.http, response).await.unwrap();
            }
            Interaction::Modal(submit) => {
                let ActionRowComponent::InputText(input) = &submit.data.components[0].components[0]
                else {
                    panic!("an input")
                };
                let value = input.value.clone().unwrap();
                let again = form(&format!("New action\n⚠ Title: {value} is too short"));
                let again = CreateInteractionResponse::UpdateMessage(again);
                submit.create_response(&ctx.http, again).await.unwrap();
            }
            _ => {}
        }
    }
}

/// The bot runs until the test ends.
pub async fn runs(discord: &FakeDiscord) -> UnboundedReceiver<String> {
    let intents = GatewayIntents::GUILDS | GatewayIntents::DIRECT_MESSAGES;
    runs_with(discord, intents).await
}

pub async fn runs_with(
    discord: &FakeDiscord,
    intents: GatewayIntents,
) -> UnboundedReceiver<String> {
    let (heard, hears) = unbounded_channel();
    let http = http(discord);
    let url = http.get_gateway().await.unwrap().url;
    let builder = serenity::client::ClientBuilder::new_with_http(http, intents);
    let ended = heard.clone();
    let mut client: Client = builder.event_handler(Small { heard }).await.unwrap();
    *client.ws_url.lock().await = url;
    tokio::spawn(async move {
        let error = client.start().await.unwrap_err();
        let _ = ended.send(format!("ended: {error}"));
    });
    hears
}

#[tokio::test]
async fn a_bot_of_the_library_hears_and_answers() {
    let discord = FakeDiscord::start().await;
    let mut heard = runs(&discord).await;
    discord.hellos(1).await;
    let mut first = vec![
        heard.recv().await.unwrap(),
        heard.recv().await.unwrap(),
        heard.recv().await.unwrap(),
    ];
    first.sort();
    assert_eq!(
        first,
        [
            "Other Ltd [\"isms\"]",
            "Sample Ltd [\"isms\"]",
            "ready in 2"
        ]
    );
    assert_eq!(discord.registrations(), 1);
    assert_eq!(discord.commands("").len(), 2);

    let ann = discord.person("ann");
    assert_eq!(ann.id(), ANN);
    let card = ann
        .types("/isms action new Patch the VPN owner:@bob severity:minor")
        .await
        .card();
    assert!(card.ephemeral);
    assert_eq!(card.text(), "CA-1 raised\nOwner: @Bob Ito");
    assert_eq!(card.files(), ["chart.png"]);
    assert_eq!(
        card.json()["embeds"][0]["image"]["url"],
        "attachment://chart.png"
    );
    assert_eq!(
        heard.recv().await.unwrap(),
        format!(
            "ann admin:true {:?}",
            [
                "title=String(\"Patch the VPN\")",
                &format!("owner=User(UserId({BOB}))"),
                "severity=String(\"minor\")"
            ]
        )
    );
    let offered = ann.completes("action new", "due", "fri").await;
    assert_eq!(offered, [("fri…".to_owned(), "2026-12-18".to_owned())]);
    discord.is_content();
}

#[tokio::test]
async fn a_form_of_selects_and_a_modal_is_filled_and_sent() {
    let discord = FakeDiscord::start().await;
    let mut heard = runs(&discord).await;
    let bob = discord.person(BOB).in_dm();
    let form: Modal = bob.types("/isms action new").await.modal();
    assert_eq!(form.title(), "New action");
    assert_eq!(form.fields().await, ["owner", "title"]);
    assert_eq!(form.value("owner").await.as_deref(), Some(BOB));
    assert_eq!(form.value("title").await.as_deref(), Some("Old"));
    assert_eq!(form.error("title").await, None);
    let filled = form.fills(&[("title", "X"), ("owner", "cai")]);
    assert_eq!(filled.value("title").await.as_deref(), Some("X"));
    let sight: Sight = filled.submits().await;
    assert_eq!(sight.card().text(), "Raised");
    // Written into the modal by hand, the form comes again, with what is wrong.
    let form = bob.types("/isms action new").await.modal();
    let again = form.writes(&[("title", "X")]).await;
    assert_eq!(
        again.error("title").await.as_deref(),
        Some("⚠ Title: X is too short")
    );
    assert!(again.all_words().contains("too short"));
    loop {
        let words = heard.recv().await.unwrap();
        if words.starts_with("bob") {
            assert_eq!(
                words, "bob admin:true []",
                "in a direct conversation nobody is told"
            );
            break;
        }
    }
    discord.is_content();
}

#[tokio::test]
async fn a_button_in_a_channel_a_menu_and_a_direct_message_reach_the_bot() {
    let discord = FakeDiscord::start().await;
    let mut heard = runs(&discord).await;
    discord.hellos(1).await;
    let button = CreateButton::new("action done CA-1")
        .label("Done")
        .style(ButtonStyle::Danger);
    let message = said("CA-1", "1").components(vec![CreateActionRow::Buttons(vec![button])]);
    let isms: ChannelId = id(ISMS);
    isms.send_message(&http(&discord), message).await.unwrap();
    let message = discord.channel(ISMS).arrive(1).await.remove(0);
    assert_eq!(
        (message.buttons(), message.commands()),
        (vec!["Done".to_owned()], vec!["action done CA-1".to_owned()])
    );
    let dee: Person = discord.person(DEE);
    let answer = dee.clicks(&message, "Done").await.card();
    assert_eq!(answer.text(), "action done CA-1 on CA-1");
    assert!(
        discord.channel(ISMS).messages().len() == 1,
        "the answer is for Dee"
    );
    assert_eq!(
        dee.uses("Raise action", &message).await.card().text(),
        "On CA-1"
    );
    dee.writes("hello");
    while heard.recv().await.unwrap() != "dee: hello" {}
    discord.is_content();
}
