//! Migrations, embedded, forward only.

mod define;
mod m0001_foundation;
mod m0002_catalogue_version;
mod m0003_lists_of_all_companies;
mod m0004_registration_and_recovery;
mod m0005_profile;
mod m0006_security_page;
mod m0007_grace_of_terms;
mod m0008_pictures;
mod m0009_setup;
mod m0010_own_data;
mod m0011_security_answers;
mod m0012_lists_and_sweeps;
mod m0013_session_epoch;
mod m0014_trusted_companies;
mod m0015_lists_by_every_filter;
mod m0016_time_zone_of_applications;
mod m0017_sessions_in_order;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, oldest first.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Foundation),
            Box::new(m0002_catalogue_version::CatalogueVersion),
            Box::new(m0003_lists_of_all_companies::ListsOfAllCompanies),
            Box::new(m0004_registration_and_recovery::RegistrationAndRecovery),
            Box::new(m0005_profile::Profile),
            Box::new(m0006_security_page::SecurityPage),
            Box::new(m0007_grace_of_terms::GraceOfTerms),
            Box::new(m0008_pictures::Pictures),
            Box::new(m0009_setup::Setup),
            Box::new(m0010_own_data::OwnData),
            Box::new(m0011_security_answers::SecurityAnswers),
            Box::new(m0012_lists_and_sweeps::ListsAndSweeps),
            Box::new(m0013_session_epoch::SessionEpoch),
            Box::new(m0014_trusted_companies::TrustedCompanies),
            Box::new(m0015_lists_by_every_filter::ListsByEveryFilter),
            Box::new(m0016_time_zone_of_applications::TimeZoneOfApplications),
            Box::new(m0017_sessions_in_order::SessionsInOrder),
        ]
    }
}
