//! A real Prometheus, filled with samples that are written down, on a free port and in a folder of
//! its own. `scripts/test` installs it.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

pub struct Prometheus {
    pub host: String,
    server: Child,
    _folder: TempDir,
}

impl Prometheus {
    /// Holds what a text in the OpenMetrics format says.
    pub async fn with(metrics: &str) -> Prometheus {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("metrics.txt"), metrics).unwrap();
        std::fs::write(at("prometheus.yml"), "global: {}\n").unwrap();
        let filled = Command::new("promtool")
            .args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"])
            .args([at("metrics.txt"), at("data")])
            .output()
            .expect("promtool, of Debian's package prometheus");
        assert!(
            filled.status.success(),
            "{}",
            String::from_utf8_lossy(&filled.stderr)
        );
        let host = {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().to_string()
        };
        let server = Command::new("prometheus")
            .arg(format!("--config.file={}", at("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", at("data").display()))
            .arg("--storage.tsdb.retention.time=50y")
            .arg(format!("--web.listen-address={host}"))
            .arg("--log.level=error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's package prometheus");
        let prometheus = Prometheus {
            host,
            server,
            _folder: folder,
        };
        prometheus.is_ready().await;
        prometheus
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.host)
    }

    async fn is_ready(&self) {
        let ready = format!("{}/-/ready", self.url());
        for _ in 0..300 {
            let answer = reqwest::get(&ready).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Prometheus does not become ready on {}", self.host);
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
