use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The lines of a file, or what is wrong with it as a whole.
fn told(text: &str) -> Vec<String> {
    let lines = match read(text.as_bytes()) {
        Ok(lines) => lines,
        Err(why) => return vec![why],
    };
    let told = |line: Line| match line.risk {
        Ok(risk) => format!(
            "{}: {} {} {} {} {:?} {:?}",
            line.number,
            risk.id,
            risk.title,
            risk.level,
            risk.status,
            risk.owner,
            risk.due.map(|due| due.to_string())
        ),
        Err(wrong) => format!("{}: {}: {}", line.number, wrong.field, wrong.why),
    };
    lines.into_iter().map(told).collect()
}

#[test]
fn a_register_is_read_as_spreadsheets_write_it() {
    let comma = "id,title,level,treatment,owner,due,status\n\
                 R-1,\"Robots, in the warehouse\",High,Reduce,Jonas,2027-01-31,In treatment\n\
                 R-2,Flood,very low,,,,\n";
    assert_eq!(
        told(comma),
        [
            "2: R-1 Robots, in the warehouse high in-treatment Some(\"Jonas\") Some(\"2027-01-31\")",
            "3: R-2 Flood low open None None",
        ]
    );
    let semicolons = "\u{feff}Level;ID;Title\r\nCRITICAL;R-1;One supplier\r\n;;\r\n";
    assert_eq!(
        told(semicolons),
        ["2: R-1 One supplier critical open None None"]
    );
}

#[test]
fn every_line_that_is_wrong_says_why() {
    let lines = told(
        "id,title,level,due,status\nR-1,,high,,\nR-2,Flood,7,,\nR-3,Flood,low,31.12.2026,\n\
         R-4,Flood,low,,parked\nR-5,Flood,low,,\nr-5,Fire,low,,\nR-6,a,low,,,b\n",
    );
    let expected = [
        "2: title: There is nothing in this column.",
        "3: level: “7” is not a level: write critical, high, medium or low.",
        "4: due: “31.12.2026” is not a date like 2026-12-31.",
        "5: status: “parked” is not a status",
        "6: R-5 Flood",
        "7: id: r-5 is there twice.",
        "8: title: There is more in this line",
    ];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (told, expected) in lines.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn a_file_that_is_no_register_is_refused_as_a_whole() {
    for (text, why) in [
        ("", "The column id is missing."),
        ("id,title\nR-1,Flood\n", "The column level is missing."),
        (
            "id,title,levle\n",
            "“levle” is not a column here. Is it level?",
        ),
        ("id,id,title,level\n", "The column id is there twice."),
        ("id,title,level\n", "There is no risk in the file."),
    ] {
        let told = told(text).remove(0);
        assert!(told.contains(why), "{text:?}: {told}");
    }
    assert!(
        read(b"id,title,level\nR-1,M\xfcll,low\n")
            .unwrap_err()
            .contains("CSV UTF-8")
    );
}

#[test]
fn accepted_and_closed_risks_are_counted_apart_and_owe_no_treatment() {
    let risk = |level, status, due: Option<&str>| Risk {
        id: "R".into(),
        title: "Flood".into(),
        level,
        treatment: None,
        owner: None,
        due: due.map(day),
        status,
    };
    let risks = [
        risk(Level::High, Status::Open, Some("2026-11-30")),
        risk(Level::High, Status::InTreatment, Some("2026-12-01")),
        risk(Level::Low, Status::Open, None),
        risk(Level::Critical, Status::Accepted, Some("2026-01-01")),
        risk(Level::Medium, Status::Closed, Some("2026-01-01")),
    ];
    let counts = Counts::of(&risks, day("2026-12-01"));
    let expected = Counts {
        high: 2,
        low: 1,
        accepted: 1,
        closed: 1,
        overdue: 1,
        ..Counts::default()
    };
    assert_eq!((counts, counts.open()), (expected, 3));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_register_keeps_every_risk_it_was_given(titles in proptest::collection::vec("[a-z ,;\"]{0,20}[a-z]", 1..20)) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["id", "title", "level"]).unwrap();
        for (nth, title) in titles.iter().enumerate() {
            csv.write_record([&format!("R-{nth}"), title, "low"]).unwrap();
        }
        let lines = read(&csv.into_inner().unwrap()).unwrap();
        let read: Vec<String> = lines.into_iter().map(|line| line.risk.unwrap().title).collect();
        let plain = |title: &String| title.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(read, titles.iter().map(plain).collect::<Vec<_>>());
    }
}
