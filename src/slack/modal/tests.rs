use super::*;
use serde_json::{Value, json};

fn field(name: &str, kind: FieldKind, value: Option<&str>) -> Field {
    Field {
        name: name.into(),
        label: name.to_uppercase(),
        hint: None,
        kind,
        required: true,
        value: value.map(str::to_owned),
        error: None,
    }
}

fn form(fields: Vec<Field>) -> Form {
    Form {
        title: "New action with a very long title".into(),
        intro: Some("Say what & why".into()),
        command: "action new".into(),
        fields,
        submit: "Raise".into(),
    }
}

fn carried() -> Carried {
    Carried {
        command: String::new(),
        channel: "C1".into(),
        response_url: Some("https://x/1".into()),
        files: Vec::new(),
    }
}

fn as_json(form: &Form) -> Value {
    serde_json::to_value(view(form, &carried()).unwrap()).unwrap()
}

#[test]
fn a_form_becomes_a_modal_with_the_inputs_that_fit() {
    let choices = vec![Choice {
        value: "high".into(),
        label: "High".into(),
    }];
    let view = as_json(&form(vec![
        field("title", FieldKind::Line, Some("VPN")),
        field("due", FieldKind::Date, Some("2026-12-31")),
        field("owner", FieldKind::Person, Some("<@U123|ann>")),
        field("risk", FieldKind::Choice(choices), Some("high")),
        field("plan", FieldKind::Paragraph, None),
    ]));
    assert_eq!(view["title"]["text"], "New action with a very…");
    assert_eq!(
        view["private_metadata"],
        r#"{"command":"action new","channel":"C1","response_url":"https://x/1"}"#
    );
    let blocks = &view["blocks"];
    assert_eq!(blocks[0]["text"]["text"], "Say what &amp; why");
    assert_eq!(blocks[1]["block_id"], "title");
    assert_eq!(blocks[1]["element"]["initial_value"], "VPN");
    assert_eq!(
        blocks[2]["element"],
        json!({"type": "datepicker", "action_id": "value", "initial_date": "2026-12-31"})
    );
    assert_eq!(blocks[3]["element"]["initial_user"], "U123");
    assert_eq!(blocks[4]["element"]["initial_option"]["value"], "high");
    assert_eq!(blocks[5]["element"]["multiline"], true);
}

#[test]
fn what_does_not_fit_a_picker_is_kept_as_text() {
    let view = as_json(&form(vec![
        field("due", FieldKind::Date, Some("fridaay")),
        field("owner", FieldKind::Person, Some("@nobody")),
    ]));
    assert_eq!(view["blocks"][1]["element"]["initial_value"], "fridaay");
    assert_eq!(view["blocks"][2]["element"]["initial_value"], "@nobody");
}

#[test]
fn an_error_stands_under_its_field() {
    let mut form = form(vec![field("due", FieldKind::Date, None)]);
    form.fields[0].error = Some("is in the past, *really*".into());
    let view = as_json(&form);
    assert_eq!(
        view["blocks"][2]["elements"][0]["text"],
        ":warning: *is in the past, really*"
    );
}

fn submitted(form: &Form, values: &Value) -> SlackStatefulView {
    let mut json = as_json(form);
    json["id"] = "V1".into();
    json["team_id"] = "T1".into();
    json["hash"] = "1.a".into();
    json["state"] = json!({ "values": values });
    serde_json::from_value(json).unwrap()
}

#[test]
fn values_come_back_in_order_and_without_the_empty_ones() {
    let form = form(vec![
        field("title", FieldKind::Line, None),
        field("due", FieldKind::Date, None),
        field("owner", FieldKind::Person, None),
        field("plan", FieldKind::Paragraph, None),
    ]);
    let view = submitted(
        &form,
        &json!({
            "plan": {"value": {"type": "plain_text_input", "value": null}},
            "owner": {"value": {"type": "users_select", "selected_user": "U1"}},
            "due": {"value": {"type": "datepicker", "selected_date": "2026-12-31"}},
            "title": {"value": {"type": "plain_text_input", "value": "VPN"}},
        }),
    );
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        values(&view, Vec::new()),
        [
            pair("title", "VPN"),
            pair("due", "2026-12-31"),
            pair("owner", "U1")
        ]
    );
}

#[test]
fn errors_are_put_into_the_open_form_only_if_it_is_the_same_form() {
    let open = form(vec![field("due", FieldKind::Date, None)]);
    let view = submitted(&open, &json!({}));
    assert_eq!(errors_in_place(&open, &view), None);
    let mut wrong = open.clone();
    wrong.fields[0].error = Some("is in the past".into());
    let errors = errors_in_place(&wrong, &view).unwrap().errors;
    assert_eq!(
        errors,
        HashMap::from([("due".to_owned(), "is in the past".to_owned())])
    );
    let mut told = wrong.clone();
    told.intro = Some("You may not".into());
    assert_eq!(errors_in_place(&told, &view), None);
    wrong.fields.push(field("owner", FieldKind::Person, None));
    assert_eq!(errors_in_place(&wrong, &view), None);
}

#[test]
fn a_command_too_long_to_carry_makes_no_modal() {
    let mut form = form(Vec::new());
    form.command = "x".repeat(2950);
    assert!(
        Carried::read(as_json(&form)["private_metadata"].as_str())
            .unwrap()
            .response_url
            .is_none()
    );
    form.command = "x".repeat(3000);
    assert_eq!(view(&form, &carried()), None);
}
