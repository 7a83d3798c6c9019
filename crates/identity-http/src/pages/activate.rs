//! Completing a registration: setting the password.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use identity_core::{
    flow::{
        registration::{CompleteDone, CompleteError, Completed, PreviewRegistrationError, RegistrationPreview},
        submission::Refusal,
    },
    model::{custom_field::FieldPlace, password::ContextWords, registration::Registration},
    value::{TimeZone, TokenId, TokenKind},
};

use serde::Deserialize;

use super::{
    common::{MessageParts, PageContext, QueryOrDefault},
    declared::{self, FieldView},
    error::PageError,
    legal::rendered,
    link::{
        Holder, LinkForm, LinkPage, OpenedLink, OtherAccount, account_exists, ends_other_session, log_in_link, logs_in_with, used,
    },
    new_password::{self, NewPasswordView, Owner},
    signup::country_choices,
};
use crate::{
    app::App,
    text::Texts,
    view::{Action, Choice, Frame, MessageKind, Moment},
    web::{client::From as ClientOf, cookies::CookieKind, form::FormState, return_to::on_the_way},
    wire::CompleteRegistration,
};

/// The pages of activation links.
pub(crate) struct Activation;

#[derive(Template)]
#[template(path = "activate.html")]
struct ActivatePage {
    frame: Frame,
    form: FormState,
    link: TokenId,
    other_account: Option<OtherAccount>,
    /// Until when an account that had the address before can have it back.
    address_undo_until: Option<Moment>,
    /// What was typed at the sign-up, where it is not asked for again.
    known: Option<Known>,
    countries: Vec<Choice>,
    fields: Vec<FieldView>,
    new_password: NewPasswordView,
    terms: String,
    terms_version: u32,
    approval: bool,
}

/// What the sign-up said.
struct Known {
    name: String,
    company: String,
    country: String,
}

impl Known {
    fn of(registration: &Registration, texts: &Texts) -> Self {
        let country = registration.country.to_string();
        let named = country_choices(texts).into_iter().find(|choice| choice.value == country);
        Self {
            name: format!("{} {}", registration.first_name, registration.last_name),
            company: registration.company_name.to_string(),
            country: named.map_or(country, |choice| choice.label),
        }
    }
}

/// Whether the page asks for what the sign-up said once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Details {
    /// They stand on the page, with a way to change them.
    Shown,
    /// They stand in fields.
    Asked,
}

impl LinkPage for Activation {
    const KIND: TokenKind = TokenKind::Activation;

    fn dead(app: &App, context: &PageContext) -> Response {
        let frame = &context.frame;
        let sign_up = on_the_way("/signup", context.was_going_to(app).as_ref());
        let action = Some(Action::Link { to: sign_up, label: frame.t("sign-up-again") });
        let links = vec![log_in_link(app, context)];
        context.message(StatusCode::GONE, MessageParts { key: "dead-activation", kind: MessageKind::Warning, action, links })
    }
}

fn page_of(
    app: &App,
    context: &PageContext,
    status: StatusCode,
    link: TokenId,
    (preview, details): (&RegistrationPreview, Details),
    form: FormState,
    refusal: Option<&Refusal>,
) -> Response {
    let texts = context.frame.texts();
    let judged = refusal.and_then(|refusal| new_password::judged(refusal, &form));
    let mut words = ContextWords::default();
    words.add(&app.settings().product_name);
    let (_, markdown) = preview.terms.text_for(texts.language()).unwrap_or((texts.language(), ""));
    let mut fields = declared::views(app, FieldPlace::Registration, texts);
    if details == Details::Shown {
        let open = declared::open_names(app, FieldPlace::Registration, &preview.registration.answers);
        fields.retain(|field| open.contains(&field.name));
    }
    let page = ActivatePage {
        known: (details == Details::Shown).then(|| Known::of(&preview.registration, texts)),
        frame: context.frame.clone(),
        form: form.with("email", Some(preview.registration.email.as_str())),
        address_undo_until: preview.address_undo_until.map(|until| Moment::of(until, texts)),
        other_account: OtherAccount::of(context, holder(preview), format!("/activate/{link}")),
        link,
        countries: country_choices(texts),
        fields,
        new_password: NewPasswordView::of(app, texts, Owner::New, &words, judged.as_ref()),
        terms: rendered(markdown),
        terms_version: preview.terms.number,
        approval: preview.approval,
    };
    context.page(status, &page)
}

const fn holder(preview: &RegistrationPreview) -> Holder<'_> {
    Holder::Address(&preview.registration.email)
}

