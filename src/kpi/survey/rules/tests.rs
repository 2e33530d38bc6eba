use proptest::prelude::*;

use super::*;
use crate::kpi::period::tests::period;

fn questions() -> Vec<Question> {
    let text = "scale: I know where to report an incident\n2. yes/no: Did you see one?\n\
                choice: How often do you lock your screen? | Always | Mostly | Never\n\
                text: What would help?";
    read_questions(text).unwrap()
}

fn survey(question: usize, option: Option<usize>) -> Survey {
    Survey {
        questions: questions(),
        counts: Counted { question, option },
        to: Audience::Everyone,
        anonymous: true,
        smallest: 5,
        days: 14,
        of: None,
    }
}

#[test]
fn questions_are_read_line_by_line_or_between_semicolons() {
    let questions = questions();
    let kinds: Vec<&Kind> = questions.iter().map(|question| &question.kind).collect();
    assert!(matches!(
        kinds[..],
        [Kind::Scale, Kind::YesNo, Kind::Choice(_), Kind::Text]
    ));
    assert_eq!(questions[2].choices()[1].value, "Mostly");
    let on_one_line = read_questions("scale: I feel safe; yes-no: Do you?").unwrap();
    assert_eq!(on_one_line.len(), 2);
    assert_eq!(on_one_line[1].text, "Do you?");
}

#[test]
fn a_wrong_question_is_named_with_what_would_be_right() {
    for (text, answer) in [
        ("I feel safe", "Question 1: begin it with scale:"),
        ("scale: A\nrating: B", "Question 2: begin it with scale:"),
        ("choice: How? | Only", "2 to 20 answers"),
        ("choice: How? | A | a", "“a” stands there twice"),
        ("scale: ", "what is asked?"),
    ] {
        let wrong = read_questions(text).unwrap_err();
        assert!(wrong.contains(answer), "{text}: {wrong}");
    }
    let eleven = ["scale: A"; 11].join("\n");
    assert!(
        read_questions(&eleven)
            .unwrap_err()
            .contains("11 questions")
    );
    let long = format!("scale: {}", "x".repeat(121));
    assert!(
        read_questions(&long)
            .unwrap_err()
            .contains("121 characters")
    );
}

#[test]
fn answers_are_read_as_people_say_them() {
    let questions = questions();
    let read = |at: usize, said: &str| questions[at].read(said);
    assert_eq!(read(0, "4"), Ok(Answer::Scale(4)));
    assert_eq!(read(0, "5 fully"), Ok(Answer::Scale(5)));
    assert!(
        read(0, "6")
            .unwrap_err()
            .contains("from 1 (not at all) to 5")
    );
    assert_eq!(read(1, "Yes."), Ok(Answer::YesNo(true)));
    assert_eq!(read(2, "never"), Ok(Answer::Choice(2)));
    assert!(
        read(2, "rarely")
            .unwrap_err()
            .contains("Always, Mostly, Never")
    );
    for (question, answer) in [
        (0, Answer::Scale(3)),
        (1, Answer::YesNo(false)),
        (2, Answer::Choice(1)),
        (3, Answer::Text("More time".into())),
    ] {
        let said = questions[question].said(&answer);
        assert_eq!(questions[question].read(&said), Ok(answer));
    }
}

#[test]
fn the_value_is_a_mean_or_a_share() {
    let mut tallies = Vec::new();
    let survey = survey(0, None);
    for (scale, yes, choice) in [(5, true, 0), (4, true, 0), (2, false, 2)] {
        let answers = [
            Some(Answer::Scale(scale)),
            Some(Answer::YesNo(yes)),
            Some(Answer::Choice(choice)),
            None,
        ];
        survey.count(&mut tallies, &answers);
    }
    assert_eq!(survey.value(&tallies), Some(3.67));
    assert_eq!(super::tests::survey(1, None).value(&tallies), Some(66.67));
    assert_eq!(
        super::tests::survey(2, Some(2)).value(&tallies),
        Some(33.33)
    );
    assert_eq!(tallies[3].value(None), None);
    assert_eq!(tallies[3].total(), 0);
    assert_eq!(Tally::Scale([0; 5]).value(None), None);
}

#[test]
fn the_question_that_counts_is_the_first_that_can() {
    let questions = read_questions("text: Why?\nchoice: Which? | A | B\nyes-no: So?").unwrap();
    let counted = |question, option| Survey::counted(&questions, question, option);
    assert_eq!(counted(None, None).unwrap_err().0, "option");
    assert_eq!(counted(None, Some("b")).unwrap().option, Some(1));
    assert_eq!(counted(Some(3), None).unwrap().question, 2);
    assert_eq!(counted(Some(1), None).unwrap_err().0, "value");
    assert_eq!(counted(Some(4), None).unwrap_err().0, "value");
    let texts = read_questions("text: Why?").unwrap();
    assert_eq!(
        Survey::counted(&texts, None, None).unwrap_err().0,
        "questions"
    );
}

#[test]
fn a_round_is_open_in_the_last_days_of_its_period() {
    let survey = survey(0, None);
    let month = period("2026-11");
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    assert_eq!(survey.opens(month), day("2026-11-17"));
    assert_eq!(survey.opens(period("2026-W48")), day("2026-11-23"));
    assert_eq!(survey.closes(month, day("2026-11-23")), day("2026-11-30"));
    assert_eq!(survey.closes(month, day("2026-11-03")), day("2026-11-16"));
}

#[test]
fn an_audience_reads_what_it_shows() {
    for (said, shown) in [
        ("Everybody", "everyone"),
        ("member", "members"),
        ("leaders", "leaders"),
        ("#isms", "#isms"),
        ("<#C123|isms>", "#C123"),
        ("here", "here"),
    ] {
        let audience: Audience = said.parse().unwrap();
        assert_eq!(audience.to_string(), shown);
        assert_eq!(shown.parse(), Ok(audience));
    }
    for wrong in ["readers", "isms", "@bob", ""] {
        assert!(wrong.parse::<Audience>().is_err(), "{wrong}");
    }
}

proptest! {
    /// In whatever order people answer, the tallies are the same: nothing tells who came when.
    #[test]
    fn the_order_of_answers_leaves_no_trace(
        sheets in prop::collection::vec((1u8..=5, any::<bool>(), 0usize..3, "[a-z]{0,6}"), 1..12)
            .prop_flat_map(|sheets| (Just(sheets.clone()), Just(sheets).prop_shuffle())),
    ) {
        let survey = survey(0, None);
        let count = |sheets: &[(u8, bool, usize, String)]| {
            let mut tallies = Vec::new();
            for (scale, yes, choice, text) in sheets {
                let text = (!text.is_empty()).then(|| Answer::Text(text.clone()));
                let answers =
                    [Some(Answer::Scale(*scale)), Some(Answer::YesNo(*yes)), Some(Answer::Choice(*choice)), text];
                survey.count(&mut tallies, &answers);
            }
            tallies
        };
        let tallies = count(&sheets.0);
        prop_assert_eq!(&tallies, &count(&sheets.1));
        prop_assert_eq!(tallies[0].total() as usize, sheets.0.len());
        let mean = survey.value(&tallies).unwrap();
        prop_assert!((1.0..=5.0).contains(&mean));
    }
}
