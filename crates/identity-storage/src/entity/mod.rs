//! The rows as they stand in the tables. Times are microseconds since the Unix epoch; what decides identity is kept as bytes,
//! so that no collation of any database takes two spellings for one.

#[expect(unreachable_pub, reason = "sea-orm derives from items that are pub")]
pub(crate) mod rows {
    pub(crate) mod accounts {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "accounts")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: Uuid,
            pub company_id: Uuid,
            pub address: String,
            pub canonical: Vec<u8>,
            pub first_name: String,
            pub last_name: String,
            pub language: String,
            pub phone: Option<String>,
            pub department: Option<String>,
            pub job_title: Option<String>,
            pub picture: Option<String>,
            pub answers: Option<String>,
            pub time_zone: String,
            pub silenced: String,
            pub state: String,
            pub password: String,
            /// Nothing where a version wrote the row that did not know it yet: the password is as old as the account then.
            pub password_set_at: Option<i64>,
            pub password_ends_at: Option<i64>,
            pub required_actions: String,
            pub recovery_generation: i64,
            pub recovery_since: i64,
            /// Nothing where a version wrote the row that did not know it yet: the epoch is 0 then.
            pub session_epoch: Option<i64>,
            pub deletion_requested_at: Option<i64>,
            pub erase_at: Option<i64>,
            pub created_at: i64,
            pub version: i64,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(has_many = "super::grants::Entity")]
            Grants,
        }

        impl Related<super::grants::Entity> for Entity {
            fn to() -> RelationDef {
                Relation::Grants.def()
            }
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub(crate) mod grants {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "grants")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub account_id: Uuid,
            #[sea_orm(primary_key, auto_increment = false)]
            pub kind: String,
            #[sea_orm(primary_key, auto_increment = false)]
            pub entry: Vec<u8>,
            pub granted_by: Option<Uuid>,
            pub granted_at: i64,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(belongs_to = "super::accounts::Entity", from = "Column::AccountId", to = "super::accounts::Column::Id")]
            Account,
        }

        impl Related<super::accounts::Entity> for Entity {
            fn to() -> RelationDef {
                Relation::Account.def()
            }
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub(crate) mod sessions {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "sessions")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: Uuid,
            pub digest: Vec<u8>,
            pub account_id: Uuid,
            pub started_at: i64,
            pub used_at: i64,
            pub idle_seconds: i64,
            pub expires_at: i64,
            pub remembered: bool,
            pub network: Option<String>,
            pub device: Option<String>,
            pub proved_at: Option<i64>,
            pub epoch: Option<i64>,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(belongs_to = "super::accounts::Entity", from = "Column::AccountId", to = "super::accounts::Column::Id")]
            Account,
        }

        impl Related<super::accounts::Entity> for Entity {
            fn to() -> RelationDef {
                Relation::Account.def()
            }
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    macro_rules! table {
        ($module:ident, $table:literal, { $($(#[$attribute:meta])* $column:ident: $kind:ty,)+ }) => {
            pub(crate) mod $module {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, DeriveEntityModel)]
                #[sea_orm(table_name = $table)]
                pub struct Model {
                    $($(#[$attribute])* pub $column: $kind,)+
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {}

                impl ActiveModelBehavior for ActiveModel {}
            }
        };
    }

    // The table `grants` once more, with what it has of each account beside it: what lists are found by, and reads of accounts do
    // without.
    table!(listed, "grants", {
        #[sea_orm(primary_key, auto_increment = false)]
        account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        entry: Vec<u8>,
        granted_by: Option<Uuid>,
        granted_at: i64,
        // Of the account; the database keeps them in step. Nothing where a version wrote the row that did not know them yet.
        company_id: Option<Uuid>,
        state: Option<String>,
        canonical: Option<Vec<u8>>,
    });

    table!(change_sets, "change_sets", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        committed_at: i64,
    });

    table!(companies, "companies", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        name: String,
        created_at: i64,
        // Left out by the version before, whose companies count as trusted.
        is_trusted: Option<bool>,
        version: i64,
    });

    table!(catalogue, "catalogue", {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        entry: Vec<u8>,
        name: String,
        description: Option<String>,
        grantable_by: String,
        version: i64,
    });

    table!(terms, "terms", {
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        effective_at: i64,
        grace_seconds: Option<i64>,
    });

    table!(terms_texts, "terms_texts", {
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        language: String,
        body: String,
    });

    table!(acceptances, "acceptances", {
        #[sea_orm(primary_key, auto_increment = false)]
        account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        language: String,
        text_hash: Vec<u8>,
        accepted_at: i64,
    });

    table!(invitations, "invitations", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        company_id: Option<Uuid>,
        inviter_id: Option<Uuid>,
        address: Option<String>,
        canonical: Option<Vec<u8>>,
        pending_for: Option<Vec<u8>>,
        first_name: Option<String>,
        last_name: Option<String>,
        roles: String,
        subscriptions: String,
        language: String,
        note: Option<String>,
        lifetime_seconds: i64,
        starts_at_sending: bool,
        expires_at: i64,
        state: String,
        generation: i64,
        created_at: i64,
        opened_at: Option<i64>,
        renewal_requested_at: Option<i64>,
        account_id: Option<Uuid>,
        version: i64,
    });

    table!(registrations, "registrations", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        flow: Vec<u8>,
        address: String,
        canonical: Vec<u8>,
        first_name: String,
        last_name: String,
        company_name: String,
        country: String,
        language: String,
        answers: Option<String>,
        state: String,
        generation: i64,
        code_hash: Option<String>,
        code_expires_at: Option<i64>,
        code_tries: i64,
        password: Option<String>,
        terms_number: Option<i64>,
        terms_language: Option<String>,
        text_hash: Option<Vec<u8>>,
        time_zone: Option<String>,
        submitted_at: Option<i64>,
        account_id: Option<Uuid>,
        requested_at: i64,
        expires_at: i64,
        version: i64,
    });

    table!(retired_passwords, "retired_passwords", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        account_id: Uuid,
        hash: String,
        retired_at: i64,
    });

    table!(pictures, "pictures", {
        #[sea_orm(primary_key, auto_increment = false)]
        name: Vec<u8>,
        account_id: Uuid,
        bytes: Vec<u8>,
        created_at: i64,
    });

    table!(throttles, "throttles", {
        #[sea_orm(primary_key, auto_increment = false)]
        bucket: Vec<u8>,
        free_at: i64,
        failures: i64,
        expires_at: i64,
    });

    table!(links, "links", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        digest: Vec<u8>,
        subject_kind: String,
        subject_id: Uuid,
        generation: i64,
        address: Option<String>,
        issued_at: i64,
        expires_at: i64,
        spent_at: Option<i64>,
    });

    table!(notices, "notices", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        address: String,
        // Nothing where a version wrote the row that did not know it yet.
        canonical: Option<Vec<u8>>,
        language: String,
        topic: String,
        // What the topic names, of whatever kind. The column is called as it was when there were invitations only: the version
        // before writes it by that name.
        #[sea_orm(column_name = "invitation_id")]
        subject_id: Uuid,
        generation: Option<i64>,
        queued_at: i64,
        due_at: Option<i64>,
        attempts: i64,
        state: String,
        ticket: Option<Uuid>,
        last_error: Option<String>,
        settled_at: Option<i64>,
    });

    table!(audit_events, "audit_events", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        at: i64,
        action: String,
        actor_kind: String,
        actor_id: Option<Uuid>,
        subject_kind: String,
        subject_id: Option<String>,
        address_digest: Option<Vec<u8>>,
        network_digest: Option<Vec<u8>>,
        identity_check_digest: Option<Vec<u8>>,
        // The account whose security the event is about, where its person is to know of it.
        account_id: Option<Uuid>,
    });

    table!(audit_personal, "audit_personal", {
        #[sea_orm(primary_key, auto_increment = false)]
        event_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        salt: Vec<u8>,
        value: String,
    });

    table!(email_changes, "email_changes", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        account_id: Uuid,
        pending_for: Option<Uuid>,
        from_address: String,
        from_canonical: Vec<u8>,
        to_address: String,
        state: String,
        generation: i64,
        session_id: Uuid,
        requested_at: i64,
        expires_at: i64,
        undo_until: i64,
        version: i64,
    });

    table!(setups, "setups", {
        #[sea_orm(primary_key, auto_increment = false)]
        account_id: Uuid,
        #[sea_orm(column_type = "Text")]
        steps: String,
        finished_at: Option<i64>,
        version: i64,
    });
    table!(security_answers, "security_answers", {
        #[sea_orm(primary_key, auto_increment = false)]
        account_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        question: Vec<u8>,
        hash: String,
        place: i64,
        set_at: i64,
        given_at: Option<i64>,
    });
    table!(erased_accounts, "erased_accounts", {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        company_id: Uuid,
        created_at: i64,
        erased_at: i64,
    });
}
