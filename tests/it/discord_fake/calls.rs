//! What the library's REST client gets: what is there, messages, direct messages, faults.

use super::*;

#[tokio::test]
async fn what_is_there_can_be_read() {
    let discord = FakeDiscord::start().await;
    let http = http(&discord);
    assert_eq!(http.get_current_user().await.unwrap().id, id::<UserId>(BOT));
    assert_eq!(http.get_user(id(BOB)).await.unwrap().name, "bob");
    let guild: GuildId = id(GUILD);
    assert_eq!(
        http.get_guild(guild).await.unwrap().owner_id,
        id::<UserId>(ANN)
    );
    assert_eq!(http.get_guilds(None, None).await.unwrap().len(), 2);
    assert_eq!(http.get_channels(guild).await.unwrap().len(), 1);
    assert_eq!(
        http.get_member(guild, id(BOB))
            .await
            .unwrap()
            .display_name(),
        "Bob Ito"
    );
    assert_eq!(
        http.get_channel(id(ISMS))
            .await
            .unwrap()
            .guild()
            .unwrap()
            .name,
        "isms"
    );
    assert_eq!(
        http.get_current_application_info().await.unwrap().name,
        "ISMS"
    );
    let bot = http.get_bot_gateway().await.unwrap();
    assert_eq!((bot.shards, bot.session_start_limit.remaining), (1, 1000));
    discord.is_content();

    discord.leaves(BOB, GUILD);
    assert_eq!(
        code(http.get_member(guild, id(BOB)).await.unwrap_err()),
        10007
    );
    assert_eq!(
        code(http.get_member(id(OTHER_GUILD), id(DEE)).await.unwrap_err()),
        10007
    );
    assert!(http.get_member(id(OTHER_GUILD), id(CAI)).await.is_ok());
    assert_eq!(
        code(http.get_channel(id(ELSEWHERE)).await.unwrap_err()),
        50001
    );
    discord.expels_the_bot_from(OTHER_GUILD);
    assert_eq!(
        code(http.get_channel(id(OTHER_ISMS)).await.unwrap_err()),
        50001
    );
    assert_eq!(discord.invalid_requests(), 2);
}

#[tokio::test]
async fn a_message_is_posted_edited_answered_in_its_thread_and_listed() {
    let discord = FakeDiscord::start().await;
    let http = http(&discord);
    let isms: ChannelId = id(ISMS);
    let embed = CreateEmbed::new().title("Digest").attachment("a.png");
    let chart = || CreateAttachment::bytes(*b"\x89PNG", "a.png");
    let message = said("first", "n1").embed(embed).add_file(chart());
    let first = isms.send_message(&http, message).await.unwrap();
    let again = isms.send_message(&http, said("first", "n1")).await.unwrap();
    assert_eq!(first.id, again.id, "the same nonce is the same message");
    discord.forgets_nonces();
    let other = isms.send_message(&http, said("first", "n1")).await.unwrap();
    assert_ne!(first.id, other.id);
    isms.delete_message(&http, other.id).await.unwrap();

    let thread = CreateThread::new("Detail");
    let thread = isms
        .create_thread_from_message(&http, first.id, thread)
        .await
        .unwrap();
    assert_eq!(thread.id.get(), first.id.get());
    thread
        .id
        .send_message(&http, said("detail", "n2"))
        .await
        .unwrap();
    let edit = EditMessage::new()
        .content("changed <@1>")
        .allowed_mentions(CreateAllowedMentions::new());
    isms.edit_message(&http, first.id, edit).await.unwrap();

    let shown = discord.channel(ISMS).arrive(2).await;
    assert_eq!(
        (shown[0].text(), shown[0].is_edited()),
        ("changed <@1>\nDigest", true)
    );
    assert_eq!(
        (shown[0].thread(), shown[1].thread()),
        (None, Some(shown[0].id()))
    );
    assert_eq!(shown[0].files(), ["a.png"]);
    assert_eq!(discord.files(), [("a.png".to_owned(), b"\x89PNG".to_vec())]);
    let listed = http.get_messages(isms, None, Some(10)).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].nonce.is_none(), "a nonce is not kept for readers");
    assert!(listed[0].thread.is_some());
    discord.is_content();
}

#[tokio::test]
async fn only_who_wants_to_is_written_to_and_only_who_may_be_is_called() {
    let discord = FakeDiscord::start().await;
    let http = http(&discord);
    let to = async |who: &str| {
        let channel = http
            .create_private_channel(&json!({ "recipient_id": who }))
            .await
            .unwrap();
        channel.id.send_message(&http, said("hello", "1")).await
    };
    to(BOB).await.unwrap();
    assert_eq!(discord.dm(BOB).arrive(1).await[0].text(), "hello");
    discord.closes_dms("cai");
    assert_eq!(code(to(CAI).await.unwrap_err()), 50007);
    discord.leaves("dee", GUILD);
    assert_eq!(code(to(DEE).await.unwrap_err()), 50007);

    let isms: ChannelId = id(ISMS);
    let mentions = CreateAllowedMentions::new().users([id::<UserId>(BOB)]);
    let words = format!("<@{BOB}> <@{CAI}>");
    let message = said(&words, "2").allowed_mentions(mentions);
    isms.send_message(&http, message).await.unwrap();
    let message = discord.channel(ISMS).messages().remove(0);
    assert_eq!(message.calls(), [BOB]);
    assert_eq!(message.text(), "@Bob Ito @Cai Jones");
    let silent = CreateMessage::new()
        .content(words)
        .enforce_nonce(true)
        .nonce(Nonce::Number(3));
    isms.send_message(&http, silent).await.unwrap();
    assert!(discord.violations()[0].contains("allowed_mentions"));
}

#[tokio::test]
async fn faults_come_when_the_story_wants_them() {
    let discord = FakeDiscord::start().await;
    let http = http(&discord);
    let isms: ChannelId = id(ISMS);
    let post = async |nonce: &str| isms.send_message(&http, said("x", nonce)).await;
    for fault in [
        Fault::Limited(7),
        Fault::LimitedEverywhere(7),
        Fault::Status(503),
        Fault::Code(50013, 403),
    ] {
        discord.next(POST, fault);
        assert!(post("1").await.is_err(), "{fault:?}");
    }
    assert_eq!(discord.invalid_requests(), 3);
    discord.next(POST, Fault::Exhausted(5));
    post("2").await.unwrap();
    let wait = std::time::Duration::from_millis(200);
    for (fault, stands) in [(Fault::Silent, 1), (Fault::DoneThenSilent, 2)] {
        discord.next(POST, fault);
        let seen = discord.calls(POST).len();
        assert!(
            tokio::time::timeout(wait, post("3")).await.is_err(),
            "{fault:?}"
        );
        assert_eq!(discord.called(POST, seen + 1).await.len(), seen + 1);
        assert_eq!(discord.channel(ISMS).messages().len(), stands);
    }
    post("3").await.unwrap();
    assert_eq!(
        discord.channel(ISMS).messages().len(),
        2,
        "it was there already"
    );
    discord.is_content();
}
