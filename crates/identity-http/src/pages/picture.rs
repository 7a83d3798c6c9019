//! One's own picture.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use identity_core::{
    flow::account::{RefusedPicture, SetPictureCommand, SetPictureError},
    model::session::{Client, CurrentUser},
    port::Square,
    value::PictureName,
};

use super::{
    common::{PageContext, SignedInPage},
    confirm::{ConfirmPage, Section},
    error::PageError,
};
use crate::{
    app::App,
    problem::Problem,
    view::{Avatar, Frame},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        forgery,
        form::{Form, FormState},
        picture,
        query::Id,
        upload::{self, UploadForm},
    },
};

/// This page.
const HERE: &str = "/account/picture";
/// The field of the file.
const FILE: &str = "picture";

#[derive(Template)]
#[template(path = "picture.html")]
struct PicturePage {
    frame: Frame,
    form: FormState,
    avatar: Avatar,
}

fn page_of(context: &PageContext, status: StatusCode, signed_in: &CurrentUser, form: FormState) -> Response {
    context.page(status, &PicturePage { frame: context.frame.clone(), form, avatar: (&signed_in.account).into() })
}

pub(crate) async fn show(page: SignedInPage) -> Response {
    page_of(&page.context, StatusCode::OK, &page.signed_in, FormState::default())
}

/// The form, with what is wrong with the upload.
pub(super) fn wrong(context: &PageContext, key: &str) -> FormState {
    let mut form = FormState::default();
    form.wrong(FILE, context.frame.t(&format!("picture-{}", key.replace('_', "-"))));
    form
}

/// The square, as the script wrote it into the form; nothing stands there without one.
async fn square_of(form: &mut UploadForm) -> Result<Option<Square>, PageError> {
    let mut numbers = [None; 3];
    for (name, number) in ["x", "y", "size"].into_iter().zip(&mut numbers) {
        let unexpected = || Problem::field(name, "unexpected_field", "Send the fields of the form, each once, in their order.");
        let (_, text) = form.text().await?.filter(|(field, _)| field == name).ok_or_else(unexpected)?;
        *number = if text.is_empty() { None } else { Some(text.parse().map_err(|_| unexpected())?) };
    }
    let [x, y, size] = numbers;
    let incomplete = || Problem::field("size", "incomplete_square", "Send x, y and size, or none of them.");
    Ok(upload::square(x, y, size).ok_or_else(incomplete)?)
}

/// What became of an upload.
pub(super) enum Uploaded {
    /// It is the picture now.
    Kept,
    /// It is none, for the reason with that word.
    Refused(&'static str),
}

impl Uploaded {
    /// Reads the form, and sets the picture.
    pub(super) async fn set(
        app: &App,
        context: &PageContext,
        signed_in: &CurrentUser,
        client: Client,
        request: Request,
    ) -> Result<Self, PageError> {
        let place = match app.place_for_upload(signed_in.account.id) {
            Ok(place) => place,
            Err(busy) => {
                upload::discard(request.into_body()).await;
                return Err(busy.into());
            }
        };
        let mut form = UploadForm::of(request, app).await?;
        // Before the rest is read, let alone decoded.
        let token = form.text().await?.filter(|(name, _)| name == forgery::FIELD);
        context.carries(token.as_ref().map(|(_, token)| token.as_str()))?;
        let flow = &app.flows().picture;
        let permit = flow.enter(signed_in, &client).await.map_err(PageError::from)?;
        let square = square_of(&mut form).await?;
        let upload = match form.file(FILE).await {
            Ok(upload) if upload.is_empty() => return Ok(Self::Refused("missing")),
            Ok(upload) => upload,
            Err(problem) if problem.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Ok(Self::Refused(RefusedPicture::TooLarge.as_str()));
            }
            Err(problem) => return Err(problem.into()),
        };
        let outcome = flow.set(permit, signed_in, SetPictureCommand { upload, square, client }).await;
        drop(place);
        match outcome {
            Ok(_) => Ok(Self::Kept),
            Err(SetPictureError::Refused(why)) => Ok(Self::Refused(why.as_str())),
            Err(error) => Err(error.into()),
        }
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    request: Request,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    Ok(match Uploaded::set(&app, &context, &signed_in, client, request).await? {
        Uploaded::Kept => context.done(&app, HERE, &Feedback::PictureSaved),
        Uploaded::Refused(key) => page_of(&context, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, wrong(&context, key)),
    })
}

/// Says what deleting the picture does.
pub(crate) async fn ask_remove(page: SignedInPage) -> Response {
    let frame = &page.context.frame;
    let act = ("picture-delete", ["text"].as_slice(), "");
    let back = (HERE.to_owned(), frame.t("picture-heading"));
    page.context.page(StatusCode::OK, &ConfirmPage::new(frame, Section::Account, back, act, format!("{HERE}/delete")))
}

pub(crate) async fn remove(
    State(app): State<App>,
    page: SignedInPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    app.flows().picture.remove(&signed_in, &client).await?;
    Ok(context.done(&app, HERE, &Feedback::PictureRemoved))
}

/// The picture of that name, for everybody who knows it: it is as hard to guess as a key.
pub(crate) async fn serve(State(app): State<App>, Id(name): Id<String>) -> Result<Response, Problem> {
    let Some(name) = PictureName::parse(&name) else { return Err(Problem::not_found()) };
    let found = app.flows().picture.show(&name).await?;
    found.as_ref().map(picture::lasting).ok_or_else(Problem::not_found)
}
