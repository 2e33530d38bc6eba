//! The playground in Chromium: what a person sees and does.

mod driver;
mod page;
mod site;

use chrono::TimeDelta;
use driver::{Browser, Screen};
use fantoccini::Locator;

use site::Site;

impl Browser {
    /// Fills in a field of the open form.
    async fn fill(&self, name: &str, words: &str) {
        let field = self.see(&format!("dialog #field-{name}")).await;
        if field.tag_name().await.unwrap() != "select" {
            field.clear().await.unwrap();
        }
        field.send_keys(words).await.unwrap();
    }

    async fn submit(&self) {
        self.see("dialog footer button.primary")
            .await
            .click()
            .await
            .unwrap();
    }

    /// Becomes somebody else, at the same place.
    async fn become_person(&self, name: &str) {
        self.see(".me > button").await.click().await.unwrap();
        let path = format!("//*[@id='people']//a[contains(., '{name}')]");
        let link = self.client.find(Locator::XPath(&path)).await.unwrap();
        link.click().await.unwrap();
        self.read("div[@class='me']", name).await;
    }

    /// Presses a button of the record's one living message.
    async fn press_on(&self, record: &str, button: &str) {
        let message = format!("//div[@id='log']//article[.//h3[starts-with(., '{record} ')]]");
        let path = format!("{message}//button[.='{button}']");
        self.client
            .wait()
            .for_element(Locator::XPath(&path))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_goes_from_a_form_to_effective_and_a_recorded_value_to_the_digests_chart() {
    // A Monday.
    let site = Site::at_work("2026-11-23T09:30:00Z").await;
    let browser = Browser::open(Screen::Desk).await;

    // Ann raises an action; the date is refused beside its field, the rest is kept.
    browser.goto(&site.at("/ann/isms")).await;
    browser.say("/isms action new").await;
    browser.fill("title", "Patch the VPN gateway").await;
    browser.fill("owner", "Ben").await;
    browser.fill("severity", "Minor").await;
    browser.fill("due", "03/04/2027").await;
    browser.submit().await;
    browser.see("#field-due-error").await;
    browser.picture("story-1-wrong-date").await;
    let title = browser
        .see("#field-title")
        .await
        .prop("value")
        .await
        .unwrap();
    assert_eq!(title.as_deref(), Some("Patch the VPN gateway"));
    browser.fill("due", "in 2 weeks").await;
    browser.submit().await;
    browser.gone("dialog").await;
    browser
        .read("div[@id='log']//h3", "CA-1 · Patch the VPN gateway")
        .await;

    // Ben, its owner, is told, and says that it is done: with cause and evidence.
    browser.become_person("Ben Okafor").await;
    browser
        .read("a[contains(@class, 'unread')]", "isms-bot")
        .await;
    browser.press_on("CA-1", "Done").await;
    browser
        .fill(
            "evidence",
            "Change 4711: version 9.3 runs on both gateways.",
        )
        .await;
    browser
        .fill("cause", "The gateway was not in the patch schedule.")
        .await;
    browser
        .fill("plan", "Patch it, and put it into the schedule.")
        .await;
    browser.fill("criterion", "A scan without a finding.").await;
    browser.fill("check", "tomorrow").await;
    browser.picture("story-2-done").await;
    browser.submit().await;
    browser.gone("dialog").await;
    browser.read("div[@id='log']//dd", "Change 4711").await;

    // On the day of the check Mara, who is not the owner, finds that it worked.
    site.app.clock.advance(TimeDelta::days(1));
    browser.become_person("Mara Lindqvist").await;
    browser.press_on("CA-1", "Verify").await;
    browser.fill("result", "Yes").await;
    browser
        .fill("note", "No finding in the scan of today.")
        .await;
    browser.submit().await;
    browser.gone("dialog").await;
    browser.read("div[@id='log']//dd", "effective").await;
    let raised = "//div[@id='log']//h3[starts-with(., 'CA-1 ')]";
    let living = browser
        .client
        .find_all(Locator::XPath(raised))
        .await
        .unwrap();
    assert_eq!(living.len(), 1, "one living message told all of it");
    browser.picture("story-3-effective").await;

    // A value is recorded by form; it is unlike the weeks before, so the digest draws its chart.
    site.said(
        "mara",
        "kpi new incidents \"Security incidents\" unit:incidents direction:lower target:3 \
         warning:5 frequency:weekly measurer:@mara analyst:@ann",
    )
    .await;
    for (week, value) in (34..=46).zip([2, 3, 1, 2, 2, 3, 1, 2, 3, 2, 1, 2, 3]) {
        site.said(
            "mara",
            &format!("kpi record incidents {value} period:2026-W{week}"),
        )
        .await;
    }
    browser.say("/isms kpi record").await;
    browser.fill("kpi", "incidents").await;
    browser.fill("value", "twelve").await;
    browser.fill("period", "last week").await;
    browser.submit().await;
    browser.see("#field-value-error").await;
    browser.fill("value", "12").await;
    browser.submit().await;
    browser.gone("dialog").await;
    browser
        .read("article", "12 incidents in 2026-W47 recorded")
        .await;
    browser.say("/isms digest now").await;
    let chart = browser.see("#log article:not(.note) img").await;
    let alt = chart.attr("alt").await.unwrap().unwrap();
    assert!(
        alt.contains("Security incidents") && alt.contains("12"),
        "{alt}"
    );
    assert!(browser.draws("#log article:not(.note) img").await);
    browser.picture("story-4-digest").await;
    browser.close().await;
}
