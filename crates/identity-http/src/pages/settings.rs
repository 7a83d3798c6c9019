//! One's own settings: language, time zone, notices.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    flow::account::{Edit, EditAccountCommand},
    model::{account::Account, outbox::NotificationKind, session::Client},
    value::{Language, NotificationKey, TimeZone, Timestamp},
};

use super::{
    account::save,
    common::{PageContext, SignedInPage},
    error::PageError,
};
use crate::{
    app::App,
    text::Texts,
    view::{Choice, Frame},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
};

/// What the fields of settings offer.
pub(super) struct SettingsView {
    pub(super) languages: Vec<Choice>,
    pub(super) zones: Vec<Zone>,
    pub(super) zone_now: String,
    pub(super) notifications: Vec<Choice>,
}

/// A time zone to choose.
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) offset: String,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    form: FormState,
    view: SettingsView,
}

/// The fields of settings that stand once in a form.
pub(super) const SINGLE: [&str; 2] = ["language", "time_zone"];
/// The kinds of notifications that are wanted.
pub(super) const MANY: [&str; 1] = ["notifications"];

impl SettingsView {
    pub(super) fn of(app: &App, texts: &Texts, account: &Account, now: Timestamp) -> Self {
        let settings = app.settings();
        let languages = settings.languages.iter();
        let languages = languages.map(|one| Choice::new(one, &texts.get(&format!("language-{one}")), None::<&String>));
        let zone = &account.preferences.time_zone;
        let local = now.to_zoned(zone.rules());
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        let named = |zone: TimeZone| Zone { offset: zone.offset(now), name: zone.to_string() };
        Self {
            languages: languages.collect(),
            zones: TimeZone::places().into_iter().map(named).collect(),
            zone_now: texts.with("time-zone-now", &[("zone", zone.as_str()), ("time", &time), ("offset", &zone.offset(now))]),
            notifications: settings.switchable(account).iter().map(|key| notification(app, texts, key)).collect(),
        }
    }
}

fn notification(app: &App, texts: &Texts, key: &NotificationKey) -> Choice {
    if NotificationKind::ALL.iter().any(|kind| kind.key() == *key) {
        return Choice::new(key, &texts.get(&format!("notification-{key}")), None::<&String>);
    }
    let declared = app.settings().notifications.iter().find(|kind| kind.key == *key);
    let label = declared.and_then(|kind| kind.label.as_ref()).map_or_else(|| key.to_string(), ToString::to_string);
    Choice::new(key, &label, None::<&String>)
}

/// The form with what the account says.
pub(super) fn filled(app: &App, account: &Account) -> FormState {
    let silenced = &account.preferences.silenced;
    let wanted = app.settings().switchable(account).into_iter().filter(|key| !silenced.contains(key));
    FormState::default()
        .with("language", Some(&account.language))
        .with("time_zone", Some(&account.preferences.time_zone))
        .with_all("notifications", wanted)
}

/// Reads settings, and says what is wrong with them.
pub(super) fn read(
    app: &App,
    account: &Account,
    (filled, form): (&mut FormState, &Form),
    texts: &Texts,
    client: Client,
) -> Option<EditAccountCommand> {
    let spoken = Language::parse(form.get("language")).ok().and_then(|language| app.settings().spoken(&language));
    let language = filled.read("language", spoken.ok_or(()), |()| texts.get("language-form"));
    let zone = form.optional("time_zone").map_or(Ok(Edit::Clear), |text| TimeZone::find(text).map(Edit::Set));
    let time_zone = filled.read("time_zone", zone, |_| texts.get("time-zone-form"));
    let ticked = form.all("notifications");
    let known = app.settings().switchable(account);
    if ticked.iter().any(|key| !known.iter().any(|known| known.as_str() == *key)) {
        filled.wrong("notifications", texts.get("notifications-form"));
        return None;
    }
    let notifications = known.into_iter().map(|key| {
        let is_wanted = ticked.contains(&key.as_str());
        (key, is_wanted)
    });
    Some(EditAccountCommand {
        language: Edit::Set(language?),
        time_zone: time_zone?,
        notifications: notifications.collect(),
        client,
        ..EditAccountCommand::default()
    })
}

fn page(app: &App, context: &PageContext, account: &Account, (status, form): (StatusCode, FormState)) -> Response {
    let view = SettingsView::of(app, context.frame.texts(), account, app.now());
    context.page(status, &SettingsPage { frame: context.frame.clone(), form, view })
}

pub(crate) async fn show(State(app): State<App>, signed_in: SignedInPage) -> Response {
    let SignedInPage { context, signed_in } = signed_in;
    let account = &signed_in.account;
    page(&app, &context, account, (StatusCode::OK, filled(&app, account)))
}

pub(crate) async fn submit(
    State(app): State<App>,
    signed_in: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = signed_in;
    let form = context.accept(form, &SINGLE, &MANY)?;
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form, &["language", "time_zone", "notifications"]);
    let command = read(&app, &signed_in.account, (&mut filled, &form), texts, client);
    match save(&app, &signed_in, &mut filled, texts, command).await? {
        Some(_) => Ok(context.done(&app, "/account/settings", &Feedback::SettingsSaved)),
        None => Ok(page(&app, &context, &signed_in.account, (StatusCode::UNPROCESSABLE_ENTITY, filled))),
    }
}
