//! Choosing one company among many: a search that works without JavaScript, and its results.

use identity_core::{
    model::{access::Administrator, company::Company},
    value::CompanyId,
};

use crate::{app::App, pages::PageError, text::Texts, view::Choice, web::form::Form};

/// The field that is searched by.
pub(super) const QUERY: &str = "company_q";
/// What the results on the page were found by.
pub(super) const SEARCHED: &str = "company_searched";
/// The button that searches.
pub(super) const SEARCH: &str = "company_search";

/// The most companies that stand on a page at once.
const SHOWN: usize = 20;

/// The companies to choose from, as a form shows them.
#[derive(Default)]
pub(super) struct CompanyChoice {
    /// None where there is nothing to choose.
    pub(super) companies: Vec<Choice>,
    /// Whether there are too many to show them all: they are searched.
    pub(super) is_searched: bool,
    pub(super) query: String,
    /// Whether nothing was found by the query.
    pub(super) is_empty: bool,
    /// Whether there may be more than are shown.
    pub(super) is_cut: bool,
}

impl CompanyChoice {
    /// Every company where they are few; otherwise the chosen one, and what a query finds.
    pub(super) async fn of(
        app: &App,
        by: &Administrator,
        texts: &Texts,
        chosen: Option<CompanyId>,
        query: &str,
    ) -> Result<Self, PageError> {
        let flow = &app.flows().companies;
        let view = |company: &Company| {
            let hint = texts.with("company-since", &[("time", &texts.moment(company.created_at))]);
            Choice::new(&company.id, &company.name, Some(&hint))
        };
        let mut all = flow.search(by, "", SHOWN).await?;
        if !all.is_cut {
            // The own company comes first.
            all.items.sort_by_key(|company| company.id != by.account().company);
            let companies = if all.items.len() > 1 { all.items.iter().map(view).collect() } else { Vec::new() };
            return Ok(Self { companies, ..Self::default() });
        }
        let query = query.trim();
        let found = if query.is_empty() { Default::default() } else { flow.search(by, query, SHOWN).await? };
        let chosen = match chosen {
            Some(id) => flow.one(by, id).await?,
            None => None,
        };
        let others = found.items.iter().filter(|company| chosen.as_ref().is_none_or(|chosen| chosen.id != company.id));
        Ok(Self {
            companies: chosen.iter().chain(others).map(view).collect(),
            is_searched: true,
            query: query.to_owned(),
            is_empty: !query.is_empty() && found.items.is_empty(),
            is_cut: found.is_cut,
        })
    }
}

/// Whether a form asks for companies, and not yet for what its page is about: the button was pressed, or a text was typed that the
/// choice on the page does not come from.
pub(super) fn asks_for_companies(form: &Form) -> bool {
    let typed = form.get(QUERY).trim();
    form.is_ticked(SEARCH) || (!typed.is_empty() && typed != form.get(SEARCHED))
}
