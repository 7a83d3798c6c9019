//! What the OpenAPI document says of problems: each operation names the errors of its flows, and each error its kinds.

use std::{collections::BTreeMap, marker::PhantomData};

use identity_core::{
    flow::{
        Fault,
        access::AccessError,
        account::{AdministrationError, EditAccountError, SetPictureError},
        company::CompanyError,
        email_change::{EmailChangeError, EmailChangeLinkError},
        invitation::{AcceptAccessError, AcceptError, DeclineError, InviteError, ManageError, PreviewError},
        onboarding::CloseStepError,
        password::ChangePasswordError,
        privacy::{DeleteAccountError, ExportOwnDataError, UndoDeletionError},
        question::SetSecurityAnswersError,
        recovery::{AssistedResetError, RecoveryError, ReportError, ResetError},
        registration::{CompleteError, DecisionError, RegisterError, VerifyCodeError},
        session::{LogInError, ManageSessionsError, ReauthenticateError},
        terms::{AcceptTermsError, PublishTermsError},
    },
    model::registration::NotAdmitted,
};
use utoipa::{
    IntoResponses, ToSchema as _,
    openapi::{
        Content, OpenApi, RefOr, Response, ResponseBuilder, Schema,
        path::{Operation, Parameter, ParameterIn},
    },
};

use super::{
    ProblemDocument,
    ProblemKind::{self, *},
};

/// The kinds of problems that an error of a flow is answered with, beside a rate limit and too much work, which every flow knows.
pub(crate) trait Kinds {
    const KINDS: &'static [ProblemKind];
}

/// Declares the kinds of each error.
macro_rules! kinds_of {
    ($($error:ty: $($kind:ident)*;)+) => { $(impl Kinds for $error { const KINDS: &'static [ProblemKind] = &[$($kind),*]; })+ };
}

kinds_of! {
    AcceptAccessError: DeadLink WrongAccount OtherCompany InvalidRequest Conflict;
    AcceptError: DeadLink AccountExists InvalidRequest;
    AcceptTermsError: TermsChanged RequiredAction Conflict;
    AdministrationError: NotFound Forbidden Conflict;
    AssistedResetError: NotFound Forbidden Conflict AccountDisabled InvalidRequest;
    AccessError: KeyTaken NotFound InvalidRequest Conflict;
    ChangePasswordError: InvalidRequest Conflict;
    CloseStepError: NotFound Conflict;
    CompanyError: Forbidden NotFound Conflict;
    CompleteError: DeadLink AccountExists InvalidRequest;
    DecisionError: NotFound NotWaiting AccountExists Conflict;
    DeclineError: DeadLink;
    DeleteAccountError: ReauthenticationRequired Forbidden LastOperator Conflict;
    EditAccountError: InvalidRequest Conflict;
    EmailChangeError: InvalidRequest Conflict;
    EmailChangeLinkError: DeadLink;
    ExportOwnDataError: ReauthenticationRequired Conflict;
    Fault: ;
    InviteError: InvalidRequest Conflict;
    LogInError: LoginRefused AwaitingApproval;
    LookUp: NotFound;
    ManageError: NotFound NotPending Forbidden InvalidRequest Conflict;
    ManageSessionsError: ReauthenticationRequired NotFound;
    NotAdmitted: InvalidRequest RegistrationClosed;
    PreviewError: DeadLink;
    PublishTermsError: InvalidRequest Conflict;
    ReauthenticateError: InvalidRequest Conflict;
    RecoveryError: ;
    RegisterError: InvalidRequest RegistrationClosed;
    ReportError: DeadLink;
    ResetError: DeadLink InvalidRequest;
    SetPictureError: TooLarge NotAPicture InvalidRequest Conflict;
    SetSecurityAnswersError: NotFound ReauthenticationRequired InvalidRequest Conflict;
    UndoDeletionError: Conflict;
    VerifyCodeError: InvalidRequest;
}

/// A look-up that may find nothing.
pub(crate) struct LookUp;

/// The responses of an operation whose flow can fail with this error.
pub(crate) struct Fails<E>(PhantomData<E>);

impl<E: Kinds> IntoResponses for Fails<E> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = BTreeMap::new();
        for kind in E::KINDS.iter().chain(&[Throttled, Busy]) {
            add(&mut responses, *kind);
        }
        responses
    }
}

/// Adds what follows from the form of each operation: from its session, its body, its parameters. Names all kinds in the schema.
pub(crate) fn complete(document: &mut OpenApi) {
    name_kinds(document);
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            for kind in of_form(operation) {
                add(&mut operation.responses.responses, kind);
            }
        }
    }
}

/// The names that `type` can have.
fn name_kinds(document: &mut OpenApi) {
    let schemas = document.components.get_or_insert_default();
    let schema = schemas.schemas.get_mut(&*ProblemDocument::name());
    if let Some(RefOr::T(Schema::Object(object))) = schema
        && let Some(RefOr::T(Schema::Object(kind))) = object.properties.get_mut("type")
    {
        let urn = |kind: &ProblemKind| format!("urn:identity:problem:{}", kind.name()).into();
        kind.enum_values = Some(ProblemKind::ALL.iter().map(urn).collect());
    }
}

fn of_form(operation: &Operation) -> Vec<ProblemKind> {
    let mut kinds = vec![Unavailable, TooLong, Forbidden];
    if operation.security.is_some() {
        kinds.extend([NotSignedIn, RequiredAction]);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        kinds.extend([Malformed, TooSlow, TooLarge]);
        if body.content.contains_key("application/json") {
            kinds.extend([NotJson, InvalidRequest]);
        }
    }
    let has = |place| {
        let of_place = |one: &RefOr<Parameter>| matches!(one, RefOr::T(parameter) if parameter.parameter_in == place);
        operation.parameters.iter().flatten().any(of_place)
    };
    kinds.extend(has(ParameterIn::Query).then_some(InvalidRequest));
    kinds.extend(has(ParameterIn::Path).then_some(NotFound));
    kinds
}

/// States one more kind. Kinds of the same status share a response.
fn add(responses: &mut BTreeMap<String, RefOr<Response>>, kind: ProblemKind) {
    let said = format!("`{}`: {}.", kind.name(), kind.title());
    match responses.entry(kind.status().as_str().to_owned()).or_insert_with(|| RefOr::T(problem())) {
        RefOr::T(response) if response.description.is_empty() => response.description = said,
        RefOr::T(response) if !response.description.contains(&said) => {
            response.description.push(' ');
            response.description.push_str(&said);
        }
        _ => {}
    }
}

fn problem() -> Response {
    let schema = utoipa::openapi::Ref::from_schema_name(ProblemDocument::name());
    ResponseBuilder::new().content("application/problem+json", Content::new(Some(schema))).build()
}
