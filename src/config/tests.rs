use super::*;

fn from(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("own.toml");
    std::fs::write(&path, file).unwrap();
    let variables = variables
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    Config::from_layers(Some(&path), &variables).map_err(|error| {
        error
            .to_string()
            .replace(&format!("{}/", dir.path().display()), "")
    })
}

#[test]
fn the_embedded_defaults_are_complete_and_valid() {
    let config = Config::from_layers(None, &BTreeMap::new()).unwrap();
    assert_eq!(config.database.to_string(), "SQLite data/isms-bot.sqlite");
    assert_eq!(config.demo.to_string(), "SQLite data/demo.sqlite");
    assert!(config.http.ip().is_loopback());
    assert_eq!(config.workspace.working_days.len(), 5);
    assert!(!config.slack.is_configured());
    assert_eq!(config.log.level, Level::Info);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let config = from(
        "[log]\nlevel = \"warn\"\nformat = \"json\"\n[shutdown]\ngrace_seconds = 3",
        &[
            ("ISMS_LOG__LEVEL", "debug"),
            ("ISMS_CONFIG", "x"),
            ("ISMS_TEST_POSTGRES", "y"),
        ],
    )
    .unwrap();
    assert_eq!(config.log.level, Level::Debug);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.grace, Duration::from_secs(3));
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_with_what_would_be_right() {
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    );
    let table: &[Case] = &[
        (
            "[slack]\nchanel = \"C1\"",
            &[],
            "unknown setting slack.chanel in own.toml; the nearest is slack.channel",
        ),
        (
            "[slak]\nbot_token = \"xoxb-1\"",
            &[],
            "unknown setting slak.bot_token in own.toml; the nearest is slack.bot_token",
        ),
        (
            "bot_token = \"xoxb-1\"",
            &[],
            "unknown setting bot_token in own.toml; the nearest is slack.bot_token",
        ),
        (
            "",
            &[("ISMS_SLACK_BOT_TOKEN", "xoxb-1")],
            "unknown setting slack_bot_token in the environment (ISMS_SLACK_BOT_TOKEN); \
             the nearest is ISMS_SLACK__BOT_TOKEN",
        ),
        (
            "[http]\nlisten = \"9464\"",
            &[],
            "http.listen in own.toml is \"9464\"; it must be an address and a port such as \
             \"127.0.0.1:8080\"",
        ),
        (
            "[http]\nlisten = [1]",
            &[],
            "http.listen in own.toml is a list; it must be text in quotes",
        ),
        (
            "",
            &[("ISMS_PLAYGROUND__LISTEN", "0.0.0.0:8080")],
            "playground.listen in the environment (ISMS_PLAYGROUND__LISTEN) is \"0.0.0.0:8080\"; \
             it must be a loopback address (127.0.0.1 or [::1]), for there is no log-in",
        ),
        (
            "[workspace]\nzone = \"Berlin\"",
            &[],
            "workspace.zone in own.toml is \"Berlin\"; it must be an IANA zone such as \
             \"Europe/Berlin\"",
        ),
        (
            "[workspace]\nworking_days = \"mon, someday\"",
            &[],
            "workspace.working_days in own.toml is \"mon, someday\"; it must be days such as \
             \"mon-fri\" or \"sun, mon, tue\"",
        ),
        (
            "[reminders]\nhour = \"9\"",
            &[],
            "reminders.hour in own.toml is \"9\"; it must be an hour such as \"09:00\"",
        ),
        (
            "[log]\nlevel = \"loud\"",
            &[],
            "log.level in own.toml is \"loud\"; it must be error, warn, info, debug or trace",
        ),
        (
            "[shutdown]\ngrace_seconds = -1",
            &[],
            "shutdown.grace_seconds in own.toml is \"-1\"; it must be a whole number of \
             seconds, such as 8",
        ),
        (
            "[digest]\ncron = \"0 9 * * 1\"",
            &[],
            "digest.cron in own.toml: “1”: write weekdays as names, MON to SUN. Programs \
             disagree about the numbers.",
        ),
        (
            "[database]\nurl = \"mysql://root:hunter2@db/isms\"",
            &[],
            "database.url in own.toml is no address of a database; it must be \
             \"sqlite:<file>\" or \"postgres://user@host:5432/name\"",
        ),
        (
            "",
            &[("ISMS_SLACK__BOT_TOKEN", "xapp-hunter2")],
            "slack.bot_token in the environment (ISMS_SLACK__BOT_TOKEN) is something else; \
             it must be a token that begins with xoxb-",
        ),
        (
            "[slack]\nbot_token = \"xoxb-1\"",
            &[("ISMS_SLACK__BOT_TOKEN_FILE", "/run/secrets/bot")],
            "slack.bot_token is set twice, in own.toml and by slack.bot_token_file in the \
             environment (ISMS_SLACK__BOT_TOKEN_FILE); keep one",
        ),
        (
            "[tokens]\nkey = \"hunter2\"",
            &[],
            "tokens.key in own.toml is something else; it must be 32 random bytes in hex or base64, \
             as `openssl rand -hex 32` makes them",
        ),
        (
            "[tokens]\nold_keys = \"hunter2\"",
            &[(
                "ISMS_TOKENS__KEY",
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            )],
            "tokens.old_keys in own.toml is something else; it must be 32 random bytes in hex or \
             base64, as `openssl rand -hex 32` makes them",
        ),
        (
            "",
            &[("ISMS_DISCORD__TOKEN", "Bot hunter2")],
            "discord.token in the environment (ISMS_DISCORD__TOKEN) is something else; it must be \
             the token under Bot of the application, without \"Bot \" before it",
        ),
        (
            "[discord]\nchannel = \"#isms\"",
            &[],
            "discord.channel in own.toml is \"#isms\"; it must be an id of digits; Discord shows it \
             with Copy Channel ID",
        ),
        (
            "[discord]\nchanel = \"1\"",
            &[],
            "unknown setting discord.chanel in own.toml; the nearest is discord.channel",
        ),
        (
            "[discord]\napi_url = \"discord.com\"",
            &[],
            "discord.api_url in own.toml is \"discord.com\"; it must be a URL that begins \
             with https://",
        ),
        (
            "[slack]\nlisten = \"8090\"",
            &[],
            "slack.listen in own.toml is \"8090\"; it must be an address and a port such as \
             \"127.0.0.1:8080\"",
        ),
        (
            "[slack]\nbot_token_file = \"/nowhere/at/all\"",
            &[],
            "slack.bot_token_file in own.toml names /nowhere/at/all: No such file or directory \
             (os error 2)",
        ),
    ];
    for (file, variables, expected) in table {
        let said = from(file, variables).expect_err(expected);
        assert_eq!(&said, expected);
    }
}

