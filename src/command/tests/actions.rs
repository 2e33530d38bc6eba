use super::text::check;

#[test]
fn what_is_said_about_actions_is_read() {
    for (text, expected) in [
        (
            "action list finding major control:a8 vpn",
            "Action(List(ListActions { text: (\"vpn\"), mine: false, owner: None, overdue: false, state: Open, source: (Finding), severity: (Major), control: (AreaName(\"A.8\")), page: 1 }))",
        ),
        (
            "action step CA-12 Name an owner owner:bob due:friday",
            "Action(Step(PlanStep { action: ActionName(12), what: \"Name an owner\", owner: (Who(bob)), due: (DueDate(2026-11-27)), step: None }))",
        ),
        (
            "CA-12 step-done 2",
            "Action(StepDone { action: ActionName(12), step: 2, note: None })",
        ),
        (
            "action note CA-12 the supplier ships on Monday",
            "Action(Note(NoteAction { action: ActionName(12), note: Prose(\"the supplier ships on Monday\"), file: None }))",
        ),
        (
            "action analyze CA-12 cause:nobody owns it similar:no",
            "Action(Analyse(AnalyseAction { action: ActionName(12), similar: No, elsewhere: None, why1: None, why2: None, why3: None, why4: None, why5: None, cause: (Prose(\"nobody owns it\")) }))",
        ),
        (
            "action reassign bob to:me overdue",
            "Action(Reassign(ReassignActions { from: Whoever(bob), to: Who(ann), overdue: true, source: None, severity: None, control: None, text: None, confirm: None }))",
        ),
        (
            "action assign CA-12 Bob Jones",
            "Action(Assign { action: ActionName(12), owner: Who(bob) })",
        ),
        (
            "action extend CA-12 in 2 weeks the supplier is late",
            "Action(Extend { action: ActionName(12), due: DueDate(2026-12-07), reason: Prose(\"the supplier is late\") })",
        ),
        (
            "action extend 12 friday 13 servers are left",
            "Action(Extend { action: ActionName(12), due: DueDate(2026-11-27), reason: Prose(\"13 servers are left\") })",
        ),
        (
            "action extend 12 reason:it is late due:end of next month",
            "Action(Extend { action: ActionName(12), due: DueDate(2026-12-31), reason: Prose(\"it is late\") })",
        ),
        (
            "action done CA-12 evidence:see the wiki: all patched cause:no owner\nplan:\"name one\"",
            "Action(Done(FinishAction { action: ActionName(12), evidence: Prose(\"see the wiki: all patched\"), cause: (Prose(\"no owner\")), plan: (Prose(\"name one\")), criterion: None, check: None, verifier: None, file: None }))",
        ),
        (
            "action close CA-12 all patched\nand checked",
            "Action(Done(FinishAction { action: ActionName(12), evidence: Prose(\"all patched\\nand checked\"), cause: None, plan: None, criterion: None, check: None, verifier: None, file: None }))",
        ),
        (
            "action verify CA-12 eff five laptops sampled",
            "Action(Verify { action: ActionName(12), result: Effective, note: Prose(\"five laptops sampled\") })",
        ),
        (
            "action update CA-12",
            "Action(Update(UpdateAction { action: ActionName(12), title: None, cause: None, plan: None, criterion: None, note: None }))",
        ),
    ] {
        check(text, expected);
    }
}
