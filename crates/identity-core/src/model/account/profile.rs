//! What people say of themselves, and how they want to be written to.

use std::collections::{BTreeMap, BTreeSet};

use crate::value::{Answer, FieldKey, NotificationKey, PhoneNumber, PictureName, ProfileText, TimeZone};

/// What somebody answered to the fields that the operator asks for.
pub type CustomFieldValues = BTreeMap<FieldKey, Answer>;

/// What a person says of themselves, beyond the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Profile {
    /// The phone number.
    pub phone: Option<PhoneNumber>,
    /// The department.
    pub department: Option<ProfileText>,
    /// The job title.
    pub job_title: Option<ProfileText>,
    /// The picture, if there is one.
    pub picture: Option<PictureName>,
    /// The fields that the operator asks for.
    pub answers: CustomFieldValues,
}

/// How a person wants to be written to. The language stands with the account itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Preferences {
    /// The time zone in which times are shown.
    pub time_zone: TimeZone,
    /// Which kinds of notifications are not to be mailed.
    pub silenced: BTreeSet<NotificationKey>,
}
