//! What a platform cannot do is known, and true.

use isms_bot::chat::Platform;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::discord::FakeDiscord;
use crate::harness::everywhere::CANNOT;

#[tokio::test]
async fn what_is_listed_as_impossible_is() {
    let discord = FakeDiscord::start().await;
    let db = TestDatabase::sqlite().await;
    let _bot = Bot::start(&db, &discord).await;
    for (platform, line, reason) in CANNOT {
        assert_eq!(platform, Platform::Discord, "Slack sends whatever is typed");
        let kept = discord.keeps_from_typing(line).await;
        assert!(kept.is_some(), "{line} can be typed, though {reason}");
    }
    assert_eq!(discord.keeps_from_typing("/isms action list").await, None);
}
