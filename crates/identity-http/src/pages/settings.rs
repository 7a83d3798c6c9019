//! One's own settings: language, time zone, notifications.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    model::{account::Account, outbox::NotificationKind},
    value::{NotificationKey, TimeZone, Timestamp},
};

use super::{
    account::save,
    common::{PageContext, SignedInPage},
    error::PageError,
};
use crate::{
    app::App,
    problem::Problem,
    text::Texts,
    view::{Choice, Frame},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
    },
    wire::EditAccount,
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
    let filled =
        FormState::default().with("language", Some(&account.language)).with("time_zone", Some(&account.preferences.time_zone));
    let kinds = app.settings().switchable(account).into_iter();
    kinds.fold(filled, |filled, key| filled.with(format!("notifications.{key}"), Some(!silenced.contains(&key))))
}

/// The settings that a form says. People write a place, such as Berlin, for its time zone.
pub(super) fn settings(form: &Form) -> Result<EditAccount, Problem> {
    let mut input: EditAccount = form.input()?;
    if let Some(Some(place)) = &mut input.time_zone
        && let Ok(zone) = TimeZone::find(place)
    {
        *place = zone.to_string();
    }
    Ok(input)
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
    let form = context.accept(form)?;
    let mut filled = FormState::again(&form);
    match save(&app, (&context, &signed_in), settings(&form)?, &mut filled, client).await? {
        Some(_) => Ok(context.done(&app, "/account/settings", &Feedback::SettingsSaved)),
        None => Ok(page(&app, &context, &signed_in.account, (StatusCode::UNPROCESSABLE_ENTITY, filled))),
    }
}
