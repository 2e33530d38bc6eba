//! What the bot may ask over the network for values, and with which secrets.

use std::path::PathBuf;

use super::layers::{Layers, Place};
use super::{ConfigError, Secret, wrong};
use crate::kpi::source::fetch::{Header, HostSecret, headers_of};

/// The settings of a secret begin so; its name follows.
pub(super) const SECRETS: &str = "sources.secrets.";

#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `host` or `host:port`.
    pub hosts: Vec<String>,
    pub secrets: Vec<HostSecret>,
}

/// Whether a key that stands in no default is the setting of a secret: the names are the operator's.
pub(super) fn is_of_a_secret(key: &str) -> bool {
    let parts = key
        .strip_prefix(SECRETS)
        .and_then(|rest| rest.rsplit_once('.'));
    parts.is_some_and(|(name, setting)| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        !name.is_empty()
            && name.chars().all(fits)
            && ["host", "header", "header_file"].contains(&setting)
    })
}

impl Layers {
    pub(super) fn sources(&self) -> Result<Sources, ConfigError> {
        const KEY: &str = "sources.hosts";
        let (text, place) = self.text(KEY)?;
        let listed = text.split([',', ' ']).filter(|host| !host.is_empty());
        let hosts = listed.map(|host| self.host(KEY, &place, host));
        let mut secrets = Vec::new();
        for name in self.names_of_secrets() {
            secrets.push(self.host_secret(&name)?);
        }
        Ok(Sources {
            hosts: hosts.collect::<Result<_, _>>()?,
            secrets,
        })
    }

    fn names_of_secrets(&self) -> Vec<String> {
        let names = self.every_key().filter_map(|key| {
            let (name, _) = key.strip_prefix(SECRETS)?.rsplit_once('.')?;
            Some(name.to_owned())
        });
        let mut names: Vec<String> = names.collect();
        names.dedup();
        names
    }

    fn host(&self, key: &str, place: &Place, host: &str) -> Result<String, ConfigError> {
        let url = url::Url::parse(&format!("http://{host}/"));
        let plain = url.is_ok_and(|url| {
            url.path() == "/" && url.username().is_empty() && url.query().is_none()
        });
        match plain && !host.contains(['/', '@', '*']) {
            // The usual port is the same as none.
            true => {
                let usual = host.strip_suffix(":443").or(host.strip_suffix(":80"));
                Ok(usual.unwrap_or(host).to_ascii_lowercase())
            }
            false => {
                let wanted = "hosts such as \"prometheus.example:9090, elastic.example\"";
                Err(wrong(key, place, host, wanted))
            }
        }
    }

    fn host_secret(&self, name: &str) -> Result<HostSecret, ConfigError> {
        let key = |setting: &str| format!("{SECRETS}{name}.{setting}");
        let of = |setting: &str| match self.has(&key(setting)) {
            true => self.text(&key(setting)).map(Some),
            false => Ok(None),
        };
        let missing = |wanted: &str| ConfigError::Wrong {
            key: format!("{SECRETS}{name}"),
            place: self.place_of(&key("host")).unwrap_or(Place::Default),
            found: "not whole".to_owned(),
            wanted: wanted.to_owned(),
        };
        let Some((host, place)) = of("host")? else {
            return Err(missing("given a host, which it is sent to"));
        };
        let host = self.host(&key("host"), &place, &host)?;
        let header = match (of("header")?, of("header_file")?) {
            (Some((_, first)), Some((_, second))) => {
                return Err(ConfigError::Twice {
                    key: key("header"),
                    first,
                    second,
                });
            }
            (Some((words, place)), None) => {
                let words = Secret::new(words);
                if headers_of(&words).is_none() {
                    return Err(ConfigError::Wrong {
                        key: key("header"),
                        place,
                        found: "no header".to_owned(),
                        wanted: "a whole header such as \"Authorization: Bearer …\"".to_owned(),
                    });
                }
                Header::Words(words)
            }
            (None, Some((path, _))) => Header::File(PathBuf::from(path)),
            (None, None) => return Err(missing("given a header or a header_file")),
        };
        Ok(HostSecret {
            name: name.to_owned(),
            host,
            header,
        })
    }
}
