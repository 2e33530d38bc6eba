//! Chromium, driven over WebDriver. It waits for what should appear, never for time to pass.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

/// How long anything may take to appear on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The driver's process. It ends with this, and its browser too, also when the test failed.
struct Driver {
    process: Child,
    port: u16,
    session: Option<String>,
    /// Held, so that it can go on writing to it.
    _words: BufReader<ChildStdout>,
}

impl Driver {
    /// Asks the driver to close the browser; it answers once that is done.
    fn close(&self) -> std::io::Result<()> {
        let Some(session) = &self.session else {
            return Ok(());
        };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = "Host: 127.0.0.1\r\nConnection: close";
        write!(
            stream,
            "DELETE /session/{session} HTTP/1.1\r\n{host}\r\n\r\n"
        )?;
        stream.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.close();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub struct Browser {
    pub client: Client,
    driver: Driver,
    _profile: TempDir,
}

/// What kind of screen it is shown on.
#[derive(Clone, Copy, PartialEq)]
pub enum Screen {
    Desk,
    DeskAtNight,
    Phone,
}

impl Browser {
    /// Starts a driver on a port of its own choice, and a browser with a fresh profile.
    pub async fn open(screen: Screen) -> Browser {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's package chromium-driver is installed");
        let mut words = BufReader::new(process.stdout.take().unwrap());
        let port = (&mut words)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("successfully on port ")?
                    .1
                    .split('.')
                    .next()
                    .map(str::to_owned)
            })
            .expect("chromedriver says on which port it listens");
        let port = port.parse().unwrap();
        let mut driver = Driver {
            process,
            port,
            session: None,
            _words: words,
        };
        let profile = tempfile::tempdir().unwrap();
        let mut flags = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--window-size=1240,860".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let night = screen == Screen::DeskAtNight;
        flags.push(format!(
            "--blink-settings=preferredColorScheme={}",
            i32::from(!night)
        ));
        let mut options = json!({ "args": flags });
        if screen == Screen::Phone {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0 } });
        }
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Debian's package chromium is installed");
        driver.session = client.session_id().await.unwrap();
        Browser {
            client,
            driver,
            _profile: profile,
        }
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The element, once it is there and can be seen.
    pub async fn see(&self, css: &str) -> Element {
        self.wait(Locator::Css(css), css).await
    }

    /// The element of this kind that holds these words, once it is there.
    pub async fn read(&self, element: &str, words: &str) -> Element {
        let path = format!("//{element}[contains(normalize-space(.), '{words}')]");
        self.wait(Locator::XPath(&path), &path).await
    }

    async fn wait(&self, locator: Locator<'_>, named: &str) -> Element {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(locator)
            .await
        {
            Ok(element) => element,
            Err(error) => {
                self.picture("not-found").await;
                let text = "return document.body.innerText";
                let page = self.client.execute(text, vec![]).await.unwrap();
                panic!("{named} is not there ({error}). The page: {page:#}");
            }
        }
    }

    /// Waits until nothing matches any more.
    pub async fn gone(&self, css: &str) {
        let none = async || {
            self.client
                .find_all(Locator::Css(css))
                .await
                .unwrap()
                .is_empty()
        };
        let wait = async {
            while !none().await {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, wait).await;
        in_time.unwrap_or_else(|_| panic!("{css} is still there"));
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap().len()
    }

    /// Types into whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    pub async fn press(&self, key: Key) {
        self.keys(&char::from(key).to_string()).await;
    }

    /// Writes into the message box and sends it.
    pub async fn say(&self, words: &str) {
        let typed = self.see(".place .box textarea").await;
        typed.send_keys(words).await.unwrap();
        typed
            .send_keys(&char::from(Key::Enter).to_string())
            .await
            .unwrap();
    }

    /// The id of what has the focus.
    pub async fn focus(&self) -> String {
        let focused = self.client.active_element().await.unwrap();
        focused.attr("id").await.unwrap().unwrap_or_default()
    }

    /// Whether the picture was fetched and decoded.
    pub async fn draws(&self, css: &str) -> bool {
        let script = "const [css, done] = arguments;
            const picture = document.querySelector(css);
            picture.decode().then(() => done(picture.naturalWidth > 300), () => done(false))";
        let drawn = self.client.execute_async(script, vec![json!(css)]).await;
        drawn.unwrap() == json!(true)
    }

    /// Keeps what is shown, for people to look at, where BROWSER_PICTURES names a folder.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("BROWSER_PICTURES") {
            let png = self.client.screenshot().await.unwrap();
            std::fs::write(format!("{folder}/{name}.png"), png).unwrap();
        }
    }

    pub async fn close(mut self) {
        self.driver.session = None;
        self.client.clone().close().await.unwrap();
    }
}