/// Whether the details of the sign-up are to be changed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Changing {
    #[serde(default)]
    details: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    link: OpenedLink<Activation>,
    QueryOrDefault(query): QueryOrDefault<Changing>,
) -> Result<Response, PageError> {
    let OpenedLink { context, id, secret, .. } = link;
    match app.flows().preview_registration.run(&secret).await {
        Ok(preview) => {
            let registration = &preview.registration;
            let context = context.in_language(&registration.language);
            let form = FormState::default()
                .with("first_name", Some(&registration.first_name))
                .with("last_name", Some(&registration.last_name))
                .with("company_name", Some(&registration.company_name))
                .with("country", Some(registration.country));
            let form = declared::filled(&app, FieldPlace::Registration, &registration.answers, form);
            let details = if query.details == "true" { Details::Asked } else { Details::Shown };
            Ok(page_of(&app, &context, StatusCode::OK, id, (&preview, details), form, None))
        }
        Err(PreviewRegistrationError::DeadLink) => Ok(Activation::dead(&app, &context)),
        Err(PreviewRegistrationError::AddressTaken) => Ok(account_exists(&app, &context)),
        Err(PreviewRegistrationError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    form: LinkForm<Activation>,
) -> Result<Response, PageError> {
    let LinkForm { link: OpenedLink { context, id, secret, .. }, mut form } = form;
    // It is on the page for password managers.
    form.take("email");
    let input: CompleteRegistration = form.input()?;
    let preview = match app.flows().preview_registration.run(&secret).await {
        Ok(preview) => preview,
        Err(PreviewRegistrationError::DeadLink) => return Ok(Activation::dead(&app, &context)),
        Err(PreviewRegistrationError::AddressTaken) => return Ok(account_exists(&app, &context)),
        Err(PreviewRegistrationError::Fault(fault)) => return Err(fault.into()),
    };
    let context = context.in_language(&preview.registration.language);
    let texts = context.frame.texts();
    let details = if form.has("first_name") { Details::Asked } else { Details::Shown };
    let mut filled = FormState::again(&form);
    let input = of_the_page(&app, input, (&preview.registration, details), texts);
    let answer = match input.read(secret.clone(), client.clone()) {
        Ok(command) => match app.flows().complete_registration.run(command).await {
            Ok(done) => return completed(&app, &context, id, &preview, done).await,
            Err(error) => Err(error),
        },
        Err(unread) => {
            filled.say(unread.errors, texts);
            app.flows().complete_registration.check(&secret, *unread.rest, &client).await
        }
    };
    match answer {
        Ok(refusal) | Err(CompleteError::Refused(refusal)) => {
            Ok(refused(&app, &context, id, (&preview, details), filled, &refusal))
        }
        Err(CompleteError::DeadLink) => Ok(Activation::dead(&app, &context)),
        Err(CompleteError::AddressTaken) => Ok(account_exists(&app, &context)),
        Err(CompleteError::Fault(fault)) => Err(fault.into()),
    }
}

/// The input with what the page knows and nobody types.
fn of_the_page(
    app: &App,
    input: CompleteRegistration,
    (registration, details): (&Registration, Details),
    texts: &Texts,
) -> CompleteRegistration {
    let mut fields = input.fields.unwrap_or_default();
    match details {
        Details::Asked => declared::complete(app, FieldPlace::Registration, &mut fields),
        Details::Shown => declared::complete_open(app, FieldPlace::Registration, &mut fields, &registration.answers),
    }
    // A field that was emptied is not one that stays as it was.
    let asked = |text: Option<String>| if details == Details::Asked { Some(text.unwrap_or_default()) } else { None };
    CompleteRegistration {
        first_name: asked(input.first_name),
        last_name: asked(input.last_name),
        company_name: asked(input.company_name),
        country: asked(input.country),
        language: Some(texts.language().to_string()),
        // As the browser says it; where that is no time zone, nothing is said.
        time_zone: input.time_zone.filter(|zone| TimeZone::parse(zone).is_ok()),
        fields: Some(fields),
        ..input
    }
}

/// The registration is complete: the person is in, or waits for an operator.
async fn completed(
    app: &App,
    context: &PageContext,
    id: TokenId,
    preview: &RegistrationPreview,
    CompleteDone { completed, device }: CompleteDone,
) -> Result<Response, PageError> {
    let (status, key) = match completed {
        Completed::Account(_) => (StatusCode::CREATED, "registered"),
        Completed::AwaitingApproval => (StatusCode::ACCEPTED, "awaiting-approval"),
    };
    let login = on_the_way("/login", context.was_going_to(app).as_ref());
    let to_login = Action::Link { to: login, label: context.frame.t("log-in") };
    let action = (status == StatusCode::CREATED).then_some(to_login);
    let parts = MessageParts { key, kind: MessageKind::Good, action, links: Vec::new() };
    let mut response = used(app, (Activation::KIND, id), context.message(status, parts));
    // Where this browser signed up itself, that is over with it.
    let url = &app.settings().public_url;
    for cookie in [CookieKind::Flow.forget(url), CookieKind::keep_device(&device, url)] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let response = logs_in_with(app, &preview.registration.email, response);
    ends_other_session(app, context, holder(preview), response).await
}

fn refused(
    app: &App,
    context: &PageContext,
    id: TokenId,
    shown: (&RegistrationPreview, Details),
    mut filled: FormState,
    refusal: &Refusal,
) -> Response {
    let texts = context.frame.texts();
    declared::say_what_is_wrong(app, FieldPlace::Registration, texts, &refusal.fields, &mut filled);
    new_password::say_what_is_wrong(&mut filled, texts, &refusal.password, refusal.confirmation);
    if refusal.terms {
        filled.wrong("accept_terms", texts.get("accept-terms-form"));
    }
    page_of(app, context, StatusCode::UNPROCESSABLE_ENTITY, id, shown, filled, Some(refusal))
}
