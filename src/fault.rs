//! A fault: something went wrong that is not the person's doing. It is logged once, where it is
//! handled, and the person sees its id, so that the operator finds the line.

use uuid::Uuid;

/// Letters and digits that are not taken for one another when read out (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A fault that has been logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    id: String,
}

impl Fault {
    /// Logs what went wrong under a new id. `doing` says what was being done, in plain words.
    /// Only the Display of the error and its causes is logged: a database's Debug shows rows.
    pub fn log(doing: &str, error: &anyhow::Error) -> Self {
        let fault = Fault { id: new_id() };
        tracing::error!(
            fault = fault.id,
            doing,
            error = format!("{error:#}"),
            "fault"
        );
        metrics::counter!("isms_faults_total").increment(1);
        fault
    }

    /// Seven characters, unlikely to be given twice among the lines of one log.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.id)
    }
}

/// 35 random bits: the last bytes of a UUID version 7 are random.
fn new_id() -> String {
    let bytes = *Uuid::now_v7().as_bytes();
    let mut bits = bytes[11..16]
        .iter()
        .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut id = String::new();
    for _ in 0..7 {
        id.push(char::from(ALPHABET[(bits & 31) as usize]));
        bits >>= 5;
    }
    id
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_fault_has_a_short_id_of_its_own() {
        let ids: HashSet<String> = (0..1000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 7), "{ids:?}");
    }
}
