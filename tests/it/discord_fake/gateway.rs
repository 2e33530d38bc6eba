//! The gateway, and answers out of turn, with the small bot of the library.

use serenity::all::{
    Context, EditInteractionResponse, EventHandler, GatewayIntents, Interaction, async_trait,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::bot::{modal, runs, runs_with};
use super::*;

#[tokio::test]
async fn a_lost_connection_is_resumed_and_nothing_is_lost() {
    let discord = FakeDiscord::start().await;
    let mut heard = runs(&discord).await;
    discord.hellos(1).await;
    discord.drops_connections();
    discord.person(ANN).writes("in the gap");
    while heard.recv().await.unwrap() != "ann: in the gap" {}
    discord.hellos(2).await;
    discord.asks_to_reconnect();
    discord.hellos(3).await;
    assert_eq!(discord.identifies(), 1);
    discord.invalidates_sessions(false);
    discord.hellos(4).await;
    assert_eq!(discord.identifies(), 2);
    discord.closes_connections(4000);
    discord.hellos(5).await;
    discord.person(ANN).types("/isms action new Patch").await;
    discord.is_content();
}

#[tokio::test]
async fn a_heartbeat_is_answered() {
    let discord = FakeDiscord::start().await;
    discord.wants_heartbeats_every(50);
    let _heard = runs(&discord).await;
    discord.beats(3).await;
    assert_eq!(discord.identifies(), 1);
    discord.is_content();
}

#[tokio::test]
async fn a_bad_token_and_refused_intents_end_the_client() {
    let discord = FakeDiscord::start().await;
    discord.refuses_intents();
    let mut heard = runs(&discord).await;
    assert_eq!(
        heard.recv().await.unwrap(),
        "ended: Disallowed gateway intents were provided"
    );

    let discord = FakeDiscord::start().await;
    let mut heard = runs_with(&discord, GatewayIntents::all()).await;
    assert_eq!(
        heard.recv().await.unwrap(),
        "ended: Disallowed gateway intents were provided"
    );
    assert!(
        discord.violations()[0].contains("privileged"),
        "{:?}",
        discord.violations()
    );

    let discord = FakeDiscord::start().await;
    let client = runs(&discord).await;
    discord.hellos(1).await;
    discord.revokes_the_token();
    discord.drops_connections();
    let mut heard = client;
    while heard.recv().await.unwrap() != "ended: Sent invalid authentication" {}
}

#[tokio::test]
async fn a_resume_without_an_answer_hangs_the_library() {
    let discord = FakeDiscord::start().await;
    let _heard = runs(&discord).await;
    discord.hellos(1).await;
    discord.leaves_resumes_unanswered(true);
    discord.drops_connections();
    discord.resumes(1).await;
    assert_eq!(discord.identifies(), 1);
    discord.leaves_resumes_unanswered(false);
    discord.drops_connections();
    discord.hellos(2).await;
}

/// Answers twice, a modal with a modal, and never in time.
struct Careless {
    heard: UnboundedSender<String>,
    discord: FakeDiscord,
}

#[async_trait]
impl EventHandler for Careless {
    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        let done = match interaction {
            Interaction::Command(command) => {
                command.create_response(&ctx.http, modal()).await.unwrap();
                let again = command.create_response(&ctx.http, modal()).await;
                let _ = self.heard.send(again.unwrap_err().to_string());
                return;
            }
            Interaction::Modal(submit) => {
                let _ = submit.create_response(&ctx.http, modal()).await;
                submit.defer_ephemeral(&ctx.http).await.unwrap();
                self.discord.expires_interactions();
                let late = EditInteractionResponse::new().content("late");
                submit.edit_response(&ctx.http, late).await
            }
            _ => return,
        };
        let _ = self.heard.send(done.unwrap_err().to_string());
    }
}

#[tokio::test]
async fn an_answer_out_of_turn_is_refused_and_remembered() {
    let discord = FakeDiscord::start().await;
    let (heard, mut hears) = unbounded_channel();
    let careless = Careless {
        heard,
        discord: discord.clone(),
    };
    let http = http(&discord);
    let isms = json!([{ "name": "isms", "description": "The ISMS", "options": [
        { "type": 1, "name": "status", "description": "How it stands" },
    ] }]);
    http.create_global_commands(&isms).await.unwrap();
    let url = http.get_gateway().await.unwrap().url;
    let builder = serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::empty());
    let mut client = builder.event_handler(careless).await.unwrap();
    *client.ws_url.lock().await = url;
    let shards = client.shard_manager.clone();
    tokio::spawn(async move { client.start().await });
    let form = discord.person(BOB).types("/isms status").await.modal();
    assert_eq!(
        hears.recv().await.unwrap(),
        "Interaction has already been acknowledged."
    );
    form.submits_only().await;
    assert_eq!(hears.recv().await.unwrap(), "Invalid Webhook Token");
    let codes: Vec<i64> = discord
        .refusals()
        .iter()
        .map(|(_, code, _)| *code)
        .collect();
    assert_eq!(codes, [40060, 50035, 50027]);
    assert_eq!(discord.violations().len(), 3);
    shards.shutdown_all().await;
    discord.is_left_alone().await;
}