#[test]
fn what_discord_needs_is_checked_and_its_token_is_never_printed() {
    let token = "MTMwMDAwMDAwMDAwMDAwMDAwMQ.Gfake0.hunter2-hunter2-hunter2-hunter2-00000";
    let set = [
        ("ISMS_DISCORD__TOKEN", token),
        ("ISMS_DISCORD__CHANNEL", "1100000000000000101"),
    ];
    let config = from("", &set).unwrap();
    assert!(config.discord.is_configured() && !config.slack.is_configured());
    assert_eq!(config.discord.token().unwrap(), &Secret::new(token));
    assert_eq!(
        config.discord.channel.as_deref(),
        Some("1100000000000000101")
    );
    assert_eq!(config.discord.api_url, "https://discord.com");
    assert!(!format!("{config:?}").contains("hunter2"));

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, format!("{token}\n")).unwrap();
    let set = [("ISMS_DISCORD__TOKEN_FILE", file.to_str().unwrap())];
    let config = from("", &set).unwrap();
    assert_eq!(config.discord.token().unwrap(), &Secret::new(token));

    let none = from("", &[]).unwrap();
    assert!(!none.discord.is_configured());
    let said = none.discord.token().unwrap_err().to_string();
    assert!(said.starts_with("discord.token is not set; "), "{said}");
}

#[test]
fn a_corrupt_file_is_one_line_that_shows_nothing_of_what_stands_there() {
    let said = from("[slack]\nbot_token = \"xoxb-hunter2\noops = 1", &[]).unwrap_err();
    assert!(said.starts_with("own.toml is not valid TOML: "), "{said}");
    assert!(said.contains("line 2"), "{said}");
    assert!(!said.contains("hunter2") && !said.contains('\n'), "{said}");
}

#[test]
fn a_missing_file_is_named() {
    let missing = Path::new("/nowhere/isms.toml");
    let said = Config::from_layers(Some(missing), &BTreeMap::new()).unwrap_err();
    assert_eq!(
        said.to_string(),
        "cannot read /nowhere/isms.toml: No such file or directory (os error 2)"
    );
}

#[test]
fn a_secret_can_come_from_a_file_and_is_never_printed() {
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    std::fs::write(&token, "xoxb-hunter2\n").unwrap();
    let password = dir.path().join("password");
    std::fs::write(&password, "p@ss/word\n").unwrap();
    let config = from(
        "[database]\nurl = \"postgres://isms@db:6432/isms\"",
        &[
            ("ISMS_SLACK__BOT_TOKEN_FILE", token.to_str().unwrap()),
            ("ISMS_DATABASE__PASSWORD_FILE", password.to_str().unwrap()),
        ],
    )
    .unwrap();
    assert_eq!(config.slack.bot_token, Some(Secret::new("xoxb-hunter2")));
    let Database::Postgres(url) = &config.database else {
        panic!("PostgreSQL was asked for");
    };
    assert_eq!(url.expose(), "postgres://isms:p%40ss%2Fword@db:6432/isms");
    let printed = format!("{config:?} {}", config.database);
    assert!(
        !printed.contains("hunter2") && !printed.contains("word@"),
        "{printed}"
    );
    assert!(printed.ends_with("PostgreSQL db:6432/isms"), "{printed}");
}

#[test]
fn every_default_can_be_set_by_its_variable() {
    // `variable` is what the documentation and the hints use; the reader must understand it.
    for key in ["slack.bot_token", "shutdown.grace_seconds", "http.listen"] {
        let words = match key {
            "slack.bot_token" => "xoxb-1",
            "http.listen" => "127.0.0.1:1",
            _ => "1",
        };
        from("", &[(&variable(key), words)]).unwrap();
    }
}

#[test]
fn what_slack_needs_beside_what_is_set_is_named() {
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("BOT_TOKEN", "xoxb-1")], "slack.app_token"),
        (&[("APP_TOKEN", "xapp-1")], "slack.bot_token"),
        (
            &[("BOT_TOKEN", "xoxb-1"), ("SIGNING_SECRET", "s")],
            "slack.listen",
        ),
        (
            &[
                ("BOT_TOKEN", "xoxb-1"),
                ("APP_TOKEN", "xapp-1"),
                ("LISTEN", "127.0.0.1:1"),
            ],
            "slack.signing_secret",
        ),
        (
            &[("APP_TOKEN", "xapp-1"), ("CLIENT_ID", "1.2")],
            "slack.listen",
        ),
        (
            &[
                ("APP_TOKEN", "xapp-1"),
                ("CLIENT_ID", "1.2"),
                ("LISTEN", "127.0.0.1:1"),
            ],
            "slack.client_secret",
        ),
        (
            &[
                ("APP_TOKEN", "xapp-1"),
                ("CLIENT_ID", "1.2"),
                ("LISTEN", "127.0.0.1:1"),
                ("CLIENT_SECRET", "s"),
            ],
            "slack.public_url",
        ),
        (
            &[
                ("APP_TOKEN", "xapp-1"),
                ("CLIENT_ID", "1.2"),
                ("LISTEN", "127.0.0.1:1"),
                ("CLIENT_SECRET", "s"),
                ("PUBLIC_URL", "https://isms.example/"),
            ],
            "tokens.key",
        ),
        (
            &[
                ("BOT_TOKEN", "xoxb-1"),
                ("APP_TOKEN", "xapp-1"),
                ("CLIENT_SECRET", "s"),
            ],
            "slack.client_id",
        ),
    ];
    for (set, missing) in table {
        let variables: Vec<(String, &str)> = set
            .iter()
            .map(|(key, value)| (format!("ISMS_SLACK__{key}"), *value))
            .collect();
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(key, value)| (key.as_str(), *value))
            .collect();
        let config = from("", &variables).unwrap();
        assert!(config.slack.is_configured());
        let said = config.slack.whole().unwrap_err().to_string();
        assert!(
            said.starts_with(&format!("{missing} is not set; ")),
            "{said}"
        );
    }
    let both = [
        ("ISMS_SLACK__BOT_TOKEN", "xoxb-1"),
        ("ISMS_SLACK__SIGNING_SECRET", "hunter2"),
        ("ISMS_SLACK__LISTEN", "127.0.0.1:1"),
    ];
    let config = from("", &both).unwrap();
    config.slack.whole().unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn secrets_of_sources_have_names_of_the_operators_own() {
    let config = from(
        "[sources]\nhosts = \"P.example:9090, e.example:443\"\n\
         [sources.secrets.elastic]\nhost = \"e.example\"\nheader = \"Authorization: ApiKey abc\"",
        &[
            ("ISMS_SOURCES__SECRETS__JIRA__HOST", "jira.example"),
            (
                "ISMS_SOURCES__SECRETS__JIRA__HEADER_FILE",
                "/run/secrets/jira",
            ),
        ],
    )
    .unwrap();
    assert_eq!(config.sources.hosts, ["p.example:9090", "e.example"]);
    let names: Vec<_> = config.sources.secrets.iter().map(|s| &*s.name).collect();
    assert_eq!(names, ["elastic", "jira"]);
    assert!(!format!("{config:?}").contains("abc"));
}

#[test]
fn a_wrong_source_is_told_without_its_secret() {
    let wrong = |file: &str| from(file, &[]).unwrap_err();
    let secret = |rest: &str| wrong(&format!("[sources.secrets.elastic]\n{rest}"));
    let host = "host = \"e.example\"\n";
    for (told, words) in [
        (
            wrong("[sources]\nhosts = \"https://e.example\""),
            "sources.hosts in own.toml is \"https://e.example\"",
        ),
        (
            wrong("[sources]\nhosts = \"*.example\""),
            "it must be hosts",
        ),
        (secret(host), "a header or a header_file"),
        (secret("header = \"A: b\""), "given a host"),
        (
            secret(&format!("{host}header = \"abcdef\"")),
            "is no header",
        ),
        (
            secret(&format!("{host}header = \"A: b\"\nheader_file = \"x\"")),
            "is set twice",
        ),
        (
            secret(&format!("{host}heder = \"A: b\"")),
            "unknown setting",
        ),
    ] {
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("abcdef"), "{told}");
    }
}
